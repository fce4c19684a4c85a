"""What is Bluesky's own: keys that hold their moment, facets by bytes, one login, and what each error's name means."""

import json
import logging
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.stage import NOW, SandboxStage, SteppedClock
from tests.loopback import http, loopback
from veilleuse.adapters.networks import bluesky, rates
from veilleuse.adapters.networks.bluesky import Bluesky
from veilleuse.adapters.networks.bluesky_facets import LINK, expand, facets, last_link
from veilleuse.adapters.networks.bluesky_record import POST, entry, record
from veilleuse.adapters.networks.bluesky_tid import moment, tid
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import (
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.rule import Rule
from veilleuse.domain.text import normalise
from veilleuse.ports import Examining, Exposing, Tracing
from veilleuse.sandbox import Fault, Sandbox

DID = "did:plc:abcdefghijklmnopqrstuvwx"
SECRETS = {"app_password": "abcd-efgh-ijkl-mnop"}
ACCOUNT = Account(name="acme-bluesky", network="bluesky", identity="acme.test", owner="claire", rule=Rule())
JSON, DATE = "Content-Type: application/json; charset=utf-8", "Date: Fri, 20 Nov 2026 09:00:00 GMT"
PREPARED = {"rkey": tid(NOW, 1), "created_at": "2026-11-20T09:00:00.000Z"}


def open_at(url: str) -> Any:
    return bluesky.connect(replace(ACCOUNT, options={"base_url": url}), SECRETS, read_deadline=5, send_deadline=5)


def ok(body: object, *headers: str) -> bytes:
    return http("200 OK", json.dumps(body).encode(), JSON, *(headers or (DATE,)))


def session(scope: str = "com.atproto.appPass", **more: Any) -> bytes:
    claims = urlsafe_b64encode(json.dumps({"scope": scope}).encode()).decode().rstrip("=")
    return ok({"accessJwt": f"e30.{claims}.sig", "did": DID, "handle": "acme.test", "active": True, **more})


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    rates.forget()


@pytest.fixture
def stage() -> Iterator[SandboxStage]:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        yield SandboxStage("bluesky", clock, sandbox)


# --- keys -----------------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 1023))
def test_a_key_is_a_tid_and_holds_its_moment(at: datetime, clock: int) -> None:
    key = tid(at, clock)
    assert re.fullmatch("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", key)  # atproto specification
    assert moment(key) == at


@given(MOMENTS, MOMENTS, st.integers(0, 1023), st.integers(0, 1023))
def test_keys_sort_as_their_moments(one: datetime, other: datetime, clock: int, another: int) -> None:
    assert (tid(one, clock) < tid(other, another)) is ((one, clock) < (other, another))


@given(MOMENTS, MOMENTS)
def test_a_key_sorts_after_the_one_it_must_follow(at: datetime, earlier: datetime) -> None:
    assert tid(at, 0, after=tid(earlier, 1023)) > tid(earlier, 1023)


@pytest.mark.parametrize("key", ["", "self", "3jzfcijpj2z2", "3jzfcijpj2z2a9", "zzzzzzzzzzzzz", "3jzfcijpj2z2A"])
def test_what_is_no_tid_has_no_moment(key: str) -> None:
    assert moment(key) is None
    assert moment(tid(NOW, 7, after=key)) == NOW


def test_the_same_key_is_made_as_by_blueskys_own_library() -> None:
    """@atproto/common: TID.fromTime(1795165200123456, 5)."""
    at = datetime.fromtimestamp(1795165200, UTC) + timedelta(microseconds=123456)
    assert tid(at, 5) == "3n2q7w343m227"
    assert moment("3n2q7w343m227") == at


# --- facets ---------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["https://acme.fr/été?a=1", "acme.fr/vœux", "#Noël", "👩\u200d🔧", "\u0301", "\n", " ", "#", "("]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


def shown(text: str) -> list[str]:
    """What each facet covers, by its bytes."""
    letters = text.encode()
    spans = [(facet["index"]["byteStart"], facet["index"]["byteEnd"]) for facet in facets(text)]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    return [letters[start:end].decode() for start, end in spans]


@given(TEXTS)
def test_the_bytes_of_a_facet_are_what_it_says_whatever_stands_around_it(text: str) -> None:
    for covered, facet in zip(shown(text), facets(text), strict=True):
        (feature,) = facet["features"]
        assert feature.get("uri") in (covered, f"https://{covered}") or covered[1:] == feature.get("tag")


@given(TEXTS)
def test_a_text_read_with_its_own_facets_is_the_same_text(text: str) -> None:
    assert normalise(expand(text, facets(text))) == normalise(text)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Voir https://acme.fr/offres.", ["https://acme.fr/offres"]),
        ("Voir acme.fr/offres, ou non", ["acme.fr/offres"]),
        ("« https://fr.wikipedia.org/wiki/Feu_(homonymie) »", ["https://fr.wikipedia.org/wiki/Feu_(homonymie)"]),
        ("(voir https://acme.fr/a)", ["https://acme.fr/a"]),
        ("Texte\nhttps://acme.fr/a_(b).", ["https://acme.fr/a_(b)."]),  # the post's own link: all of its line
        ("https://acme.fr/#offres", ["https://acme.fr/#offres"]),
        ("#Noël, #2026 et #été2026 (#ÉtéÀParis) c#", ["#Noël", "#été2026", "#ÉtéÀParis"]),
        ("👩\u200d🔧 #veille", ["#veille"]),
        (f"#{'a' * 64} #{'b' * 65}", [f"#{'a' * 64}"]),  # app.bsky.richtext.facet#tag: 64 at most
        ("@marie.test marie@acme.fr M.Dupont 12.50", []),
        ("", []),
    ],
)
def test_links_and_hashtags_are_found_and_nothing_else(text: str, covered: list[str]) -> None:
    assert shown(text) == covered


def test_the_last_link_is_the_cards() -> None:
    assert last_link("acme.fr puis\nhttps://acme.fr/offres #fin") == "https://acme.fr/offres"
    assert last_link("rien #fin") is None


def link(text: str, part: str, uri: str) -> list[dict[str, Any]]:
    start = text.encode().index(part.encode())
    index = {"byteStart": start, "byteEnd": start + len(part.encode())}
    return [{"index": index, "features": [{"$type": LINK, "uri": uri}]}]


@pytest.mark.parametrize(
    ("text", "part", "uri", "read"),
    [
        (
            "Été : acme.fr/offres/... !",
            "acme.fr/offres/...",
            "https://www.acme.fr/offres/été",
            "https://www.acme.fr/offres/été",
        ),
        ("acme.fr/o…", "acme.fr/o…", "https://acme.fr/offres", "https://acme.fr/offres"),
        ("c'est ici", "ici", "https://acme.fr/offres", "ici"),  # a reader sees the word
        ("acme.fr", "acme.fr", "https://evil.example/acme.fr", "acme.fr"),
    ],
)
def test_a_link_that_an_app_shortened_is_read_whole(text: str, part: str, uri: str, read: str) -> None:
    assert expand(text, link(text, part, uri)) == text.replace(part, read)


JUNK = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from([LINK, "https://a.fr"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["index", "features", "byteStart", "byteEnd", "uri", "$type"]), inner)
    ),
    max_leaves=12,
)


@given(JUNK, st.text(max_size=10))
def test_other_peoples_facets_may_be_anything(found: Any, text: str) -> None:
    assert expand(text, found).encode() is not None


# --- records --------------------------------------------------------------------------------------------------------


def made(**value: Any) -> dict[str, Any]:
    return {"uri": f"at://{DID}/{POST}/{tid(NOW, 0)}", "cid": "bafy", "value": value}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2026-11-20T08:00:00.123Z", NOW - timedelta(hours=1) + timedelta(milliseconds=123)),
        ("2026-11-20T10:00:00+02:00", NOW - timedelta(hours=1)),
        ("2099-01-01T00:00:00Z", NOW),  # the key knows better
        ("2026-11-20T08:00:00", NOW - timedelta(hours=1)),
        ("yesterday", NOW),
        (None, NOW),
    ],
)
def test_the_earlier_of_both_dates_counts(said: str | None, read: datetime) -> None:
    assert entry(made(text="Bonjour", createdAt=said), "acme.test").created_at == read


def test_a_post_without_text_is_still_activity() -> None:
    one = entry(made(createdAt="2026-11-20T08:00:00Z"), "acme.test")
    assert (one.text, one.kind, one.url) == ("", Kind.POST, f"https://bsky.app/profile/acme.test/post/{tid(NOW, 0)}")


REPLIES: list[tuple[object, Kind]] = [
    (None, Kind.POST),
    ({"parent": {"uri": f"at://{DID}/{POST}/3n2q7w343m227"}}, Kind.POST),  # a thread of one's own
    ({"parent": {"uri": f"at://{DID}x/{POST}/3n2q7w343m227"}}, Kind.REPLY),
    ({}, Kind.REPLY),
    ({"parent": None}, Kind.REPLY),
    ({"parent": {"uri": 1}}, Kind.REPLY),
    ([], Kind.REPLY),
    ("x", Kind.REPLY),
]


@pytest.mark.parametrize(("reply", "kind"), REPLIES)
def test_an_answer_to_oneself_is_a_post(reply: object, kind: Kind) -> None:
    assert entry(made(text="Suite", reply=reply), "acme.test").kind is kind


def test_an_image_leaves_no_room_for_a_card_but_the_link_stays_live() -> None:
    stored = {"$type": "blob", "ref": {"$link": "bafy"}, "mimeType": "image/png", "size": 1}
    payload = Payload(text="L'atelier\nhttps://acme.fr", alt="Vu de la rue")
    post = record(payload, {**PREPARED, "blob": json.dumps(stored)}, "fr")
    assert post["embed"] == {"$type": "app.bsky.embed.images", "images": [{"image": stored, "alt": "Vu de la rue"}]}
    assert [facet["features"][0]["uri"] for facet in post["facets"]] == ["https://acme.fr"]


def test_the_same_attempt_makes_the_same_record() -> None:
    payload = Payload(text="L'atelier #été\nhttps://acme.fr")
    assert json.dumps(record(payload, PREPARED, "fr")) == json.dumps(record(payload, dict(PREPARED), "fr"))


# --- reading --------------------------------------------------------------------------------------------------------


def test_replies_and_reposts_are_told_from_posts(stage: SandboxStage) -> None:
    for kind in (Kind.POST, Kind.REPLY, Kind.REPOST):
        stage.sandbox.post_as_human(stage.identity, "Bonjour", kind=kind)
    with stage.open() as network:
        assert [one.kind for one in network.read(stage.number, None).entries] == [Kind.REPLY, Kind.POST]
    stage.account = replace(stage.account, rule=Rule(activity=frozenset(Kind)))
    with stage.open() as network:
        kinds = [one.kind for one in network.read(stage.number, None).entries]
    assert kinds == [Kind.REPOST, Kind.REPLY, Kind.POST]


def test_a_key_from_the_future_hides_nothing_that_comes_before_it(stage: SandboxStage) -> None:
    stage.people_post("un")
    stage.sandbox.post_as_human(stage.identity, "futur", at=stage.clock.at + timedelta(days=365))
    with stage.open() as network:
        first = network.read(stage.number, None)
        stage.publish(network, "deux")
        then = network.read(stage.number, first.cursor)
    assert [one.text for one in first.entries] == ["futur", "un"]
    assert [one.text for one in then.entries] == ["futur", "deux"]
    assert then.complete


def test_a_post_of_this_very_second_is_not_of_the_future(stage: SandboxStage) -> None:
    stage.clock.sleep(0.5)  # the server's Date says whole seconds
    stage.sandbox.post_as_human(stage.identity, "un")
    with stage.open() as network:
        first = network.read(stage.number, None)
        assert network.read(stage.number, first.cursor).entries == ()


def test_our_post_sorts_after_a_humans_of_the_same_second(stage: SandboxStage) -> None:
    stage.sandbox.post_as_human(stage.identity, "humain", at=stage.clock.at + timedelta(microseconds=999))
    stage.clock.sleep(0.001)
    with stage.open() as network:
        first = network.read(stage.number, None)
        stage.publish(network, "à nous")
        then = network.read(stage.number, first.cursor)
    assert [one.text for one in then.entries] == ["à nous"]


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_look_logs_in_once_and_only_to_speak(stage: SandboxStage) -> None:
    for _ in range(30):
        with stage.open() as network:
            network.read(stage.number, None)
            network.identify()
            network.prepare(Payload(text="Bonjour"), None)
    with stage.open() as network:
        assert network.read(stage.number, None).complete
        with pytest.raises(RateLimited) as limited:
            network.identify()
    assert limited.value.retry_at == stage.clock.at + timedelta(minutes=5)


def test_a_session_that_ended_is_no_refusal(stage: SandboxStage) -> None:
    with stage.open() as network:
        prepared = network.prepare(Payload(text="Bonjour"), None)
        stage.clock.sleep(3 * 3600)
        with pytest.raises(Unreachable, match="Nothing was published"):
            network.publish(stage.number, Payload(text="Bonjour"), prepared, "key")
    assert stage.texts() == []


def test_the_password_of_another_account_is_told_by_its_handle() -> None:
    with (
        loopback([session(handle="autre.test")]) as server,
        open_at(server.url) as network,
        pytest.raises(CredentialsRefused, match=r"@autre\.test.*@acme\.test"),
    ):
        network.identify()


def test_a_handle_that_went_to_another_account_publishes_nothing() -> None:
    with (
        loopback([session()]) as server,
        open_at(server.url) as network,
        pytest.raises(CredentialsRefused, match="another account"),
    ):
        network.publish("did:plc:xxxxxxxxxxxxxxxxxxxxxxxx", Payload(text="Bonjour"), PREPARED, "key")
    assert len(server.heads) == 1


def test_without_the_servers_date_no_post_is_dated() -> None:
    undated = http("200 OK", session().partition(b"\r\n\r\n")[2], JSON)
    with loopback([undated]) as server, open_at(server.url) as network, pytest.raises(Unreachable, match="no date"):
        network.prepare(Payload(text="Bonjour"), None)


def test_the_password_goes_to_one_place_and_never_into_an_address() -> None:
    done = ok({"uri": f"at://{DID}/{POST}/{PREPARED['rkey']}"})
    with loopback([session(), done]) as server, open_at(server.url) as network:
        network.publish(DID, Payload(text="Bonjour"), PREPARED, "key")
    assert b"abcd-efgh" in server.bodies[0]
    assert b"abcd-efgh" not in b"".join([*server.heads, server.bodies[1]])
    assert server.heads[0].startswith(b"POST /xrpc/com.atproto.server.createSession HTTP")
    put = json.loads(server.bodies[1])
    assert (put["rkey"], put["swapRecord"], put["validate"]) == (PREPARED["rkey"], None, True)


# --- doubts, examinations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        *((fault, Published) for fault in (Fault.BUSY_AFTER, Fault.RESET_AFTER, Fault.EMPTY_AFTER, Fault.HTML_AFTER)),
        *((fault, NotLive) for fault in (Fault.BUSY, Fault.RESET, Fault.HTML)),
    ],
)
def test_a_doubt_is_settled_exactly(stage: SandboxStage, fault: Fault, meaning: type[Published | NotLive]) -> None:
    stage.people_post("Bonjour")  # the same text, by somebody else: no likeness is looked at
    stage.sandbox.fault(stage.identity, "publish", fault)
    with stage.open() as network:
        prepared = network.prepare(Payload(text="Bonjour"), None)
        with pytest.raises(OutcomeUnknown):
            network.publish(stage.number, Payload(text="Bonjour"), prepared, "key")
    with stage.open() as network:
        assert isinstance(network, Tracing)
        told = network.trace(stage.number, prepared)
        assert network.trace(stage.number, {}) is None
    assert type(told) is meaning
    assert not isinstance(told, Published) or told.remote_id == prepared["rkey"]


def test_a_trace_that_fails_is_no_proof_of_absence(stage: SandboxStage) -> None:
    stage.sandbox.fault(stage.identity, "read", Fault.BUSY)
    with stage.open() as network:
        assert isinstance(network, Tracing)
        with pytest.raises(Unreachable):
            network.trace(stage.number, PREPARED)


def test_an_examination_tells_whose_it_is_and_what_it_may(stage: SandboxStage) -> None:
    with stage.open() as network:
        assert isinstance(network, Examining)
        examined = network.examine()
    assert (examined.identity.remote_id, examined.identity.handle) == (stage.number, stage.identity)
    assert (examined.may_post, examined.expires_at, examined.limits, examined.warnings) == (True, None, None, ())
    assert examined.server_time == stage.clock.at


def test_a_deactivated_account_is_told_by_the_examination_and_before_anything_is_sent(stage: SandboxStage) -> None:
    stage.sandbox.alter(stage.identity, may_post=False)
    with stage.open() as network:
        assert isinstance(network, Examining)
        examined = network.examine()
        assert examined.may_post is False
        assert "deactivated" in examined.warnings[0]
        with pytest.raises(CredentialsRefused, match="deactivated"):
            network.prepare(Payload(text="Bonjour"), None)


def test_a_profile_hidden_from_strangers_is_warned_of(stage: SandboxStage) -> None:
    stage.sandbox.alter(stage.identity, public=False)
    with stage.open() as network:
        assert isinstance(network, Examining)
        (warning,) = network.examine().warnings
    assert "not logged in" in warning


def test_the_accounts_own_password_is_warned_of() -> None:
    gone = http("400 Bad Request", b'{"error": "RecordNotFound", "message": "Could not locate record"}', JSON)
    with loopback([session("com.atproto.access"), gone]) as server, open_at(server.url) as network:
        assert isinstance(network, Bluesky)
        (warning,) = network.examine().warnings
    assert "app password" in warning


def test_a_stranger_sees_what_stands_and_not_what_was_deleted(stage: SandboxStage) -> None:
    stage.people_post("Bonjour")
    with stage.open({"app_password": "none"}) as network:
        assert isinstance(network, Exposing)
        (one,) = network.read(stage.number, None).entries
        assert network.visible(one) is True
        stage.delete(one.remote_id)
        assert network.visible(one) is False
        assert network.visible(replace(one, kind=Kind.REPOST)) is None


# --- errors ---------------------------------------------------------------------------------------------------------


def failure(status: str, name: str, message: str = "It failed for abcd-efgh-ijkl-mnop", *headers: str) -> bytes:
    return http(status, json.dumps({"error": name, "message": message}).encode(), JSON, DATE, *headers)


Meaning = tuple[type[NetworkError], type[NetworkError]]
LOST: Meaning = (OutcomeUnknown, Unreachable)
STOP: Meaning = (CredentialsRefused, CredentialsRefused)
LATER: Meaning = (RateLimited, RateLimited)
REFUSED: Meaning = (ContentRefused, Unreachable)
NOTHING_SENT: Meaning = (Unreachable, Unreachable)
BAD, DENIED = "400 Bad Request", "401 Unauthorized"
CODES: list[tuple[bytes, Meaning]] = [
    (failure(BAD, "InvalidRequest"), REFUSED),
    (failure("413 Payload Too Large", "PayloadTooLarge"), REFUSED),
    (failure(BAD, "InvalidRequest", f"Could not find repo: {DID}"), STOP),
    (failure(BAD, "InvalidSwap"), (OutcomeUnknown, Unreachable)),
    *((failure(BAD, name), NOTHING_SENT) for name in ("ExpiredToken", "InvalidToken")),
    *((failure(BAD, name), STOP) for name in ("RepoTakendown", "RepoDeactivated", "RepoSuspended", "RepoNotFound")),
    *((failure(DENIED, name), STOP) for name in ("AccountTakedown", "AccountDeactivated", "AuthMissing")),
    *((failure(DENIED, name), STOP) for name in ("AuthenticationRequired", "AuthFactorTokenRequired")),
    (failure("403 Forbidden", "AccountNotFound"), STOP),
    (failure("429 Too Many Requests", "RateLimitExceeded"), LATER),
    *((failure(f"{status} Odd", "InternalServerError"), LOST) for status in (500, 502, 503, 504)),
    (failure("200 OK", "InvalidRequest"), LOST),
    *((failure(f"{status} Odd", "RequestTimeout"), LOST) for status in (404, 408, 409)),
    (http("502 Bad Gateway", b"<html></html>", "Content-Type: text/html"), LOST),
    (http(DENIED, b"<html>Hotel</html>", "Content-Type: text/html"), LOST),
    (http("403 Forbidden", b"{}", JSON), LOST),
    (http("307 Temporary Redirect", b"", "Location: https://bsky.social/elsewhere"), LOST),
    (http("200 OK", b"", JSON), LOST),
    (http("200 OK", b"not json", JSON), LOST),
    (http("200 OK", b"[]", JSON), LOST),
    (http("200 OK", b"{}", JSON), LOST),
    (http("200 OK", b'{"uri": "at://elsewhere"}', JSON), LOST),
    (http("404 Not Found", b"abcd-efgh-ijkl-mnop", "Content-Type: text/plain"), LOST),
    (failure(BAD, "abcd-efgh-ijkl-mnop"), REFUSED),
    (failure(DENIED, "abcd-efgh-ijkl-mnop"), STOP),
]


@pytest.mark.parametrize(("answer", "meaning"), CODES)
def test_each_answer_is_exactly_one_error_that_names_no_secret(
    answer: bytes, meaning: Meaning, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with loopback([session(), answer]) as server, open_at(server.url) as network:
        with pytest.raises(NetworkError) as on_publish:
            network.publish(DID, Payload(text="Bonjour"), PREPARED, "key")
        with pytest.raises(NetworkError) as on_read:
            network.read(DID, None)
    assert (type(on_publish.value), type(on_read.value)) == meaning
    assert "abcd-efgh" not in f"{on_publish.value!r} {on_read.value!r} {caplog.text}"


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        (["ratelimit-limit: 30", "ratelimit-reset: 1795165500"], datetime.fromtimestamp(1795165500, UTC)),
        (["Retry-After: 120"], NOW + timedelta(minutes=2)),
        (["ratelimit-reset: soon"], None),
        (["ratelimit-reset: 99999999999999999"], None),
        ([], None),
    ],
)
def test_a_rate_limit_tells_when_to_come_back_if_the_server_does(headers: list[str], at: datetime | None) -> None:
    answer = failure("429 Too Many Requests", "RateLimitExceeded", "Rate Limit Exceeded", *headers)
    with loopback([answer]) as server, open_at(server.url) as network, pytest.raises(RateLimited) as limited:
        network.read(DID, None)
    assert limited.value.retry_at == at
