"""Every page as browsers show it: nothing overflows, nothing an examination by axe finds, in both languages."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.hands import Setting, hands
from tests.web.house import PASSWORD, WebHouse

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PAGES = ("/", "/accounts/acme-x", "/alerts", "/history", "/history?list=deeds", "/freeze", "/drop", "/nothing")


def sign_in(page: Page, address: str, name: str = "claire") -> None:
    page.goto(f"{address}/sign-in")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("button.main").click()
    page.wait_for_url(f"{address}/")


def examine(page: Page) -> list[str]:
    """What axe finds wrong, a line each."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{each['id']}: {node['html'][:150]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("name", ["claire", "anna"])
def test_every_page_fits_and_is_clean(page: Page, address: str, setting: Setting, house: WebHouse, name: str) -> None:
    scripts = setting.context.get("java_script_enabled", True)
    page.goto(f"{address}/sign-in")
    if scripts:
        assert examine(page) == []
    sign_in(page, address, name)
    for path in PAGES:
        if path == "/nothing":
            continue
        page.goto(f"{address}{path}")
        assert page.locator("h1").count() == 1
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"
        if scripts:
            assert examine(page) == [], path


def test_the_verdicts_fit_and_are_clean(page: Page, address: str, setting: Setting, house: WebHouse) -> None:
    sign_in(page, address)
    page.goto(f"{address}/drop?account=acme-x")
    page.locator("#text").fill("id;texte\nneige;Il neige. Et chez vous ?\ntrop;" + "x" * 300)
    hands(page, setting).press("button", "Show the verdicts")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    if setting.context.get("java_script_enabled", True):
        assert examine(page) == []
