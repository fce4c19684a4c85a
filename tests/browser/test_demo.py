"""The page open beside the demo, as a real process: what is done there takes effect on the demo's clock."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.hands import Hands, Keys

PATIENCE = 60.0  # seconds


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    out = (tmp_path / "out").open("w+", encoding="utf-8")
    env = os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([sys.executable, "-m", "veilleuse", "demo"], cwd=tmp_path, env=env, stdout=out)
    try:
        deadline = time.monotonic() + PATIENCE
        while (found := re.search(r"http://127\.0\.0\.1:\d+ \(sign", (tmp_path / "out").read_text("utf-8"))) is None:
            assert process.poll() is None, (tmp_path / "out").read_text("utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield found[0].split(" ")[0]
    finally:
        process.terminate()
        process.wait(PATIENCE)
        out.close()


@pytest.mark.parametrize("kind", [Hands, Keys], ids=["mouse", "keyboard"])
def test_an_account_is_kept_alive_signed_for_vetoed_and_frozen_while_one_watches(
    chromium: Browser, demo: str, kind: type[Hands]
) -> None:
    page = chromium.new_page()
    by = kind(page)

    def until(path: str, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        page.goto(f"{demo}{path}")
        while text not in page.locator("main").inner_text():
            assert time.monotonic() < deadline, page.locator("main").inner_text()
            time.sleep(0.5)
            page.reload()

    page.goto(demo)
    by.write("Name", "claire")
    by.write("Password", "flamme")
    by.press("button", "Sign in")
    until("/history", "Nos horaires d'hiver")  # kept alive by itself

    page.goto(f"{demo}/accounts/atelier-facebook")
    by.press("button", "Sign parapluie")
    until("/history", "Un parapluie se répare")

    page.goto(f"{demo}/accounts/boulangerie-facebook")
    by.press("fold", "Veto four")
    by.write("Why (if you like)", "the oven is broken")
    by.press("button", "Do not say this")
    until("/accounts/boulangerie-facebook", "the oven is broken")
    until("/", "Une idée pour un pain du mois")  # the next one has moved up

    page.goto(f"{demo}/drop?account=atelier-x")
    by.write("Or paste: one text, or rows with their headings", "texte;approuvé par\nLe violet arrive. Oui ?;claire")
    by.press("button", "Show the verdicts")
    by.press("button", "Let them enter")
    until("/history", "Le violet arrive. Oui ?")

    page.goto(f"{demo}/freeze")
    by.choose("Who is to be silent", "boulangerie-x")
    by.write("Why", "recall of the rye bread")
    by.press("button", "Freeze now")
    until("/", "recall of the rye bread")
    by.press("link", "Freeze", within="header")
    by.press("button", "Thaw boulangerie-x")
    until("/history?list=deeds", "thawed")
    page.close()
