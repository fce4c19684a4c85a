"""Logs: one stream, readable by machines or eyes, without a secret in it."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from tests.logs import logs_as_before
from veilleuse.log import MASK, Redactor, configure, redact

CANARY = "Kanari-Vogel_7f3a"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    with logs_as_before():
        yield


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_an_event_is_one_json_object_with_its_time_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    structlog.get_logger().bind(account="acme-x").info("post.published", post="acme-x/noël", remote_id="17")
    (event,) = lines(capsys)
    at = datetime.fromisoformat(event.pop("at"))
    assert at.tzinfo is not None
    assert at.utcoffset() == timedelta(0)
    assert event == {
        "event": "post.published",
        "level": "info",
        "account": "acme-x",
        "post": "acme-x/noël",
        "remote_id": "17",
    }


def test_libraries_speak_in_the_same_stream_and_only_from_warning_on(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "DEBUG")
    for name in ("urllib3.connectionpool", "apscheduler.scheduler", "tweepy", "alembic.runtime", "somebody"):
        logging.getLogger(name).info("chatter of %s", name)
    logging.getLogger("apscheduler.executors").error("job %s failed", "look")
    events = lines(capsys)
    assert [(event["logger"], event["event"], event["level"]) for event in events] == [
        ("somebody", "chatter of somebody", "info"),
        ("apscheduler.executors", "job look failed", "error"),
    ]


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "warning")
    structlog.get_logger().info("post.published")
    logging.getLogger("somebody").info("chatter")
    assert lines(capsys) == []


def test_for_eyes_there_is_no_json_and_no_colour_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    configure("eyes")
    structlog.get_logger().info("post.published", account="acme-x")
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        structlog.get_logger().exception("look.failed")
    text = capsys.readouterr().err
    assert "post.published" in text
    assert "account=acme-x" in text
    assert "RuntimeError: broken" in text
    assert "\x1b" not in text
    assert "{" not in text


class Colour(StrEnum):
    RED = "red"


def test_values_of_all_sorts_stay_plain_data(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    structlog.get_logger().info(
        "x",
        when=datetime(2026, 11, 20, tzinfo=UTC),
        colour=Colour.RED,
        path=Path("/a/b"),
        names=("a", "b"),
        kinds={"n": 1, "deep": [None, True, 1.5]},
    )
    (event,) = lines(capsys)
    assert event["when"] == "2026-11-20T00:00:00+00:00"
    assert (event["colour"], event["path"], event["names"]) == ("red", "/a/b", ["a", "b"])
    assert event["kinds"] == {"n": 1, "deep": [None, True, 1.5]}


class Holder:
    def __repr__(self) -> str:
        return f"Holder({CANARY})"


@pytest.mark.parametrize("mode", ["json", "eyes"])
def test_a_known_secret_is_taken_out_of_every_corner(mode: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configure(mode, "DEBUG", [CANARY])
    structlog.contextvars.bind_contextvars(context=CANARY)
    log = structlog.get_logger()
    log.info(f"event {CANARY}", text=f"a {CANARY} b", deep={"a": [{"b": CANARY}]}, holder=Holder(), raw=CANARY.encode())
    log.info("listed", items=(Holder(), {CANARY}))
    logging.getLogger("somebody").warning("args %s %r", CANARY, {"deep": CANARY})
    try:
        try:
            raise ValueError(f"inner {CANARY}")
        except ValueError as inner:
            raise RuntimeError(f"outer {CANARY}") from inner
    except RuntimeError:
        log.exception("look.failed")
        logging.getLogger("somebody").exception("and the library's")
    text = capsys.readouterr().err
    assert CANARY not in text
    assert text.count(MASK) >= 12
    assert "look.failed" in text
    assert "RuntimeError" in text


@pytest.mark.parametrize("where", ["main", "thread"])
def test_what_nobody_caught_is_logged_without_secrets(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", secrets=[CANARY])

    def crash() -> None:
        raise RuntimeError(f"token {CANARY}")

    if where == "thread":
        thread = threading.Thread(target=crash)
        thread.start()
        thread.join()
    else:
        try:
            crash()
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    (event,) = lines(capsys)
    assert (event["event"], event["level"]) == ("program.crashed", "critical")
    assert f"RuntimeError: token {MASK}" in event["exception"]


def test_a_record_that_cannot_be_printed_is_not_dumped_raw(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", secrets=[CANARY])
    logging.getLogger("somebody").warning("%d", CANARY)
    assert CANARY not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /v25.0/me?access_token=EAAB12&fields=id", "GET /v25.0/me?access_token=***&fields=id"),
        ("/oauth?client_secret=abc&appsecret_proof=def0", "/oauth?client_secret=***&appsecret_proof=***"),
        ('{"access_token": "EAAB12", "id": "1"}', '{"access_token": "***", "id": "1"}'),
        ("{'page_token': 'EAAB12', 'id': '1'}", "{'page_token': '***', 'id': '1'}"),
        ("Authorization: Bearer AAAA.bbb", "Authorization: ***"),
        ('Authorization: OAuth oauth_token="a", oauth_signature="b"', "Authorization: ***"),
        ("oauth_signature=abc%3D&x=1", "oauth_signature=***&x=1"),
        ("sent with bearer AAAA.bbb-12345 ok", "sent with bearer *** ok"),
        ("postgresql://veilleuse:s3cr:et@db/veilleuse", "postgresql://veilleuse:***@db/veilleuse"),
        ("mailtos://claire:mdp@smtp.example.org?to=a@b.fr", "mailtos://claire:***@smtp.example.org?to=a@b.fr"),
        ("https://api.telegram.org/bot12345:AAE-x_y/sendMessage", "https://api.telegram.org/bot***/sendMessage"),
        ("fb_access_token=abc", "fb_access_token=***"),
        ("https://acme.example/page?id=1 at 10:12, 3 posts", "https://acme.example/page?id=1 at 10:12, 3 posts"),
        ("acme-x: X refused the credentials.", "acme-x: X refused the credentials."),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_and_the_rest_is_left(text: str, clean: str) -> None:
    assert redact(text) == clean


def test_values_under_a_telling_name_are_masked_whatever_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    structlog.get_logger().info(
        "x", access_token="short", api_key=1234, headers={"Authorization": "Basic abc", "Set-Cookie": ["a"], "n": 1}
    )
    (event,) = lines(capsys)
    assert (event["access_token"], event["api_key"]) == (MASK, MASK)
    assert event["headers"] == {"Authorization": MASK, "Set-Cookie": MASK, "n": 1}


@pytest.mark.parametrize(
    "leak",
    [
        "mailtos://claire:p%40ss-w0rd@smtp.example.org/?to=claire@example.org",
        "535 authentication failed for p@ss-w0rd",
        "p%40ss-w0rd",
    ],
)
def test_of_a_secret_address_the_password_alone_is_secret_too(leak: str) -> None:
    clean = Redactor(["mailtos://claire:p%40ss-w0rd@smtp.example.org/?to=claire@example.org"])(leak)
    assert "ss-w0rd" not in clean


def test_of_a_secret_address_the_tokens_in_its_path_are_secret_too() -> None:
    redactor = Redactor(["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "sqlite:////var/lib/veilleuse.db"])
    assert redactor("POST /services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ") == "POST /services/***/***/***"
    assert Redactor(["mailtos://smtp.example.org?pass=s3cr3t-word"])("with s3cr3t-word") == "with ***"
    assert redactor("veilleuse.db is fine") == "veilleuse.db is fine"


def test_a_very_short_secret_does_not_blank_out_the_rest() -> None:
    assert Redactor(["", "a", "ab "])("a cab in Paris") == "a cab in Paris"


def test_secrets_can_be_added_later(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    log = structlog.get_logger()
    configure("json", secrets=[CANARY])
    log.info("x", text=CANARY)
    assert [event["text"] for event in lines(capsys)] == [MASK]


@given(
    secret=st.text(min_size=4, max_size=40).filter(lambda s: MASK not in s and s.strip("*")),
    around=st.text(max_size=20),
)
def test_no_known_secret_survives_however_it_is_printed(secret: str, around: str) -> None:
    redactor = Redactor([secret])
    for printed in (secret, repr(secret), json.dumps(secret)):
        before, after = redactor(around + " "), redactor(" " + around)
        assert redactor(f"{around} {printed} {around}").count(secret) <= before.count(secret) + after.count(secret)


@given(st.text(max_size=300))
def test_redaction_never_fails_and_has_nothing_to_do_twice(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("piece", ["a", "a-", "access_token", "://", "bearer ", "oauth_", "x:@", " ", '"'])
def test_a_long_line_of_anything_is_redacted_in_a_moment(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    before = monotonic()
    redact(text)
    assert monotonic() - before < 5
