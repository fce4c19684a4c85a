"""What is X's own: names that change, links behind t.co, and which 403 means what."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from tests.contracts.stage import SandboxStage, SteppedClock
from tests.loopback import http, loopback
from veilleuse.adapters.networks import x
from veilleuse.adapters.networks.x_post import entry
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.prices import X_POST
from veilleuse.domain.rule import Rule
from veilleuse.domain.text import weigh_x
from veilleuse.ports import Network
from veilleuse.sandbox import Sandbox

SECRETS = {name: f"secret-{name}" for name in ("api_key", "api_secret", "access_token", "access_secret")}
ACCOUNT = Account(name="acme-x", network="x", identity="acme", owner="claire", rule=Rule())
ID = "1990000000000000001"
JSON = "Content-Type: application/json"


def shown(**post: Any) -> Any:
    return entry({"id": ID, "text": "", **post}, site="https://x.com/acme")


# --- posts as a reader sees them ------------------------------------------------------------------------------------


def test_characters_come_back_unescaped() -> None:
    assert shown(text="R&amp;D &lt;3 &gt; tout").text == "R&D <3 > tout"


def test_links_come_back_as_they_were_written() -> None:
    urls = [
        {"url": "https://t.co/a", "expanded_url": "https://acme.fr/offres?a=1&b=2"},
        {"url": "https://t.co/b", "expanded_url": "https://acme.fr/status/1/photo/1"},
    ]
    text = "Voir https://t.co/a et https://t.co/b."
    assert shown(text=text, entities={"urls": urls}).text == (
        "Voir https://acme.fr/offres?a=1&b=2 et https://acme.fr/status/1/photo/1."
    )


@pytest.mark.parametrize(
    "mark",
    [{"media_key": "3_1"}, {"expanded_url": f"https://twitter.com/acme/status/{ID}/photo/1"}],
    ids=["key", "page"],
)
def test_the_link_to_its_own_image_is_dropped(mark: Mapping[str, str]) -> None:
    url = {"url": "https://t.co/p", "expanded_url": "https://x.com/p", **mark}
    assert shown(text="Notre atelier https://t.co/p", entities={"urls": [url]}).text == "Notre atelier"


@pytest.mark.parametrize("name", ["note_tweet", "note_post"])
def test_a_long_post_is_read_whole(name: str) -> None:
    note = {
        "text": "long" * 100 + " https://t.co/a",
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://acme.fr"}]},
    }
    assert shown(text="long…", **{name: note}).text == "long" * 100 + " https://acme.fr"


@pytest.mark.parametrize("name", ["referenced_tweets", "referenced_posts"])
@pytest.mark.parametrize(
    ("reference", "kind"),
    [("replied_to", Kind.REPLY), ("retweeted", Kind.REPOST), ("reposted", Kind.REPOST), ("quoted", Kind.POST)],
)
def test_replies_and_reposts_are_told_apart_under_both_names(name: str, reference: str, kind: Kind) -> None:
    assert shown(**{name: [{"type": reference, "id": "1"}]}).kind is kind


def test_times_are_utc_and_an_absent_one_is_read_from_the_id() -> None:
    assert shown(created_at="2026-11-20T10:00:00.000Z").created_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    absent = shown(id="1541815603606036480").created_at  # the example in the encyclopedias
    assert absent == datetime(2022, 6, 28, 16, 7, 40, 105000, tzinfo=UTC)


def test_what_no_database_takes_is_left_out() -> None:
    assert shown(text="a\x00b\ud800c").text == "ab?c"


def test_replies_and_reposts_of_a_human_are_seen_as_such() -> None:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        stage = SandboxStage("x", clock, sandbox)
        for kind in Kind:
            clock.sleep(60)
            sandbox.post_as_human(stage.identity, f"un {kind}", kind=kind)
        with stage.open() as network:
            entries = network.read(stage.number, None).entries
    assert {e.text: e.kind for e in entries} == {f"un {kind}": kind for kind in Kind}


def test_a_post_longer_than_the_limit_by_hand_is_read_whole() -> None:
    clock = SteppedClock()
    long = "Une longue histoire & ses détours, sur https://acme.fr/histoire. " * 8
    assert weigh_x(long) > 280
    with Sandbox(clock) as sandbox:
        stage = SandboxStage("x", clock, sandbox)
        stage.people_post(long)
        with stage.open() as network:
            (entry,) = network.read(stage.number, None).entries
    assert entry.text == long.strip()


# --- the wire -------------------------------------------------------------------------------------------------------


def open_at(url: str) -> Any:
    return x.connect(replace(ACCOUNT, options={"base_url": url}), SECRETS, read_deadline=5, send_deadline=5)


def say(network: Network) -> str:
    return network.publish("42", Payload(text="Bonjour"), {}, "key").remote_id


def test_a_first_read_asks_for_as_little_as_x_bills() -> None:
    with loopback([http("200 OK", b'{"meta":{"result_count":0}}')]) as server, open_at(server.url) as network:
        network.read("42", None)
        network.read("42", "7")
    first, then = server.heads
    assert b"max_results=5" in first
    assert b"since_id" not in first
    assert b"since_id=7" in then


def test_what_is_sent_is_exactly_the_text() -> None:
    answer = http("201 Created", json.dumps({"data": {"id": ID, "text": "…"}}).encode())
    with loopback([answer]) as server, open_at(server.url) as network:
        published = network.publish("42", Payload(text="L'été & <b>"), {"media_id": "9"}, "key")
    assert json.loads(server.bodies[0]) == {"text": "L'été & <b>", "media": {"media_ids": ["9"]}}
    assert server.heads[0].startswith(b"POST /2/tweets ")
    assert published.remote_id == ID
    assert published.url == f"{server.url}/acme/status/{ID}"


def test_a_post_is_sent_once_even_when_the_connection_breaks() -> None:
    with loopback([b""]) as server, open_at(server.url) as network, pytest.raises(OutcomeUnknown):
        say(network)
    assert len(server.heads) == 1


USER = {"data": {"id": "42", "username": "ACME", "name": "Acme"}}


def test_the_handle_is_compared_without_its_case_or_its_at_sign() -> None:
    with loopback([http("200 OK", json.dumps(USER).encode())]) as server:
        account = replace(ACCOUNT, identity="@acme", options={"base_url": server.url})
        with x.connect(account, SECRETS) as network:
            identity = network.identify()
    assert identity is not None
    assert identity.remote_id == "42"


def test_without_users_me_the_handle_is_looked_up() -> None:
    answers = [http("404 Not Found"), http("200 OK", json.dumps(USER).encode())]
    with loopback(answers) as server, open_at(server.url) as network:
        identity = network.identify()
    assert identity is not None
    assert identity.remote_id == "42"
    assert b"/2/users/by/username/acme" in server.heads[1]


def test_an_account_that_is_gone_stops_the_account() -> None:
    gone = {"errors": [{"title": "Forbidden", "detail": "User has been suspended: [acme]."}]}
    with loopback([http("200 OK", json.dumps(gone).encode())]) as server, open_at(server.url) as network:
        with pytest.raises(CredentialsRefused):
            network.read("42", None)
        with pytest.raises(CredentialsRefused):
            network.identify()


def problem(detail: str = "", **more: Any) -> dict[str, Any]:
    return {"title": "t", "detail": detail, "type": "about:blank", **more}


REPLY_REFUSED = "Reply to this conversation is not allowed because you have not been mentioned."
LOCKED = "To protect our users from spam and other malicious activity, this account is temporarily locked."
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
PROBLEMS = "https://api.x.com/2/problems/"
FORBIDDEN, LIMITED = "403 Forbidden", "429 Too Many Requests"
Meaning = tuple[type[NetworkError], type[NetworkError]]  # on a publish, on a read
LOST: Meaning = (OutcomeUnknown, Unreachable)
STOP: Meaning = (CredentialsRefused, CredentialsRefused)
MONEY: Meaning = (BudgetExhausted, BudgetExhausted)
LATER: Meaning = (RateLimited, RateLimited)
ANSWERS: list[tuple[str, Any, Meaning]] = [
    (FORBIDDEN, problem(DUPLICATE), (OutcomeUnknown, CredentialsRefused)),
    (FORBIDDEN, {"errors": [{"code": 187, "message": "Status déjà publié"}]}, (OutcomeUnknown, CredentialsRefused)),
    (FORBIDDEN, problem(REPLY_REFUSED), (ContentRefused, CredentialsRefused)),
    (FORBIDDEN, problem("You may not use more than one cashtag."), (ContentRefused, CredentialsRefused)),
    (FORBIDDEN, problem("You have been blocked from doing that."), (ContentRefused, CredentialsRefused)),
    (FORBIDDEN, {"errors": 7, "detail": None}, (ContentRefused, CredentialsRefused)),
    (FORBIDDEN, problem(LOCKED), STOP),
    (FORBIDDEN, {"errors": [{"code": 64, "message": "Votre compte est fermé"}]}, STOP),
    (FORBIDDEN, problem("Your account is suspended."), STOP),
    (FORBIDDEN, problem(type=PROBLEMS + "client-forbidden"), STOP),
    (FORBIDDEN, problem(type=PROBLEMS + "oauth1-permissions"), STOP),
    (FORBIDDEN, "<html>blocked by the company's proxy</html>", LOST),
    (FORBIDDEN, [{"code": 187}], LOST),
    ("401 Unauthorized", problem("Unauthorized"), STOP),
    ("401 Unauthorized", b"", STOP),
    ("401 Unauthorized", "<html>Log in to the hotel's network</html>", LOST),
    ("402 Payment Required", problem(title="CreditsDepleted"), MONEY),
    (LIMITED, b"Rate limit exceeded", LATER),
    (LIMITED, problem(type=PROBLEMS + "usage-capped"), MONEY),
    ("400 Bad Request", problem("Your Tweet text is too long."), (ContentRefused, Unreachable)),
    ("400 Bad Request", b"", LOST),
    ("404 Not Found", b"", LOST),
    ("409 Conflict", problem(), LOST),
    ("500 Internal Server Error", problem(), LOST),
    ("503 Service Unavailable", b"", LOST),
    ("200 OK", b"", LOST),
    ("200 OK", b"[" * 100_000, LOST),
    ("200 OK", [], LOST),
    ("200 OK", {"data": [7]}, LOST),
    ("201 Created", {"data": {"text": "no id"}}, LOST),
]


@pytest.mark.parametrize(("status", "body", "meaning"), ANSWERS)
def test_each_answer_is_exactly_one_error(status: str, body: Any, meaning: Meaning) -> None:
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    with loopback([http(status, raw)]) as server, open_at(server.url) as network:
        with pytest.raises(NetworkError) as on_publish:
            say(network)
        with pytest.raises(NetworkError) as on_read:
            network.read("42", "7")
    assert (type(on_publish.value), type(on_read.value)) == meaning


def test_a_refusal_says_in_x_s_own_words_why() -> None:
    body = json.dumps(problem("Your Tweet text is too long. secret-access_token")).encode()
    answer = http("400 Bad Request", body)
    with loopback([answer]) as server, open_at(server.url) as network, pytest.raises(ContentRefused) as refused:
        say(network)
    assert "too long. ***" in str(refused.value)
    assert "not live" in str(refused.value)


@pytest.mark.parametrize(
    ("reset", "known"),
    [("1795000000", datetime.fromtimestamp(1795000000, UTC)), ("99999999999999999999", None), ("", None)],
)
def test_a_rate_limit_tells_when_to_come_back_if_x_does(reset: str, known: datetime | None) -> None:
    answer = http(LIMITED, b"{}", *([f"x-rate-limit-reset: {reset}"] if reset else []))
    with loopback([answer]) as server, open_at(server.url) as network, pytest.raises(RateLimited) as limited:
        say(network)
    assert limited.value.retry_at == known


# --- whose token this is, without asking ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "is_own"),
    [("42-abc", True), ("77-abc", False), ("secret-access_token", True), ("٤٢-abc", True)],
    ids=["its own", "somebody else's", "no number in it", "no digits of ours"],
)
def test_a_token_that_names_another_account_neither_reads_nor_speaks(token: str, is_own: bool) -> None:
    none, made = (
        http("200 OK", b'{"meta": {"result_count": 0}}', JSON),
        http("201 Created", b'{"data": {"id": "7"}}', JSON),
    )
    secrets = {**SECRETS, "access_token": token}
    foreign = pytest.raises(CredentialsRefused, match="account number 77")
    with loopback([none, made]) as server:
        account = replace(ACCOUNT, options={"base_url": server.url})
        with x.connect(account, secrets) as network, nullcontext() if is_own else foreign:
            network.read("42", "1")
        with x.connect(account, secrets) as network, nullcontext() if is_own else foreign:
            say(network)
    assert len(server.bodies) == (2 if is_own else 0)


def test_an_examination_tells_what_the_token_may() -> None:
    me = b'{"data": {"id": "42", "name": "Acme", "username": "acme"}}'
    for level, may_post in (("read-write-directmessages", True), ("read", False)):
        answer = http("200 OK", me, JSON, f"x-access-level: {level}", "Date: Fri, 20 Nov 2026 09:00:00 GMT")
        with loopback([answer]) as server, open_at(server.url) as network:
            found = cast(x.X, network).examine()
        assert (found.identity.remote_id, found.may_post) == ("42", may_post)


def test_a_publish_in_doubt_is_counted_and_a_refused_one_is_not() -> None:
    for answer, billed in ((b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", 1), (http("401 No", b"{}", JSON), 0)):
        with loopback([answer]) as server, open_at(server.url) as network:
            with pytest.raises((OutcomeUnknown, CredentialsRefused)):
                network.publish("42", Payload(text="Bonjour"), {}, "key")
            assert cast(x.X, network).billed().get(X_POST, 0) == billed
