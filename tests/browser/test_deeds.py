"""A morning of Claire's, by mouse, by finger, by keyboard alone, without scripts: all of it takes effect."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.hands import Setting, hands
from tests.web.house import PASSWORD, WebHouse
from veilleuse.domain.deed import Act


def test_a_morning_on_the_page(page: Page, address: str, setting: Setting, house: WebHouse, tmp_path: Path) -> None:
    by, store = hands(page, setting), house.store
    page.goto(address)
    by.write("Name", "claire")
    by.write("Password", PASSWORD)
    by.press("button", "Sign in")
    expect(page.get_by_role("heading", level=1)).to_contain_text("accounts need")

    by.press("link", "acme-x", within=".cards")
    by.press("button", "Sign voeux")
    expect(page.get_by_role("status")).to_contain_text("voeux is signed by claire.")
    assert all(c.post.approved_by == "claire" for c in store.candidates("acme-x"))

    by.press("fold", "Veto hiver")
    by.write("Why (if you like)", "not now")
    by.press("button", "Do not say this")
    expect(page.get_by_role("status")).to_contain_text("hiver is vetoed by claire")
    assert [veto.post_id for veto in store.vetoes("acme-x")] == ["hiver"]
    by.press("button", "Take the veto on hiver back")
    assert store.vetoes("acme-x") == []

    by.press("link", "Freeze", within="header")
    by.choose("Who is to be silent", "acme-x")
    by.write("Why", "recall of the blue tins")
    by.press("button", "Freeze now")
    expect(page.get_by_role("status")).to_contain_text("Frozen.")
    (freeze,) = store.freezes(house.clock.now())
    assert (freeze.account, freeze.by, freeze.reason) == ("acme-x", "claire", "recall of the blue tins")
    by.press("button", "Thaw acme-x")
    assert store.freezes(house.clock.now()) == []

    file = tmp_path / "posts.csv"
    file.write_text("id;texte\nneige;Il neige. Et chez vous ?\n", encoding="utf-8")
    by.press("link", "Drop", within="header")
    by.choose("For", "acme-x")
    by.give("A file", file)
    by.press("button", "Show the verdicts")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 post can enter")
    by.press("button", "Let them enter")
    expect(page.get_by_role("status")).to_contain_text("Written as acme-x/2026-11-20-posts.csv")
    house.sync()
    assert "neige" in {c.post.id for c in store.candidates("acme-x")}

    by.press("link", "Alerts", within="header")
    page.locator("main form button").first.wait_for()
    by.press("button", page.locator("main form button").first.get_attribute("aria-label") or "")
    expect(page.locator("main")).to_contain_text("Seen by claire")

    by.press("link", "History", within="header")
    by.press("link", "Who did what")
    deeds = [deed.act for deed in reversed(store.deeds())]
    assert deeds == [
        Act.APPROVED,
        Act.VETOED,
        Act.RELEASED,
        Act.FROZE,
        Act.THAWED,
        Act.DROPPED,
        Act.ACKNOWLEDGED,
    ]
    by.press("button", "Sign out")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
