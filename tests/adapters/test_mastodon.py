"""What is Mastodon's own: text in HTML, visibility, keys that some servers ignore, limits that each server sets."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.stage import IMAGE, PNG, SandboxStage, SteppedClock
from tests.loopback import http, loopback
from veilleuse.adapters.networks import mastodon
from veilleuse.adapters.networks.mastodon_text import kind, plain
from veilleuse.adapters.networks.mastodon_view import limits, may_post, warnings
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Kind, Limits
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
from veilleuse.domain.text import normalise
from veilleuse.ports import Examining, Exposing, Network
from veilleuse.sandbox import Sandbox
from veilleuse.sandbox.mastodon import Mastodon as Server
from veilleuse.sandbox.mastodon_post import to_html

DATE = "Fri, 20 Nov 2026 09:00:00 GMT"
SECRETS = {"access_token": "secret-access-token"}
ACCOUNT = Account(name="acme-mastodon", network="mastodon", identity="acme", owner="claire", rule=Rule(), language="fr")
BIG = PNG + b"\x00" * 100_000


@pytest.fixture
def stage() -> Iterator[SandboxStage]:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        yield SandboxStage("mastodon", clock, sandbox)


def server(stage: SandboxStage) -> Server:
    wire = stage.sandbox.networks["mastodon"]
    assert isinstance(wire, Server)
    return wire


# --- posts as a reader sees them ------------------------------------------------------------------------------------

MARIE = {"url": "https://elsewhere.example/@marie", "acct": "marie@elsewhere.example"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>Un</p><p>deux<br />trois</p>", "Un\n\ndeux\ntrois"),
        ("<p>R&amp;D &lt;3 &#39;tout&#39;</p>", "R&D <3 'tout'"),
        (
            '<p>Voir <a href="https://www.acme.fr/a?b=1&amp;c=2"><span class="invisible">https://www.</span>'
            '<span class="ellipsis">acme.fr/a</span><span class="invisible">?b=1&amp;c=2</span></a>.</p>',
            "Voir https://www.acme.fr/a?b=1&c=2.",
        ),
        ('<p><a href="https://s.example/tags/été" class="mention hashtag" rel="tag">#<span>été</span></a></p>', "#été"),
        (
            '<p>Merci <span class="h-card"><a href="https://elsewhere.example/@marie" class="u-url mention">'
            "@<span>marie</span></a></span> !</p>",
            "Merci @marie@elsewhere.example !",
        ),
        ('<p class="quote-inline">RE: <a href="https://s.example/1">https://s.example/1</a></p><p>Oui</p>', "Oui"),
        ("<ul><li>Un</li><li>deux</li></ul>", "Un\n\ndeux"),
        ("pas de balise", "pas de balise"),
        ("", ""),
    ],
)
def test_the_text_of_a_status_is_what_somebody_wrote(content: str, text: str) -> None:
    assert plain(content, [MARIE]) == text


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
links = st.from_regex(r"https?://(www\.)?[a-z]{1,9}\.fr(/[a-zé0-9?=&_/-]{0,60}[a-z])?", fullmatch=True)
tags = st.from_regex(r"#[a-zé]{1,9}", fullmatch=True)
handles = st.sampled_from(["@marie@elsewhere.example", "@personne", "moi@acme.fr"])


@given(st.lists(st.sampled_from([" ", "\n", "\n\n", "\n\n\n"]) | words | links | tags | handles, max_size=9))
def test_whatever_is_written_reads_back_equal(parts: list[str]) -> None:
    text = "".join(parts)
    shown = to_html(text, "https://s.example", lambda name, domain: f"https://{domain}/@{name}" if domain else None)
    assert normalise(plain(shown, _mentions(text))) == normalise(text)


def _mentions(text: str) -> list[Mapping[str, str]]:
    """As the API tells them: with the server, for the addresses that `to_html` was given."""
    import re

    return [
        {"url": f"https://{domain}/@{name}", "acct": f"{name}@{domain}"}
        for name, domain in re.findall(r"@(\w+)@([\w.-]+\w)", text)
    ]


def status(**more: Any) -> dict[str, Any]:
    return {"account": {"id": "7"}, "in_reply_to_id": None, "in_reply_to_account_id": None, "reblog": None, **more}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, Kind.POST),
        ({"in_reply_to_id": "1", "in_reply_to_account_id": "8"}, Kind.REPLY),
        ({"in_reply_to_id": None, "in_reply_to_account_id": "8"}, Kind.REPLY),  # what it answered is deleted
        ({"in_reply_to_id": "1"}, Kind.REPLY),
        ({"in_reply_to_id": "1", "in_reply_to_account_id": "7"}, Kind.POST),  # a thread of one's own
        ({"reblog": {"id": "1"}}, Kind.REPOST),
    ],
)
def test_replies_boosts_and_threads_are_told_apart(more: Mapping[str, Any], expected: Kind) -> None:
    assert kind(status(**more)) is expected


# --- reading --------------------------------------------------------------------------------------------------------


def test_what_only_followers_see_is_no_sign_of_life(stage: SandboxStage) -> None:
    stage.sandbox.post_as_human(stage.identity, "Pour tous, hors des listes", visibility="unlisted")
    for visibility in ("private", "direct"):
        stage.sandbox.post_as_human(stage.identity, "Entre nous", visibility=visibility)
    with stage.open() as network:
        reading = network.read(stage.number, None)
        again = network.read(stage.number, reading.cursor)
    assert [entry.text for entry in reading.entries] == ["Pour tous, hors des listes"]
    assert again.entries == ()


def test_a_public_post_is_found_behind_many_private_ones(stage: SandboxStage) -> None:
    stage.people_post("Bonjour à tous")
    for _ in range(70):
        stage.sandbox.post_as_human(stage.identity, "Entre nous", visibility="direct")
    with stage.open() as network:
        reading = network.read(stage.number, None)
    assert [entry.text for entry in reading.entries] == ["Bonjour à tous"]


@pytest.mark.parametrize("text", ["Merci @marie@elsewhere.example !", "Merci @acme et @acme@acme.example !"])
def test_a_mention_reads_back_as_it_was_written(stage: SandboxStage, text: str) -> None:
    presence = stage.sandbox.add("mastodon", "acme@acme.example", secrets={"access_token": "own"})
    with stage.open({"access_token": "own"}) as network:
        network.publish(presence.number, Payload(text=text), {}, "key")
        (entry,) = network.read(presence.number, None).entries
    assert entry.text == text


def test_a_server_without_source_shows_mentions_with_their_server() -> None:
    owner = {"id": "7", "username": "acme", "acct": "acme"}
    shown = status(
        id="1",
        account=owner,
        created_at="2026-11-20T09:00:00.000Z",
        visibility="public",
        content='<p><a href="https://elsewhere.example/@marie" class="mention">@<span>marie</span></a> !</p>',
        mentions=[MARIE],
    )
    answers = [http("200 OK", json.dumps([shown]).encode()), http("404 Not Found", b'{"error":"Not found"}')]
    with loopback(answers) as somewhere, open_at(somewhere.url) as network:
        (entry,) = network.read("7@s", None).entries
    assert entry.text == "@marie@elsewhere.example !"
    assert entry.created_at == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_a_boost_never_reads_like_a_post_of_ours(stage: SandboxStage) -> None:
    stage.sandbox.post_as_human(stage.identity, "Nos offres", kind=Kind.REPOST)
    with stage.open() as network:
        (entry,) = network.read(stage.number, None).entries
    assert (entry.kind, entry.text) == (Kind.REPOST, "RT @marie@elsewhere.example: Nos offres")


# --- publishing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_visibility_and_language_are_always_said(stage: SandboxStage, visibility: str) -> None:
    stage.account = replace(stage.account, language="fr")
    options = {} if visibility == "public" else {"visibility": visibility}
    stage.account = replace(stage.account, options={**stage.account.options, **options})
    with stage.open() as network:
        stage.publish(network, "Bonjour")
    (shown,) = stage.sandbox.timeline(stage.identity)
    assert (shown.visibility, shown.language) == (visibility, "fr")


def test_a_content_warning_stands_before_the_text(stage: SandboxStage) -> None:
    with stage.open() as network:
        network.publish(stage.number, Payload(text="Nos résultats", content_warning="Chiffres"), {}, "key")
        (entry,) = network.read(stage.number, None).entries
    (shown,) = stage.sandbox.timeline(stage.identity)
    assert (shown.content_warning, entry.text) == ("Chiffres", "Nos résultats")


def test_an_image_that_takes_its_time_is_waited_for(stage: SandboxStage) -> None:
    payload = Payload(text="Notre atelier", image=replace(IMAGE, size=len(BIG)), alt="L'atelier")
    with stage.open() as network:
        prepared = network.prepare(payload, BIG)
        assert stage.texts() == []
        network.publish(stage.number, payload, prepared, "key")
    (shown,) = stage.sandbox.timeline(stage.identity)
    assert shown.alt == "L'atelier"


def test_an_image_that_is_never_ready_ends_with_the_deadline() -> None:
    taken = http("202 Accepted", b'{"id":"5","url":null}')
    with (
        loopback([taken]) as somewhere,
        open_at(somewhere.url, seconds=0.3) as network,
        pytest.raises(Unreachable, match="Nothing was"),
    ):
        network.prepare(Payload(text="Bonjour", image=IMAGE), PNG)


def test_a_token_is_never_taken_for_the_name_of_a_file(
    stage: SandboxStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / stage.secrets["access_token"]).write_text("another token")
    with stage.open() as network:
        assert network.identify() is not None


@pytest.mark.parametrize(("repeats", "posts"), [("same", 1), ("again", 2), ("error", 1)])
def test_the_key_is_sent_and_not_relied_on(stage: SandboxStage, repeats: Any, posts: int) -> None:
    server(stage).repeats = repeats
    with stage.open() as network:
        first = stage.publish(network, "Bonjour")
        if repeats == "error":  # 500 although the status exists
            with pytest.raises(OutcomeUnknown):
                stage.publish(network, "Bonjour")
        else:
            second = stage.publish(network, "Bonjour")
            assert (first == second) is (repeats == "same")
    assert len(stage.texts()) == posts


def test_a_key_is_forgotten_after_an_hour(stage: SandboxStage) -> None:
    with stage.open() as network:
        stage.publish(network, "Bonjour")
        stage.clock.sleep(timedelta(hours=1).total_seconds())
        stage.publish(network, "Bonjour")
    assert len(stage.texts()) == 2


# --- whose it is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("handle", ["{name}", "@{NAME}", "{name}@{host}", "{name}@acme.example"])
def test_the_handle_may_name_its_server(stage: SandboxStage, handle: str) -> None:
    host = stage.sandbox.base_url.rpartition("/")[2]
    presence = stage.sandbox.presences[stage.identity]
    # The server's own domain, where it is not the host that serves it, is asked of the server.
    stage.sandbox.ledger.presences[stage.identity] = replace(presence, identity=f"{stage.identity}@acme.example")
    written = handle.format(name=stage.identity, NAME=stage.identity.upper(), host=host)
    stage.account = replace(stage.account, identity=written)
    with stage.open() as network:
        identity = network.identify()
    assert identity is not None
    assert identity.remote_id == f"{presence.number}@{host}"


def test_a_handle_of_another_server_is_refused(stage: SandboxStage) -> None:
    stage.account = replace(stage.account, identity=f"{stage.identity}@elsewhere.example")
    with stage.open() as network, pytest.raises(CredentialsRefused, match=r"elsewhere\.example.*base_url"):
        network.identify()


def test_an_examination_tells_rights_and_limits(stage: SandboxStage) -> None:
    with stage.open() as network:
        assert isinstance(network, Examining)
        examined = network.examine()
    assert examined.identity.remote_id == stage.number
    assert examined.may_post is True
    assert examined.expires_at is None
    assert examined.limits == Limits(length=500, alt=1500, image_bytes=16_777_216)
    assert examined.server_time == stage.clock.at
    assert examined.warnings == ()


def test_an_older_server_tells_less() -> None:
    owner = json.dumps({"id": "7", "username": "acme"}).encode()
    absent = http("404 Not Found", b'{"error":"Not found"}')
    with loopback([http("200 OK", owner), absent]) as somewhere, open_at(somewhere.url) as network:
        assert isinstance(network, Examining)
        examined = network.examine()
    assert (examined.may_post, examined.limits, examined.warnings) == (None, None, ())


def test_a_server_that_is_no_mastodon_is_named() -> None:
    with loopback([http("404 Not Found", b'{"error":"nothing here"}')]) as somewhere, open_at(somewhere.url) as network:
        assert isinstance(network, Examining)
        with pytest.raises(CredentialsRefused, match="base_url"):
            network.examine()


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (["read", "write"], True),
        (["write:statuses"], True),
        (["read", "write:media"], False),
        ([], False),
        (None, None),
    ],
)
def test_the_right_to_post_is_told_by_the_apps_scopes(scopes: list[str] | None, may: bool | None) -> None:
    assert may_post({"scopes": scopes} if scopes is not None else {}) is may


@pytest.mark.parametrize(
    ("owner", "app", "instance", "told"),
    [
        ({}, {"scopes": ["write"]}, {}, []),
        ({"locked": True}, {}, {}, ["follow"]),
        ({"source": {"privacy": "private"}}, {}, {}, ["followers only"]),
        ({"moved": {"acct": "acme@new.example"}}, {}, {}, ["@acme@new.example"]),
        ({"limited": True}, {}, {}, ["moderators"]),
        ({}, {"scopes": ["read"]}, {}, ["write:statuses"]),
        ({}, {"scopes": ["write:statuses"]}, {}, ["write:media"]),
        ({}, {}, {"rules": [{"text": "Automated accounts must say so."}]}, ["Automated accounts must say so."]),
        ({"bot": True}, {}, {"rules": [{"text": "Bots must say so."}]}, []),
        ({}, {}, {"rules": [{"text": "No robbery."}]}, []),
    ],
)
def test_what_is_odd_is_told_with_a_remedy(
    owner: Mapping[str, Any], app: Mapping[str, Any], instance: Mapping[str, Any], told: list[str]
) -> None:
    sentences = warnings(owner, app, instance)
    assert len(sentences) == len(told)
    assert all(word in sentence for word, sentence in zip(told, sentences, strict=True))


@pytest.mark.parametrize("instance", [{}, {"configuration": {"statuses": {"max_characters": "viele"}}}])
def test_a_server_that_tells_no_limits_leaves_the_usual_ones(instance: Mapping[str, Any]) -> None:
    assert limits(instance) is None


# --- what a stranger sees -------------------------------------------------------------------------------------------


def test_a_stranger_sees_what_is_public_and_not_what_is_gone(stage: SandboxStage) -> None:
    with stage.open() as network:
        assert isinstance(network, Exposing)
        stage.publish(network, "Bonjour")
        (entry,) = network.read(stage.number, None).entries
        assert network.visible(entry) is True
        stage.sandbox.delete(stage.identity, entry.remote_id)
        assert network.visible(entry) is False


@pytest.mark.parametrize(
    ("status", "answer", "seen"),
    [
        ("401 Unauthorized", {"error": "This API requires an authenticated user"}, None),
        ("403 Forbidden", {"error": "This action is not allowed"}, None),
        ("410 Gone", {"error": "Gone"}, False),
        ("200 OK", {"id": "1", "visibility": "private"}, False),
        ("200 OK", {"id": "1", "visibility": "unlisted"}, True),
    ],
)
def test_a_server_that_shows_strangers_nothing_tells_nothing(status: str, answer: Any, seen: bool | None) -> None:
    entry = Entry(remote_id="1", text="Bonjour", created_at=datetime(2026, 11, 20, tzinfo=UTC))
    with loopback([http(status, json.dumps(answer).encode())]) as somewhere, open_at(somewhere.url) as network:
        assert isinstance(network, Exposing)
        assert network.visible(entry) is seen
    assert b"authorization" not in somewhere.heads[0].lower()


# --- the wire -------------------------------------------------------------------------------------------------------


def open_at(url: str, *, seconds: float = 5) -> AbstractContextManager[Network]:
    account = replace(ACCOUNT, options={"base_url": url})
    return mastodon.connect(account, SECRETS, read_deadline=seconds, send_deadline=seconds)


def say(network: Network) -> str:
    return network.publish("7@s", Payload(text="Bonjour"), {}, "key").remote_id


def test_what_is_sent_is_exactly_the_text_once_with_its_key() -> None:
    created = http("200 OK", b'{"id":"9","url":"https://s.example/@acme/9"}')
    with loopback([created]) as somewhere, open_at(somewhere.url) as network:
        published = network.publish("7@s", Payload(text="L'été & <b>"), {"media_id": "5"}, "the-key")
    (head,), (body,) = somewhere.heads, somewhere.bodies
    assert head.startswith(b"POST /api/v1/statuses ")
    assert b"Idempotency-Key: the-key" in head
    assert b"status=L%27%C3%A9t%C3%A9+%26+%3Cb%3E" in body
    assert b"media_ids%5B%5D=5" in body
    assert b"visibility=public" in body
    assert b"language=fr" in body
    assert (published.remote_id, published.url) == ("9", "https://s.example/@acme/9")


def test_a_post_is_sent_once_even_when_the_connection_breaks() -> None:
    with loopback([b""]) as somewhere, open_at(somewhere.url) as network, pytest.raises(OutcomeUnknown):
        say(network)
    assert len(somewhere.heads) == 1


def says(error: str) -> dict[str, str]:
    return {"error": error}


FORBIDDEN, UNPROCESSABLE = "403 Forbidden", "422 Unprocessable Entity"
Meaning = tuple[type[NetworkError], type[NetworkError], type[NetworkError]]  # on a publish, a preparation, a read
LOST: Meaning = (OutcomeUnknown, Unreachable, Unreachable)
STOP: Meaning = (CredentialsRefused, CredentialsRefused, CredentialsRefused)
LATER: Meaning = (RateLimited, RateLimited, RateLimited)
NOT_THIS: Meaning = (ContentRefused, ContentRefused, Unreachable)
GONE: Meaning = (CredentialsRefused, Unreachable, CredentialsRefused)
ANSWERS: list[tuple[str, Any, Meaning]] = [
    ("401 Unauthorized", says("The access token is invalid"), STOP),
    ("401 Unauthorized", b"", STOP),
    ("401 Unauthorized", "<html>Log in to the hotel's network</html>", LOST),
    (FORBIDDEN, says("Your login is currently disabled"), STOP),
    (FORBIDDEN, says("Your account is suspended"), STOP),
    (FORBIDDEN, says("Your login is currently pending approval"), STOP),
    (FORBIDDEN, says("Your login is missing a confirmed e-mail address"), STOP),
    (FORBIDDEN, says("This action is outside the authorized scopes"), STOP),
    (FORBIDDEN, says("This action is not allowed"), NOT_THIS),
    (FORBIDDEN, "<html>blocked</html>", LOST),
    (FORBIDDEN, b"", LOST),
    ("404 Not Found", says("Record not found"), GONE),
    ("404 Not Found", "<html>nginx</html>", LOST),
    ("410 Gone", says("Gone"), GONE),
    (UNPROCESSABLE, says("Validation failed: Text can't be blank"), NOT_THIS),
    (UNPROCESSABLE, says("This method requires an authenticated user"), STOP),
    (UNPROCESSABLE, says("Duplicate record"), LOST),
    (UNPROCESSABLE, says("Cannot attach files that have not finished processing. Try again in a moment!"), LATER),
    (UNPROCESSABLE, [{"error": "Validation failed"}], LOST),
    ("400 Bad Request", says("param is missing or the value is empty"), NOT_THIS),
    ("413 Content Too Large", "<html>nginx</html>", (OutcomeUnknown, ContentRefused, Unreachable)),
    ("429 Too Many Requests", says("Too many requests"), LATER),
    ("429 Too Many Requests", b"", LATER),
    ("429 Too Many Requests", "<html>slow down</html>", LOST),
    ("406 Not Acceptable", says("no"), LOST),
    ("500 Internal Server Error", b"", LOST),
    ("500 Internal Server Error", says("a used key, and the status exists"), LOST),
    ("503 Service Unavailable", says("There was a temporary problem serving your request, please try again"), LOST),
    ("504 Gateway Timeout", "<html>nginx</html>", LOST),
    ("200 OK", b"", LOST),
    ("200 OK", "<html>hello</html>", LOST),
    ("200 OK", [7], LOST),
    ("200 OK", {"url": "no id"}, LOST),
]


@pytest.mark.parametrize(("status", "body", "meaning"), ANSWERS)
def test_each_answer_is_exactly_one_error(status: str, body: Any, meaning: Meaning) -> None:
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    met: list[type[NetworkError]] = []
    with loopback([http(status, raw)]) as somewhere, open_at(somewhere.url) as network:
        for call in (
            lambda: say(network),
            lambda: network.prepare(Payload(text="Bonjour", image=IMAGE), PNG),
            lambda: network.read("7@s", "1"),
        ):
            with pytest.raises(NetworkError) as raised:
                call()
            assert "secret" not in str(raised.value)
            met.append(type(raised.value))
    assert tuple(met) == meaning


def test_a_refusal_says_in_the_servers_own_words_why() -> None:
    answer = http(UNPROCESSABLE, json.dumps(says("Text limit of 500 exceeded secret-access-token")).encode())
    with loopback([answer]) as somewhere, open_at(somewhere.url) as network, pytest.raises(ContentRefused) as refused:
        say(network)
    assert "limit of 500 exceeded ***" in str(refused.value)
    assert "not live" in str(refused.value)


@pytest.mark.parametrize(
    ("reset", "known"),
    [
        ("2026-11-20T09:05:00.000000Z", datetime(2026, 11, 20, 9, 5, tzinfo=UTC)),
        ("1795000000", datetime.fromtimestamp(1795000000, UTC)),  # GoToSocial
        ("99999999999999999999", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_rate_limit_tells_when_to_come_back_if_the_server_does(reset: str, known: datetime | None) -> None:
    answer = http("429 Too Many Requests", b"{}", *([f"X-RateLimit-Reset: {reset}"] if reset else []))
    with loopback([answer]) as somewhere, open_at(somewhere.url) as network, pytest.raises(RateLimited) as limited:
        say(network)
    assert limited.value.retry_at == known


def test_a_known_limit_holds_the_next_call_back() -> None:
    headers = ("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 2026-11-20T09:05:00Z", f"Date: {DATE}")
    limited = http("429 Too Many Requests", b"{}", *headers)
    with loopback([limited]) as somewhere, open_at(somewhere.url) as network:
        for _ in range(2):
            with pytest.raises(RateLimited) as raised:
                say(network)
            assert raised.value.retry_at == datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
            assert raised.value.__context__ is None
    assert len(somewhere.heads) == 1


def test_a_limit_that_cannot_be_read_does_not_hide_that_the_post_may_be_live() -> None:
    created = http("200 OK", b'{"id":"9","url":null}', "X-RateLimit-Reset: soon")
    with loopback([created]) as somewhere, open_at(somewhere.url) as network, pytest.raises(OutcomeUnknown):
        say(network)
