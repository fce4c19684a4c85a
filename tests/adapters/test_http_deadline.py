"""The transport: a call ends by its deadline however the server dawdles, goes nowhere else, and says what was sent."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import run
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from tests.loopback import Say, http, loopback
from veilleuse.adapters.networks import http as transport_module
from veilleuse.adapters.networks.call import Broken, NotSent
from veilleuse.adapters.networks.http import Transport

DEADLINE = 0.3
PATIENCE = 3.0  # for a busy machine; the servers here dawdle longer


@contextmanager
def session(base_url: str) -> Iterator[tuple[Transport, requests.Session]]:
    transport = Transport(base_url)
    with requests.Session() as session:
        transport.carry(session)
        transport.start(DEADLINE)
        yield transport, session


def drip(answer: bytes) -> Say:
    def say(connection: socket.socket) -> None:
        for byte in answer:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    return say


def head_then(rest: Say) -> Say:
    def say(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        rest(connection)

    return say


def keep_silent(connection: socket.socket) -> None:
    connection.settimeout(5)
    connection.recv(1)  # until the client goes


def chunks_for_ever(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1\r\na\r\n")
        time.sleep(0.02)


DAWDLERS = {
    "silence": keep_silent,
    "dripped headers": drip(http("200 OK", b"", *(f"X-{n}: {'a' * 50}" for n in range(20)))),
    "dripped body": head_then(drip(b"a" * 1000)),
    "a body that stops": head_then(keep_silent),
    "chunks for ever": chunks_for_ever,
}


@pytest.mark.parametrize("say", DAWDLERS.values(), ids=DAWDLERS)
def test_a_call_ends_by_its_deadline(say: Say) -> None:
    with loopback([say]) as server, session(server.url) as (_, asking):
        started = monotonic()
        with pytest.raises(Broken, match=r"within|in time"):  # the deadline's word, or the socket's just before
            asking.get("https://api.example.com/")
        assert monotonic() - started < DEADLINE + PATIENCE
        for thread in threading.enumerate():
            if thread.name == "network-call":  # the connection was cut, so it does not linger either
                thread.join(1)
                assert not thread.is_alive()


def test_the_deadline_is_for_all_requests_together() -> None:
    with loopback([http("200 OK")]) as server, session(server.url) as (_, asking):
        asking.get("https://api.example.com/")
        time.sleep(DEADLINE)
        with pytest.raises(NotSent, match="no time left"):
            asking.get("https://api.example.com/")
    assert len(server.heads) == 1


def test_a_call_given_up_during_the_look_up_never_sends_later(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def slow(*args: Any, **kwargs: Any) -> object:
        time.sleep(DEADLINE + 0.2)
        return look_up(*args, **kwargs)

    with loopback([http("200 OK")]) as server, session(server.url) as (_, asking):
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        with pytest.raises(NotSent, match="within"):
            asking.post("https://api.example.com/", data=b"a")
        monkeypatch.undo()
        time.sleep(0.4)
    assert server.heads == []


def test_a_program_that_was_stopped_until_the_deadline_passed_no_longer_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def stopped(*args: Any, **kwargs: Any) -> object:  # it wakes here, before who would abandon the call
        monkeypatch.setattr(transport_module, "time", SimpleNamespace(monotonic=lambda: monotonic() + 60))
        return look_up(*args, **kwargs)

    with loopback([http("200 OK")]) as server, session(server.url) as (_, asking):
        monkeypatch.setattr(socket, "getaddrinfo", stopped)
        with pytest.raises(NotSent):
            asking.post("https://api.example.com/", data=b"a")
        monkeypatch.undo()
    assert server.heads == []


BROKEN = {
    "closed at once": lambda connection: None,
    "half a status": lambda connection: connection.sendall(b"HTT"),
    "half a body": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
    "not HTTP": lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9\r\n\r\n"),
    "bad gzip": lambda connection: connection.sendall(http("200 OK", b"abc", "Content-Encoding: gzip")),
}


@pytest.mark.parametrize("say", BROKEN.values(), ids=BROKEN)
def test_what_broke_after_sending_says_so(say: Say) -> None:
    with loopback([say]) as server, session(server.url) as (transport, asking), pytest.raises(Broken):
        asking.post("https://api.example.com/", data=b"a")
    assert len(server.heads) == 1
    assert transport.answer is None


def test_the_address_is_rewritten_below_the_base_and_nothing_else_is() -> None:
    with (
        loopback([http("200 OK", b"hello", "X-Seen: yes")]) as server,
        session(server.url + "/api/") as (transport, asking),
    ):
        asking.get("https://api.example.com/2/users/me?a=%C3%A9")
    assert server.heads[0].startswith(b"GET /api/2/users/me?a=%C3%A9 HTTP/1.1")
    assert f"Host: 127.0.0.1:{server.port}".encode() in server.heads[0]
    assert transport.answer is not None
    seen = (transport.answer.status, transport.answer.body, transport.answer.headers["x-seen"])
    assert seen == (200, b"hello", "yes")


def test_a_redirect_is_followed_nowhere() -> None:
    with loopback([http("200 OK")]) as elsewhere:
        moved = http("307 Temporary Redirect", b"", f"Location: {elsewhere.url}/")
        with (
            loopback([moved]) as server,
            session(server.url) as (_, asking),
            pytest.raises(requests.TooManyRedirects),
        ):
            asking.post("https://api.example.com/", data=b"token")
    assert elsewhere.heads == []


def test_this_machine_is_never_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback([http("200 OK")]) as proxy, loopback([http("200 OK")]) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        with session(server.url) as (_, asking):
            asking.get("https://api.example.com/")
    assert (len(server.heads), len(proxy.heads)) == (1, 0)


def test_the_companys_proxy_is_used_for_the_world_and_its_refusal_means_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with loopback([http("407 Proxy Authentication Required")]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with session("https://api.example.com") as (_, asking), pytest.raises(NotSent, match="proxy"):
            asking.post("https://api.example.com/2/tweets", data=b"a")
    assert proxy.heads[0].startswith(b"CONNECT api.example.com:443")


def test_a_password_in_netrc_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login claire password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with loopback([http("200 OK")]) as server, session(server.url) as (_, asking):
        asking.get("https://api.example.com/")
    assert b"authorization" not in server.heads[0].lower()


@pytest.mark.parametrize(
    ("date", "known"),
    [
        ("Fri, 20 Nov 2026 09:00:00 GMT", True),
        ("Fri, 20 Nov 2026 10:00:00 +0100", True),
        ("yesterday", False),
        ("", False),
    ],
)
def test_the_servers_date_is_read_or_said_to_be_unknown(date: str, known: bool) -> None:
    with loopback([http("200 OK", b"", f"Date: {date}")]) as server, session(server.url) as (transport, asking):
        asking.get("https://api.example.com/")
    assert transport.answer is not None
    told = transport.answer.date
    assert (told.isoformat() if told else None) == ("2026-11-20T09:00:00+00:00" if known else None)


def test_knowing_the_networks_loads_no_client() -> None:
    code = "import sys, veilleuse.adapters.networks; print({'tweepy', 'facebook', 'requests'} & set(sys.modules))"
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"
