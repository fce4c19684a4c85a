"""What is Facebook's own: a pinned version, the Page's token, others' posts and odd dates, and what each code means."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import structlog
from facebook_business.adobjects.page import Page
from facebook_business.api import FacebookAdsApi

from tests.contracts.stage import IMAGE, PNG, SandboxStage, SteppedClock
from tests.loopback import Loopback, http, loopback
from veilleuse.adapters.networks import facebook
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import (
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.rule import Rule
from veilleuse.ports import Network
from veilleuse.sandbox import Sandbox

PAGE = "1234567890"
SECRETS = {"page_token": "EAAtoken"}
ACCOUNT = Account(name="acme-facebook", network="facebook", identity=PAGE, owner="claire", rule=Rule())
JSON = "Content-Type: application/json; charset=UTF-8"


def open_at(url: str) -> Any:
    return facebook.connect(replace(ACCOUNT, options={"base_url": url}), SECRETS, read_deadline=5, send_deadline=5)


def ok(body: object, *headers: str) -> bytes:
    return http("200 OK", json.dumps(body).encode(), JSON, "Date: Fri, 20 Nov 2026 09:00:00 GMT", *headers)


def post(number: int, at: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{PAGE}_{number}", "created_time": at, "message": f"numéro {number}", **more}


# --- what is sent ---------------------------------------------------------------------------------------------------


def sent_to_feed(payload: Payload, prepared: Mapping[str, str]) -> tuple[Loopback, dict[str, str]]:
    with loopback([ok({"id": f"{PAGE}_1"})]) as server, open_at(server.url) as network:
        network.publish(PAGE, payload, prepared, "key")
    return server, {name: values[0] for name, values in parse_qs(server.bodies[0].decode()).items()}


def test_each_parameter_is_one_that_facebook_documents() -> None:
    """Against the tables of Meta's own library, facebook-business."""
    FacebookAdsApi.init(access_token="none")
    _, fields = sent_to_feed(Payload(text="Bonjour", link="https://acme.fr"), {"photo_id": "9"})
    sent = {name.removesuffix("[0]") for name in fields} - {"access_token"}
    feed = Page(PAGE).create_feed(pending=True)._param_checker
    assert {name: feed.get_type(name) for name in sent} == {
        "message": "string",
        "link": "string",
        "attached_media": "list<Object>",
    }
    with loopback([ok({"id": "9"})]) as server, open_at(server.url) as network:
        network.prepare(Payload(text="Bonjour", image=IMAGE, alt="Une image"), PNG)
    named = set(re.findall(rb'name="(\w+)"', server.bodies[0])) - {b"access_token", b"source"}
    photos = Page(PAGE).create_photo(pending=True)._param_checker
    assert {name.decode(): photos.get_type(name.decode()) for name in named} == {
        "published": "bool",
        "alt_text_custom": "string",
    }
    posts = Page(PAGE).get_published_posts(pending=True)._param_checker
    assert posts.get_type("limit") == "unsigned int"


def test_the_version_is_pinned_in_every_path() -> None:
    server, _ = sent_to_feed(Payload(text="Bonjour"), {})
    assert server.heads[0].startswith(f"POST /v26.0/{PAGE}/feed HTTP".encode())


def test_a_sent_token_is_never_in_the_address() -> None:
    server, fields = sent_to_feed(Payload(text="Bonjour"), {})
    assert b"EAAtoken" not in server.heads[0]
    assert fields["access_token"] == "EAAtoken"


def test_a_link_is_a_field_of_its_own_and_an_image_is_attached() -> None:
    _, linked = sent_to_feed(Payload(text="Nos offres", link="https://acme.fr"), {})
    _, pictured = sent_to_feed(Payload(text="L'atelier"), {"photo_id": "9"})
    assert (linked["message"], linked["link"]) == ("Nos offres", "https://acme.fr")
    assert json.loads(pictured["attached_media[0]"]) == {"media_fbid": "9"}


def test_a_link_and_an_image_together_are_refused_before_anything_is_sent() -> None:
    both = Payload(text="Bonjour", link="https://acme.fr", image=IMAGE)
    with (
        loopback([ok({"id": "9"})]) as server,
        open_at(server.url) as network,
        pytest.raises(ContentRefused, match="not both"),
    ):
        network.prepare(both, PNG)
    assert server.heads == []


# --- what is read ---------------------------------------------------------------------------------------------------


def read(*pages: object, cursor: str | None = None) -> Any:
    with loopback([ok(page) for page in pages]) as server, open_at(server.url) as network:
        return network.read(PAGE, cursor)


def test_an_empty_page_is_complete_only_if_nothing_was_known_of_it() -> None:
    assert read({"data": []}).complete
    assert not read({"data": []}, cursor=f"2026-11-19T08:00:00+00:00 {PAGE}_1").complete


def test_posts_of_visitors_and_unpublished_ones_are_not_ours() -> None:
    reading = read(
        {
            "data": [
                post(3, "2026-11-20T08:30:00+0000", **{"from": {"id": "777", "name": "Un visiteur"}}),
                post(2, "2026-11-20T08:20:00+0000", is_published=False),
                post(1, "2026-11-20T08:10:00+0000", **{"from": {"id": PAGE}}),
            ]
        }
    )
    assert [entry.text for entry in reading.entries] == ["numéro 1"]


def test_a_post_dated_in_the_future_hides_nothing_that_comes_before() -> None:
    future = post(9, "2099-01-01T00:00:00+0000")
    first = read({"data": [future, post(1, "2026-11-20T08:00:00+0000")]})
    then = read(
        {"data": [future, post(2, "2026-11-20T08:30:00+0000"), post(1, "2026-11-20T08:00:00+0000")]},
        cursor=first.cursor,
    )
    assert [entry.remote_id for entry in then.entries] == [f"{PAGE}_9", f"{PAGE}_2"]
    assert then.complete


def test_two_posts_of_one_second_are_both_seen() -> None:
    at = "2026-11-20T08:00:00+0000"
    first = read({"data": [post(1, at)]})
    then = read({"data": [post(2, at), post(1, at)]}, cursor=first.cursor)
    assert [entry.remote_id for entry in then.entries] == [f"{PAGE}_2"]


def test_a_post_without_text_is_still_activity() -> None:
    (entry,) = read({"data": [{"id": f"{PAGE}_1", "created_time": "2026-11-20T08:00:00+0000"}]}).entries
    assert (entry.text, entry.created_at) == ("", datetime(2026, 11, 20, 8, tzinfo=UTC))


def test_another_version_answering_is_said_once() -> None:
    answer = ok({"data": []}, "facebook-api-version: v27.0")
    with structlog.testing.capture_logs() as logs, loopback([answer]) as server, open_at(server.url) as network:
        network.read(PAGE, None)
        network.read(PAGE, None)
    assert [(line["event"], line["served_by"]) for line in logs] == [("facebook.other_version", "v27.0")]


# --- whose token ----------------------------------------------------------------------------------------------------


def test_a_persons_token_is_refused_naming_the_person() -> None:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        stage = SandboxStage("facebook", clock, sandbox)
        persons = {"page_token": stage.secrets["person_token"]}
        with stage.open(persons) as network, pytest.raises(CredentialsRefused, match="administrator") as refused:
            network.identify()
    assert "a person's token" in str(refused.value)


def test_without_me_the_page_itself_is_asked() -> None:
    unknown = http("400 Bad Request", json.dumps({"error": {"code": 2500, "message": "Unknown path"}}).encode(), JSON)
    with loopback([unknown, ok({"id": PAGE, "name": "Acme"})]) as server, open_at(server.url) as network:
        identity = network.identify()
    assert identity is not None
    assert (identity.remote_id, identity.handle) == (PAGE, "Acme")
    assert urlsplit(server.heads[1].split()[1].decode()).path == f"/v26.0/{PAGE}"


# --- errors ---------------------------------------------------------------------------------------------------------


def failure(code: int, message: str = "It failed for EAAtoken", **more: Any) -> bytes:
    body = {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A", **more}}
    return http("400 Bad Request", json.dumps(body).encode(), JSON)


Meaning = tuple[type[NetworkError], type[NetworkError]]
LOST: Meaning = (OutcomeUnknown, Unreachable)
STOP: Meaning = (CredentialsRefused, CredentialsRefused)
LATER: Meaning = (OutcomeUnknown, RateLimited)
REFUSED: Meaning = (ContentRefused, Unreachable)
CODES: list[tuple[bytes, Meaning]] = [
    *((failure(code), LOST) for code in (1, 2, 506, 999)),
    *((failure(code), LATER) for code in (4, 17, 32, 341, 613, 80001)),
    *((failure(code), STOP) for code in (10, 102, 190, 200, 230, 283, 299, 1404078)),
    *((failure(code), REFUSED) for code in (100, 324, 368, 1346003, 1366046, 1609005)),
    (failure(100, error_subcode=33), STOP),
    (failure(9, error_subcode=1609005), REFUSED),
    (failure(368, "It looks like you already posted this"), LOST),
    (failure(100, is_transient=True), LOST),
    (http("500 Internal Server Error", b'{"error": {"code": 190}}', JSON), LOST),
    (http("502 Bad Gateway", b"<html></html>", "Content-Type: text/html"), LOST),
    (http("401 Unauthorized", b"{}", JSON), STOP),
    (http("401 Unauthorized", b"<html>Hotel</html>", "Content-Type: text/html"), LOST),
    (http("200 OK", b'{"id": "1", "data": []}'), LOST),  # without Content-Type facebook-sdk raises KeyError
    (http("200 OK", b"", JSON), LOST),
    (http("200 OK", b"not json", JSON), LOST),
    (http("200 OK", b"[]", JSON), LOST),
    (http("200 OK", b"{}", JSON), LOST),
    (http("200 OK", b"access_token=EAAtoken", "Content-Type: text/plain"), LOST),
]


@pytest.mark.parametrize(("answer", "meaning"), CODES)
def test_each_answer_is_exactly_one_error_that_names_no_token(
    answer: bytes, meaning: Meaning, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with loopback([answer]) as server, open_at(server.url) as network:
        with pytest.raises(NetworkError) as on_publish:
            say(network)
        with pytest.raises(NetworkError) as on_read:
            network.read(PAGE, None)
    assert (type(on_publish.value), type(on_read.value)) == meaning
    assert "EAAtoken" not in f"{on_publish.value!r} {on_read.value!r} {caplog.text}"


def say(network: Network) -> object:
    return network.publish(PAGE, Payload(text="Bonjour"), {}, "key")


@pytest.mark.parametrize(
    ("usage", "minutes"),
    [
        ('{"1": [{"estimated_time_to_regain_access": 5}], "2": [{"estimated_time_to_regain_access": 19}]}', 19),
        ('{"1": [{"estimated_time_to_regain_access": 0}]}', None),
        ("not json", None),
        ("[1]", None),
    ],
)
def test_a_rate_limit_tells_when_to_come_back_if_facebook_does(usage: str, minutes: int | None) -> None:
    body = json.dumps({"error": {"code": 80001, "message": "Too many"}}).encode()
    date = "Date: Fri, 20 Nov 2026 09:00:00 GMT"
    answer = http("400 Bad Request", body, JSON, date, f"X-Business-Use-Case-Usage: {usage}")
    with loopback([answer]) as server, open_at(server.url) as network, pytest.raises(RateLimited) as limited:
        network.read(PAGE, None)
    wanted = datetime(2026, 11, 20, 9, minutes, tzinfo=UTC) if minutes else None
    assert limited.value.retry_at == wanted


# --- examined, and looked at by a stranger --------------------------------------------------------------------------


def examined(told: Mapping[str, Any], *headers: str) -> Examination:
    answers = [ok({"id": PAGE, "name": "Acme"}, *headers), ok({"data": told})]
    secrets = {**SECRETS, "app_id": "1", "app_secret": "s3cr3t"}
    with loopback(answers) as server:
        account = replace(ACCOUNT, options={"base_url": server.url})
        with facebook.connect(account, secrets, read_deadline=5, send_deadline=5) as network:
            return cast(facebook.Facebook, network).examine()


@pytest.mark.parametrize(
    ("told", "expires_at", "may_post"),
    [
        ({"is_valid": True, "expires_at": 0, "data_access_expires_at": 0}, None, None),
        ({"is_valid": True, "expires_at": 1_800_000_000, "scopes": ["pages_manage_posts"]}, 1_800_000_000, True),
        (
            {"is_valid": True, "expires_at": 0, "data_access_expires_at": 1_790_000_000, "scopes": []},
            1_790_000_000,
            False,
        ),
        ({}, None, None),
    ],
    ids=["never", "the token", "its right to data", "nothing told"],
)
def test_when_a_token_dies_is_the_first_of_its_two_ends(
    told: Mapping[str, Any], expires_at: int | None, may_post: bool | None
) -> None:
    found = examined(told)
    assert found.expires_at == (datetime.fromtimestamp(expires_at, UTC) if expires_at else None)
    assert found.may_post is may_post
    assert found.server_time == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_a_token_that_facebook_calls_invalid_is_refused() -> None:
    with pytest.raises(CredentialsRefused, match="no longer valid"):
        examined({"is_valid": False})


def test_an_answer_in_another_version_warns_that_ours_ends() -> None:
    (warning,) = examined({}, "facebook-api-version: v27.0").warnings
    assert "in version v27.0 of its API, not in v26.0" in warning
    assert examined({}, "facebook-api-version: v26.0").warnings == ()


PUBLIC = b"<html><meta content='Th&eacute; ou  caf&eacute; ?'></html>"
LOGIN = http("302 Found", b"", "Location: https://www.facebook.com/login/?next=1")
MOVED = http("301 Moved", b"", f"Location: /permalink.php?story_fbid=1&id={PAGE}")


@pytest.mark.parametrize(
    ("answers", "visible"),
    [
        ([http("200 OK", PUBLIC)], True),
        ([MOVED, http("200 OK", PUBLIC)], True),
        ([http("200 OK", b"<p>This content isn&#039;t available right now</p>")], False),
        ([http("404 Not Found", b"")], False),
        ([http("200 OK", b"<p>Log in to Facebook</p>")], None),
        ([LOGIN], None),
        ([MOVED, MOVED, MOVED], None),
    ],
    ids=["shown", "moved and shown", "development mode", "gone", "a wall", "sent to the wall", "in a circle"],
)
def test_what_a_stranger_sees_of_a_post_is_told_or_is_said_not_to_be_known(
    answers: list[bytes], visible: bool | None
) -> None:
    with loopback(answers) as server, open_at(server.url) as network:
        entry = Entry(
            remote_id=f"{PAGE}_1",
            text="Thé ou café ?",
            created_at=datetime(2026, 11, 20, tzinfo=UTC),
            url=f"https://www.facebook.com/{PAGE}_1",
        )
        assert network.visible(entry) is visible
    assert not any(b"EAAtoken" in head for head in server.heads)
