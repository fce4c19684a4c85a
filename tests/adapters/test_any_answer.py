"""Whatever a network answers, through the real client libraries: one of our errors or a right result, in time.

A new network joins by its line in `STAGINGS` (tests/contracts/stage.py): the sandbox gives its right answers.
"""

import gzip
import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any, cast

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from tests.contracts.stage import CANARY, IMAGE, NOW, PNG, PUBLISHING, SandboxStage, SteppedClock
from tests.contracts.test_network_faults import everything_said_by
from veilleuse.adapters.networks import http, rates
from veilleuse.domain.activity import Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import NetworkError, OutcomeUnknown, Unreachable
from veilleuse.domain.waiting import Wait
from veilleuse.ports import Answering, Network
from veilleuse.sandbox import Sandbox

A_CALL = 200  # of its wrong answers are tried: all of a short one, some of a long timeline
DEADLINE = 0.5  # seconds: pages that promise another page for ever end with it
FRAMING = ("content-length", "transfer-encoding", "connection")  # another body comes in another frame
OURS = tuple(NetworkError.__subclasses__())

PAYLOAD = Payload(text="Bonsoir", image=IMAGE, alt="Une image")
PREPARED: dict[str, Mapping[str, str]] = {}  # by identity

Call = Callable[[SandboxStage, Network], object]
CALLS: Mapping[str, Call] = {
    "identify": lambda stage, network: network.identify(),
    "read": lambda stage, network: network.read(stage.number, None),
    "read on": lambda stage, network: network.read(stage.number, network.read(stage.number, None).cursor),
    "hear": lambda stage, network: hear(stage, network),
    "prepare": lambda stage, network: network.prepare(PAYLOAD, PNG),
    "publish": lambda stage, network: network.publish(stage.number, PAYLOAD, PREPARED[stage.identity], "key"),
}


def hear(stage: SandboxStage, network: Network) -> object:
    """Who waits for an answer; a network that does not tell it is read once more."""
    if isinstance(network, Answering):
        return network.unanswered(stage.number, NOW - timedelta(days=7))
    return network.read(stage.number, None)


@dataclass(frozen=True, slots=True)
class Raw:
    """One answer as it comes from the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Wire:
    """Stands where the sockets are: records what a server answers, or answers in its place."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.heard: list[Raw] = []
        self.answers: Sequence[Raw] | None = None
        send = HTTPAdapter.send

        def carried(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
            if self.answers is None:
                response = send(adapter, request, **options)
                headers = tuple(pair for pair in response.headers.items() if pair[0].lower() not in FRAMING)
                self.heard.append(Raw(response.status_code, headers, response.content))
                return response
            http._thread.call.sending(None)
            answer = self.answers[min(len(self.heard), len(self.answers) - 1)]
            self.heard.append(answer)
            return adapter.build_response(
                request,
                HTTPResponse(
                    body=io.BytesIO(answer.body),
                    status=answer.status,
                    headers=dict(answer.headers),
                    preload_content=False,
                ),
            )

        patch.setattr(HTTPAdapter, "send", carried)

    def say(self, *answers: Raw) -> None:
        self.heard, self.answers = [], answers


@dataclass(frozen=True, slots=True)
class Recorded:
    stage: SandboxStage
    wire: Wire
    answers: Mapping[str, tuple[Raw, ...]]  # by call


@pytest.fixture(scope="module")
def sandbox() -> Iterator[tuple[SteppedClock, Sandbox]]:
    clock = SteppedClock()
    with Sandbox(clock) as running:
        yield clock, running


@pytest.fixture(params=PUBLISHING, scope="module")
def network(request: pytest.FixtureRequest, sandbox: tuple[SteppedClock, Sandbox]) -> Iterator[Recorded]:
    """One network with two posts, and its right answer to each call."""
    logging.disable(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as patch:
        wire, stage, answers = Wire(patch), SandboxStage(request.param, *sandbox), {}
        stage.people_post("Bonjour", "Encore & https://acme.example/été")
        stage.sandbox.answer_as_human(stage.identity, stage.sandbox.reply_as_stranger(stage.identity, "Et ?").id, "Oui")
        stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?")
        for name, call in CALLS.items():
            wire.heard = []
            with stage.open() as opened:
                result = call(stage, opened)
            if name == "prepare":
                PREPARED[stage.identity] = cast(Mapping[str, str], result)
            answers[name] = tuple(wire.heard)
        recorded = Recorded(stage, wire, answers)
        assert not [name for name, right in answers.items() if isinstance(judge(recorded, name, *right), NetworkError)]
        yield recorded
    logging.disable(logging.NOTSET)


def judge(network: Recorded, name: str, *answers: Raw) -> object:
    """What the call gives or raises; whichever, it is one of ours and tells no secret."""
    network.wire.say(*(repeating(network.stage.secrets, answer) for answer in answers))
    rates.forget()
    began = monotonic()
    result = answered(network, name)
    assert monotonic() - began < DEADLINE + 3
    if isinstance(result, NetworkError):
        assert CANARY not in everything_said_by(result)
        assert type(result) is not OutcomeUnknown or name == "publish"
    return result


def answered(network: Recorded, name: str) -> object:
    try:
        with network.stage.open(deadline=DEADLINE) as opened:
            return CALLS[name](network.stage, opened)
    except OURS as error:
        return error


def repeating(secrets: Mapping[str, str], answer: Raw) -> Raw:
    """Where the answer holds the canary, it holds a whole secret."""
    secret = next(iter(secrets.values()))
    return Raw(
        answer.status,
        tuple((name, value.replace(CANARY, secret)) for name, value in answer.headers),
        answer.body.replace(CANARY.encode(), secret.encode()),
    )


# --- strange values, strange answers ---

ODDS: tuple[object, ...] = (
    *(None, True, 0, -1, 10**30, 1e308, float("nan"), "", " ", "\x00", "\ud800", "1e9", "9" * 5000, CANARY),
    *([], {}, [[]], [None], {"id": None}, {"data": []}, {"error": {"code": 190}}, {"errors": [{"message": "no"}]}),
    *("2026-13-45T99:99:99Z", "0001-01-01T00:00:00+23:59", "https://[", ...),
)
ODD = st.sampled_from([odd for odd in ODDS if odd is not ...])
JSON = st.recursive(
    ODD | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
) | st.dictionaries(
    st.sampled_from(["data", "id", "errors", "error", "meta", "code", "message", "detail", "title", "type", "status"]),
    ODD | st.lists(ODD, max_size=3) | st.dictionaries(st.sampled_from(["id", "code", "message", "next_token"]), ODD),
)
DEEP = st.sampled_from([b"[" * 100_000, b'{"data":' * 50_000, b"[" * 400 + b"]" * 400])
BODIES = (
    JSON.map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=40)
    | DEEP
    | st.sampled_from([b"", b"<html>busy</html>", b"\xff\xfe{", b"null", gzip.compress(b"{}"), b'{"data": {"id": "1'])
)
STATUSES = st.sampled_from(
    [
        200,
        201,
        202,
        204,
        301,
        302,
        304,
        400,
        401,
        402,
        403,
        404,
        408,
        409,
        410,
        418,
        422,
        429,
        500,
        502,
        503,
        504,
        520,
        999,
    ]
)
NAMES = (
    *("Content-Type", "Content-Encoding", "Date", "Retry-After", "Location", "Link", "Set-Cookie", "X-WP-TotalPages"),
    *("X-Rate-Limit-Reset", "X-Rate-Limit-Remaining", "X-Business-Use-Case-Usage", "Facebook-API-Version"),
)
VALUES = (
    *(
        "",
        "0",
        "-1",
        "soon",
        "9" * 40,
        "application/json",
        "text/html; charset=zorglub",
        "gzip",
        "http://[",
        "é",
        CANARY,
    ),
    *("Fri, 31 Feb 2026 99:00:00 GMT", "Thu, 01 Jan 0001 00:00:00 +2359", "Fri, 20 Nov 2026 09:00:00 GMT"),
    *("{}", "[1]", "null", '{"1": [{"estimated_time_to_regain_access": 1e400}]}'),
)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=4).map(tuple)
ANSWERS = st.builds(Raw, STATUSES, HEADERS, BODIES)
MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a decoded body, the whole first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, each in inside for deeper in places(each, (*path, key)))]


def put(value: Any, path: tuple[str | int, ...], odd: object) -> object:
    """The same, with something odd in that place; `...` takes the place itself away."""
    if not path:
        return {} if odd is ... else odd
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    if odd is ... and len(path) == 1:
        del copied[path[0]]
    else:
        copied[path[0]] = put(copied[path[0]], path[1:], odd)
    return copied


@MANY
@given(data=st.data(), name=st.sampled_from(sorted(CALLS)))
def test_any_answer_at_all_is_an_error_of_ours_or_a_result(network: Recorded, data: st.DataObject, name: str) -> None:
    right = network.answers[name]
    number = data.draw(st.integers(0, len(right) - 1))
    strange = data.draw(st.lists(ANSWERS, min_size=1, max_size=2))
    believed(judge(network, name, *right[:number], *strange), name)


@MANY
@given(data=st.data(), name=st.sampled_from(sorted(CALLS)))
def test_a_right_answer_cut_short_or_under_another_status_is_an_error_of_ours_or_a_result(
    network: Recorded, data: st.DataObject, name: str
) -> None:
    right = list(network.answers[name])
    number = data.draw(st.integers(0, len(right) - 1))
    body = right[number].body[: data.draw(st.integers(0, len(right[number].body)))]
    right[number] = Raw(data.draw(st.just(right[number].status) | STATUSES), right[number].headers, body)
    believed(judge(network, name, *right), name)


@pytest.mark.parametrize("name", CALLS)
def test_any_field_of_a_right_answer_may_be_anything(network: Recorded, name: str) -> None:
    """Of a publication whose last answer says by its status that it is live, it is never said that it is not."""
    right = network.answers[name]
    bodies = [json.loads(answer.body or b"null") for answer in right]
    cases = [(number, path, odd) for number, body in enumerate(bodies) for path in places(body) for odd in ODDS]
    for number, path, odd in Random(0).sample(cases, min(len(cases), A_CALL)):
        body = json.dumps(put(bodies[number], path, odd)).encode()
        wrong = Raw(right[number].status, right[number].headers, body)
        result = judge(network, name, *right[:number], wrong, *right[number + 1 :])
        believed(result, name)
        if name == "publish" and number == len(right) - 1:
            assert isinstance(result, Published | OutcomeUnknown), (path, odd, result)


def believed(result: object, name: str) -> None:
    """A result can be stored and reckoned with."""
    match result:
        case Reading(entries=entries, server_time=server_time):
            assert all(entry.created_at.utcoffset() is not None for entry in entries)
            assert not {entry.remote_id for entry in entries} & {"", "None", "[]", "{}"}
            assert all(entry.text.encode() is not None and "\x00" not in entry.text for entry in entries)
            assert server_time is None or server_time.utcoffset() is not None
        case Identity(remote_id=remote_id, handle=handle):
            assert remote_id
            assert handle.encode() is not None
        case tuple():
            for wait in cast(tuple[Wait, ...], result):
                assert wait.count > 0
                assert wait.link is None or wait.link.startswith("http")
        case Published(remote_id=remote_id):
            assert remote_id.isprintable()
            assert remote_id not in ("", "None")
        case _:
            assert result is None or isinstance(result, (*OURS, Mapping))


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_without_end_is_given_up_before_it_fills_the_memory(network: Recorded, name: str) -> None:
    endless = gzip.compress(b" " * (2 * http.LARGEST))
    result = judge(network, name, *network.answers[name][:-1], Raw(200, (("Content-Encoding", "gzip"),), endless))
    assert type(result) is (OutcomeUnknown if name == "publish" else Unreachable)
    assert "too long" in str(result)
