"""What the pages show."""

from datetime import timedelta

import pytest

from tests.contracts.samples import an_attempt, guard
from tests.web.house import NOW, WebHouse
from veilleuse.domain.alert import Alert, Condition, Finding
from veilleuse.domain.content import SyncChange
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.domain.post import Image, Post, Source
from veilleuse.language import sentence

XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def opened(
    house: WebHouse, account: str = "acme-x", text: str = "", condition: Condition = Condition.LIMIT_PASSED
) -> None:
    finding = Finding(
        condition=condition,
        account=account,
        subject="",
        text=text or sentence("{account} has been silent for too long.", account=account),
        remedy="Post by hand.",
        person="claire",
    )
    alert = Alert(id=0, finding=finding, strikes=1, opened_at=NOW, seen_at=NOW)
    house.store.save_alerts(opened=[alert], updated=[], told=[], now=NOW)


def test_the_worst_account_comes_first_with_its_reason(house: WebHouse) -> None:
    house.seen("acme-x", 2)
    house.seen("acme-facebook", 9)
    house.seen("acme-uk", 4)
    page = house.signed_in().words("/")
    assert "1 of 3 accounts needs somebody" in page
    assert page.index("acme-facebook") < page.index("acme-uk") < page.index("acme-x")
    assert "Silent for 9 days of 7 days" in page
    assert "Nos horaires d'hiver" in page  # what it says next


def test_an_account_with_an_urgent_alert_comes_before_all_others(house: WebHouse) -> None:
    for account, days in {"acme-x": 1, "acme-facebook": 9, "acme-uk": 4}.items():
        house.seen(account, days)
    opened(house, condition=Condition.NOTHING_ELIGIBLE)
    page = house.signed_in().words("/")
    assert page.index("acme-x") < page.index("acme-facebook")
    assert "acme-x has been silent for too long. Post by hand." in page


def test_each_state_has_a_flame_of_its_own_and_a_word_for_those_who_do_not_see_it(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    house.seen("acme-facebook", 5)
    house.store.freeze(Freeze(account="acme-uk", origin=COMMAND, by="claire", reason="a recall", since=NOW, until=None))
    house.seen("acme-uk", 2)
    page = house.signed_in().get("/").text
    for state, word in {"alive": "alive", "quiet": "quiet", "frozen": "frozen"}.items():
        assert f'class="flame {state}"' in page
        assert f'aria-label="{word}"' in page


def test_accounts_are_found_by_name_and_by_state(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    house.seen("acme-facebook", 9)
    browser = house.signed_in()
    assert "acme-facebook" not in browser.words("/?q=ACME-X")
    assert "acme-x" not in browser.words("/?state=past")
    assert "No account looks like that." in browser.words("/?q=zzz")
    assert browser.get("/?page=99999999999999999999&state=%27&q=%00").status_code == 200


def test_an_account_shows_its_queue_as_the_network_will_and_its_drafts(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    page = house.signed_in().words("/accounts/acme-x")
    assert "1 draft to sign" in page
    assert "Un brouillon : vos vœux ?" in page
    assert "Sign as claire" in page
    assert "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ? 55 of 280 characters" in page
    assert "speaks next" in page


def test_the_year_tells_hands_from_veilleuse_and_names_the_silences(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    house.seen("acme-x", 46)
    house.seen("acme-x", 47)
    page = house.signed_in()
    assert "In the last 53 weeks: 3 posts by hand, 0 by veilleuse." in page.get("/accounts/acme-x").text
    words = page.words("/accounts/acme-x")
    assert "45 days" in words
    assert "beyond the limit · a problem" in words


def test_an_image_is_shown_as_it_will_be_sent(house: WebHouse) -> None:
    sha = "a" * 64
    image = Image(sha256=sha, media_type="image/png", size=len(PNG), name="p.png")
    post = Post(
        account="acme-x", id="p", text="Une image", source=Source(file="f.toml", line=1), image=image, alt="Un four"
    )
    house.store.apply(SyncChange(upserts=(post,), images={sha: PNG}), NOW)
    browser = house.signed_in()
    assert 'alt="Un four"' in browser.get("/accounts/acme-x").text
    answer = browser.get(f"/images/{sha}")
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert house.browser().get(f"/images/{sha}").status_code == 303


def test_what_is_no_image_is_never_served_from_the_image_s_address(house: WebHouse) -> None:
    sha = "b" * 64
    image = Image(sha256=sha, media_type="image/png", size=9, name="p.png")
    post = Post(account="acme-x", id="p", text="?", source=Source(file="f.toml", line=1), image=image)
    house.store.apply(SyncChange(upserts=(post,), images={sha: b"<script>x</script>"}), NOW)
    assert house.signed_in().get(f"/images/{sha}").status_code == 404


def test_nothing_that_people_or_networks_wrote_is_read_as_markup(house: WebHouse) -> None:
    post = Post(
        account="acme-x",
        id="evil",
        text=XSS,
        source=Source(file=f"{XSS}.toml", line=1),
        link=f"https://acme.test/{XSS}",
        approved_by="claire",
    )
    draft = Post(account="acme-x", id="evil2", text=XSS, source=Source(file="f", line=1))
    house.store.apply(SyncChange(upserts=(post, draft)), NOW)
    house.seen("acme-x", 1, XSS, url="javascript:alert(1)")
    house.store.freeze(Freeze(account="", origin=f"STOP {XSS}", by=XSS, reason=XSS, since=NOW, until=None))
    opened(house, text=XSS)
    browser = house.signed_in()
    paths = ("/", "/accounts/acme-x", "/alerts", "/freeze", "/history", f"/?q={XSS}", f"/history?said={XSS}")
    for path in paths:
        page = browser.get(path).text
        assert "<script>" not in page, path
        assert "<img src=x" not in page, path
        assert "javascript:" not in page, path
        assert ">49<" not in page, path


def test_what_was_done_last_is_said_on_the_next_page_and_nobody_else_can_make_it_say_anything(house: WebHouse) -> None:
    browser = house.signed_in()
    told = browser.post("/freeze", scope="all", reason="x").headers["location"]
    assert "Frozen. Nothing is said" in browser.words(told)
    assert "Frozen. Nothing is said" not in house.signed_in("anna").words(told)
    for forged in ("Call+0800", "WyIiLCJDYWxsIl0.x", "%00", told.partition("=")[2][:-1]):
        assert 'role="status"' not in browser.get(f"/?said={forged}").text


def test_what_is_perhaps_published_is_told_on_its_account_and_in_the_history(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    house.store.bind("acme-x", "42")
    post = next(c.post for c in house.store.candidates("acme-x") if c.post.id == "hiver")
    house.store.ring(["acme-x"], NOW)
    house.store.claim_due("me", NOW, 9)
    house.store.open_attempt(an_attempt("a1", post, at=NOW), guard(NOW, daemon="me"))
    browser = house.signed_in()
    page = browser.words("/accounts/acme-x")
    assert "Perhaps published Nos horaires d'hiver" in page
    assert "it is under way" in page
    assert "acme-x/hiver: Nos horaires d'hiver" in browser.words("/history")


@pytest.mark.parametrize("path", ["/", "/accounts/acme-x", "/freeze", "/drop", "/alerts", "/history"])
def test_every_field_has_a_label_and_every_page_one_heading(house: WebHouse, path: str) -> None:
    import re

    page = house.signed_in().get(path).text
    assert len(re.findall(r"<h1", page)) == 1
    assert page.count("<main") == 1
    for field in re.findall(r"<(?:input|select|textarea)([^>]*)>", page):
        if 'type="hidden"' not in field:
            name = re.search(r'id="([^"]+)"', field)
            assert name is not None, field
            assert f'for="{name[1]}"' in page, field


def test_a_thousand_accounts_come_by_pages(house: WebHouse) -> None:
    from dataclasses import replace

    account = house.accounts["acme-x"]
    many = {f"a-{n:03}": replace(account, name=f"a-{n:03}", identity=str(n)) for n in range(60)}
    house.store.register(many.values(), NOW)
    house.site = replace(house.site, accounts=many)
    browser = house.signed_in()
    assert "Page 1 of 3, 60 accounts" in browser.words("/")
    assert 'href="/?page=2&amp;q=&amp;state="' in browser.get("/").text
    assert "Page 3 of 3" in browser.words("/?page=7")


def test_history_tells_what_was_said_who_approved_and_who_did_what(house: WebHouse) -> None:
    browser = house.signed_in()
    browser.post("/freeze", scope="account:acme-x", reason="a recall")
    house.clock.advance(timedelta(minutes=1))
    assert "claire approved acme-x/hiver · named in the file" in browser.words("/history?list=approvals")
    assert "claire froze acme-x a recall" in browser.words("/history?list=deeds")
    assert "Nothing yet." in browser.words("/history?list=deeds&account=acme-uk")
    assert browser.get("/history?list=%00&account=%00&limit=-1").status_code == 200
