"""Signing in: who may, who waits, what ends it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from structlog.testing import capture_logs

from tests.web.house import PASSWORD, PEOPLE, WebHouse, words
from veilleuse.entrypoints.web import patience
from veilleuse.entrypoints.web.visit import LASTS

PAGES = ("/", "/accounts/acme-x", "/alerts", "/history", "/freeze", "/drop")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_before_somebody_signs_in(house: WebHouse, path: str) -> None:
    answer = house.browser().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


def test_who_signs_in_sees_every_page_and_is_named_on_it(house: WebHouse) -> None:
    browser = house.signed_in()
    for path in PAGES:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "claire" in words(answer)


@pytest.mark.parametrize(
    ("name", "password"),
    [("claire", "wrong"), ("nobody", PASSWORD), ("paul", PASSWORD), ("paul", ""), ("", ""), ("claire", "x" * 5000)],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(house: WebHouse, name: str, password: str) -> None:
    browser = house.browser()
    answer = browser.sign_in(name, password)
    assert answer.status_code == 403
    assert "do not belong together" in words(answer)
    assert browser.get("/").status_code == 303


def test_a_name_that_does_not_exist_costs_a_check_as_well(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    from veilleuse.entrypoints.web import signing_in

    checked: list[str] = []

    class Counting:
        def verify(self, held: str, password: str) -> bool:
            checked.append(held)
            return True

    monkeypatch.setattr(signing_in, "_hasher", Counting())
    assert house.browser().sign_in("nobody").status_code == 403
    assert house.browser().sign_in("paul").status_code == 403
    assert len(checked) == 2


def test_sign_in_goes_on_to_the_page_asked_for_and_never_to_another_site(house: WebHouse) -> None:
    for wanted, reached in {
        "/alerts": "/alerts",
        "//evil.test": "/",
        "https://evil.test": "/",
        "/\\evil.test": "/",
        "/\tevil": "/",
    }.items():
        browser = house.browser()
        token = browser.token()
        fields = {"token": token, "name": "claire", "password": PASSWORD, "next": wanted}
        assert browser.client.post("/sign-in", data=fields).headers["location"] == reached


def test_guessing_ends_after_five_wrong_passwords_for_that_address_and_name_alone(house: WebHouse) -> None:
    guesser = house.browser(peer="10.0.0.9")
    for _ in range(patience.NAME_MAY):
        assert guesser.sign_in("claire", "guess").status_code == 403
    refused = guesser.sign_in("claire")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert "Try again in 15 minutes" in words(refused)
    assert house.browser(peer="10.0.0.7").sign_in("claire").status_code == 303  # she herself is not locked out
    house.hands.at += patience.WITHIN + 1
    assert guesser.sign_in("claire").status_code == 303


def test_guesses_that_come_together_are_counted_like_those_that_follow_each_other(
    house: WebHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: PasswordHasher, held: str, password: str) -> bool:
        sleep(0.02)
        raise VerificationError

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    guessers = [house.browser(peer="10.0.0.9") for _ in range(12)]
    for guesser in guessers:
        guesser.token()
    with ThreadPoolExecutor(12) as together:
        answers = list(together.map(lambda guesser: guesser.sign_in("claire", "guess").status_code, guessers))
    assert sorted(answers) == [403] * patience.NAME_MAY + [429] * (12 - patience.NAME_MAY)


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.9", "10.0.0.9", True),
        ("::ffff:10.0.0.9", "::ffff:10.0.0.8", False),
        ("10.0.0.9", "10.0.0.8", False),
        ("unknown", "nowhere", False),
    ],
)
def test_a_network_of_ipv6_waits_like_one_address_since_any_machine_has_all_of_it(
    first: str, second: str, near: bool
) -> None:
    patient = patience.Patience()
    for _ in range(patience.NAME_MAY):
        patient.failed(first, "claire")
    assert (patient.wait(second, "claire") > 0) is near


def test_a_name_without_end_is_not_remembered(house: WebHouse) -> None:
    house.browser().sign_in("n" * 90_000, "guess")
    assert max(len(part) for key in house.site.patience._failures for part in key) < 100


def test_what_was_typed_for_a_name_is_in_no_log_unless_it_is_one(house: WebHouse) -> None:
    with capture_logs() as logs:
        house.browser().sign_in("hunter2-canary", "claire")
        house.browser().sign_in("Claire", "guess")
    assert [(log["event"], log["name"]) for log in logs] == [
        ("page.sign_in_refused", None),
        ("page.sign_in_refused", "claire"),
    ]


def test_an_address_that_tries_many_names_waits_too(house: WebHouse) -> None:
    guesser = house.browser(peer="10.0.0.9")
    for number in range(patience.ADDRESS_MAY):
        assert guesser.sign_in(f"name-{number}", "guess").status_code == 403
    assert guesser.sign_in("anna").status_code == 429


def test_a_changed_password_ends_the_sessions_of_the_old_one(house: WebHouse) -> None:
    browser = house.signed_in()
    other = PEOPLE.replace("$argon2id$v=19$m=8,t=1,p=1$", "$argon2id$v=19$m=8,t=2,p=1$")
    changed = WebHouse(house.folder, people=other)
    held = changed.browser()
    held.client.cookies = browser.client.cookies
    assert held.get("/").status_code == 303


def test_who_signs_out_is_out(house: WebHouse) -> None:
    browser = house.signed_in()
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert browser.get("/").status_code == 303


def test_signing_in_begins_a_new_visit_so_that_nobody_can_have_planted_it(house: WebHouse) -> None:
    browser = house.browser()
    browser.token()
    before = browser.client.cookies["veilleuse"]
    browser.sign_in("claire")
    assert browser.client.cookies["veilleuse"] != before


def test_the_cookie_is_for_this_site_and_no_script(house: WebHouse) -> None:
    cookie = house.browser().get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Max-Age={LASTS}" in cookie
    assert "Secure" not in cookie


def test_behind_https_the_cookie_is_sent_by_https_only(tmp_path: Path) -> None:
    house = WebHouse(tmp_path, web='listen = "127.0.0.1:8080"\naddress = "https://status.acme.test"')
    answer = house.browser(base="http://status.acme.test").get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "eyJpZCI6MX0.x.y", "💥", "A" * 5000])
def test_a_cookie_that_is_not_ours_is_nobody(house: WebHouse, cookie: str) -> None:
    answer = house.browser().client.get("/", headers=[(b"cookie", f"veilleuse={cookie}".encode())])
    assert answer.status_code == 303


def test_a_cookie_of_another_key_is_nobody(house: WebHouse) -> None:
    browser = house.signed_in()
    house.site = replace(house.site, key=b"another" * 5)
    other = house.browser()
    other.client.cookies = browser.client.cookies
    assert other.get("/").status_code == 303


PROXY = 'listen = "127.0.0.1:8080"\ntrusted_proxies = ["10.1.0.0/16"]\nuser_header = "Remote-User"'


def test_a_trusted_proxy_says_who_is_asking_and_nobody_else_can(tmp_path: Path) -> None:
    house = WebHouse(tmp_path, web=PROXY, people=PEOPLE.replace("password", "#"))
    named = {"remote-user": "Claire"}
    assert "claire" in words(house.browser(peer="10.1.2.3").get("/", headers=named))
    assert house.browser(peer="10.2.2.3").get("/", headers=named).status_code == 401
    assert house.browser(peer="10.1.2.3").get("/").status_code == 401
    stranger = house.browser(peer="10.1.2.3").get("/", headers={"remote-user": "<b>eve"})
    assert stranger.status_code == 403
    assert "you are <b>eve, whom the configuration does not know" in words(stranger)


def test_behind_a_proxy_patience_counts_the_address_it_forwards(tmp_path: Path) -> None:
    house = WebHouse(tmp_path, web=f"{PROXY}\n")
    browser = house.browser(peer="10.1.2.3")
    token = browser.token()
    fields = {"token": token, "name": "claire", "password": "wrong"}
    for _ in range(patience.NAME_MAY):
        browser.client.post("/sign-in", data=fields, headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"})
    assert browser.client.post("/sign-in", data=fields, headers={"x-forwarded-for": "203.0.113.9"}).status_code == 429
    assert browser.client.post("/sign-in", data=fields, headers={"x-forwarded-for": "203.0.113.8"}).status_code == 403


def test_where_nobody_can_sign_in_this_machine_may_look_and_nobody_acts(tmp_path: Path) -> None:
    house = WebHouse(tmp_path, people=PEOPLE.replace("password", "#"))
    browser = house.browser()
    page = browser.get("/")
    assert page.status_code == 200
    assert "to look only" in words(page)
    assert 'name="reason"' not in browser.get("/freeze").text
    token = house.signed_out_token(browser)
    answer = browser.post("/freeze", token=token, scope="all", reason="x")
    assert answer.status_code == 403
    assert house.store.freezes(house.clock.now()) == []


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
@pytest.mark.parametrize("path", [*PAGES, "/images/" + "0" * 64])
def test_where_nobody_can_sign_in_nobody_looks_through_a_proxy(tmp_path: Path, path: str, header: str) -> None:
    web = 'listen = "127.0.0.1:8080"\naddress = "https://status.acme.example"'
    house = WebHouse(tmp_path, web=web, people=PEOPLE.replace("password", "#"))
    answer = house.browser(base="https://status.acme.example").get(path, headers={header: "203.0.113.9"})
    assert answer.status_code == 403
    assert "acme-x" not in answer.text
    assert "veilleuse passwd" in words(answer)
    house.place.close()


def test_the_door_speaks_the_language_of_the_browser_and_then_that_of_the_person(house: WebHouse) -> None:
    door = house.browser().get("/sign-in", headers={"accept-language": "fr-CH, en;q=0.8"})
    assert '<html lang="fr">' in door.text
    assert '<html lang="en">' in house.browser().get("/sign-in", headers={"accept-language": "de"}).text
    assert '<html lang="fr">' in house.signed_in("anna").get("/").text
