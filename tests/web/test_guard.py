"""What stands before every page: headers, names, forms that are not ours, sizes."""

import re
from pathlib import Path

import pytest

from tests.web.house import WebHouse, words
from veilleuse.config import ConfigInvalid
from veilleuse.ports import StoreUnavailable

POSTS = (
    *("/sign-out", "/freeze", "/thaw", "/alerts/acknowledge", "/drop", "/drop/x"),
    *(f"/accounts/acme-x/{deed}" for deed in ("sign", "veto", "release")),
)
ANY = ("/", "/sign-in", "/healthz", "/static/style.css", "/nothing", "/accounts/nobody", "/images/x")


@pytest.mark.parametrize("path", ANY)
def test_every_answer_tells_browsers_what_they_must_not_do(house: WebHouse, path: str) -> None:
    headers = house.signed_in().get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_no_page_holds_a_script_or_a_style_of_its_own(house: WebHouse) -> None:
    browser = house.signed_in()
    for path in ("/", "/accounts/acme-x", "/alerts", "/history", "/freeze", "/drop", "/sign-in", "/nothing"):
        page = browser.get(path).text.lower()
        for forbidden in ("<script", "style=", "<style", "onclick", "javascript:", "http-equiv"):
            assert forbidden not in page, (path, forbidden)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_without_this_visit_s_token_changes_nothing(house: WebHouse, path: str, token: str) -> None:
    answer = house.signed_in().client.post(path, data={"token": token, "scope": "all", "reason": "an attack"})
    assert answer.status_code == 403
    assert house.store.freezes(house.clock.now()) == []


def test_the_token_of_another_visit_is_no_token(house: WebHouse) -> None:
    other = house.signed_in("anna").token("/freeze")
    answer = house.signed_in("claire").post("/freeze", token=other, scope="all", reason="x")
    assert answer.status_code == 403


def test_a_form_that_a_browser_says_another_site_sent_is_refused_whatever_it_carries(house: WebHouse) -> None:
    browser = house.signed_in()
    fields = {"token": browser.token("/freeze"), "scope": "all", "reason": "x"}
    for site in ("cross-site", "same-site"):
        assert browser.client.post("/freeze", data=fields, headers={"sec-fetch-site": site}).status_code == 403
    assert browser.client.post("/freeze", data=fields, headers={"sec-fetch-site": "same-origin"}).status_code == 303


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8080", "127.0.0.1.evil.test", ""])
def test_a_rebound_name_is_not_answered(house: WebHouse, host: str) -> None:
    browser = house.signed_in()
    answer = browser.client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "acme" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:8080", "LOCALHOST:1"])
def test_this_machine_s_own_names_are(house: WebHouse, host: str) -> None:
    assert house.signed_in().client.get("/healthz", headers={"host": host}).status_code == 200


def test_behind_a_proxy_the_address_of_the_configuration_is_its_name(tmp_path: Path) -> None:
    house = WebHouse(tmp_path, web='listen = "127.0.0.1:8080"\naddress = "https://status.acme.test/"')
    assert house.browser(base="http://status.acme.test").get("/healthz").status_code == 200
    assert house.browser(base="http://acme.test").get("/healthz").status_code == 421


def test_more_than_a_form_holds_is_not_read(house: WebHouse) -> None:
    browser = house.signed_in()
    fields = {"token": browser.token("/freeze"), "scope": "all", "reason": "x" * 200_000}
    assert browser.client.post("/freeze", data=fields).status_code == 413
    chunks = (b"x" * 50_000 for _ in range(10))  # nobody says how long it is
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/freeze", content=chunks, headers=kind).status_code == 413


@pytest.mark.parametrize("path", ["//evil.test/", "//evil.test/accounts", "/%2F/evil.test", "///evil.test"])
def test_no_address_makes_a_page_that_links_to_another_site(house: WebHouse, path: str) -> None:
    page = house.signed_in().get(f"http://127.0.0.1:8080{path}")
    assert page.status_code == 404
    assert not re.search(r'(href|action)="(//|[^/"#])', page.text)


def test_a_damaged_form_is_no_crash(house: WebHouse) -> None:
    browser = house.signed_in()
    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert browser.client.post("/drop", content=b"--b\r\nnonsense", headers=kind).status_code in (400, 403)


def test_a_wrong_way_of_asking_is_told_apart_from_a_crash(house: WebHouse) -> None:
    browser = house.signed_in()
    assert browser.get("/nothing").status_code == 404
    assert browser.get("/sign-out").status_code == 405
    assert browser.client.put("/freeze").status_code == 405
    assert browser.get("/static/../app.py").status_code == 404
    assert browser.get("/static/%2e%2e/app.py").status_code == 404
    assert browser.get("/images/" + "0" * 64).status_code == 404


def test_while_the_database_is_away_the_page_says_so(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in()

    def away(*args: object) -> None:
        raise StoreUnavailable("postgresql://user:s3cret@db: no route")

    monkeypatch.setattr(house.store, "states", away)
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "The database does not answer" in words(answer)
    assert "s3cret" not in answer.text


def test_health_is_told_without_signing_in(house: WebHouse) -> None:
    browser = house.browser()
    assert browser.get("/healthz").json() == {"status": "ok"}
    house.unwell.append("the last alert did not arrive")
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json()["unwell"]) == (503, ["the last alert did not arrive"])


def test_a_page_for_the_network_needs_somebody_who_can_sign_in(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="nobody could sign in"):
        WebHouse(tmp_path, web='listen = "0.0.0.0:8080"', people="[people.claire]\n[people.anna]\n")
    assert WebHouse(tmp_path, web='listen = "0.0.0.0:8080"').settings.web.loopback is False


def test_a_header_is_believed_only_from_named_proxies(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="would be believed from nobody"):
        WebHouse(tmp_path, web='listen = "127.0.0.1:8080"\nuser_header = "Remote-User"')
    with pytest.raises(ConfigInvalid, match="is no address"):
        WebHouse(tmp_path, web='listen = "127.0.0.1:8080"\ntrusted_proxies = ["proxy.acme.test"]')
