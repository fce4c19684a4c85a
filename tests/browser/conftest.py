"""A real Chromium, and a house whose page it looks at. Run by name: `make test-browser`."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.hands import SETTINGS, Setting
from tests.web.house import WebHouse
from tests.web.test_pages import opened
from veilleuse.entrypoints.web.server import serving

CHROMIUM = os.environ.get("VEILLEUSE_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    made = WebHouse(tmp_path)
    made.seen("acme-x", 2, "Bonjour à tous")
    made.seen("acme-x", 30)
    made.seen("acme-facebook", 9)
    made.seen("acme-uk", 4)
    opened(made)
    with closing(made.place):
        yield made


@pytest.fixture
def address(house: WebHouse) -> Iterator[str]:
    with serving(house.site, ("127.0.0.1", 0)) as where:
        yield where


@pytest.fixture(params=SETTINGS, ids=lambda setting: setting.name)
def setting(request: pytest.FixtureRequest) -> Setting:
    found: Setting = request.param
    return found


@pytest.fixture
def page(chromium: Browser, setting: Setting) -> Iterator[Page]:
    """One tab; anything its console complains of fails the test."""
    context = chromium.new_context(**setting.context)
    complaints: list[str] = []
    tab = context.new_page()
    tab.set_default_timeout(10_000)
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert not complaints
