"""Connections to the page as it is served: whoever is slow, or holds many, keeps nobody else out."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.web.house import WebHouse
from veilleuse.entrypoints.web import connection
from veilleuse.entrypoints.web.server import serving

FORM = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\ntoken="


@pytest.fixture
def port(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(connection, "WITHIN", 0.4)
    monkeypatch.setattr(connection, "MOST", 5)
    with serving(house.site, ("127.0.0.1", 0)) as address:
        yield int(address.rpartition(":")[2])


def is_closed(client: socket.socket) -> bool:
    """Within two seconds, whatever is said before."""
    client.settimeout(2)
    try:
        while client.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("said", [b"", b"GET / HT", FORM], ids=["nothing", "half a head", "half a form"])
def test_a_connection_that_never_ends_its_request_is_closed(port: int, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(said)
        assert is_closed(client)


def test_who_asks_again_and_again_keeps_the_connection(port: int) -> None:
    browser = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        for _ in range(4):
            browser.request("GET", "/healthz")
            with browser.getresponse() as answer:
                assert (answer.status, answer.read()) == (200, b'{"status":"ok"}')
            kept = browser.sock
            time.sleep(0.2)
        assert browser.sock is kept
    finally:
        browser.close()


def test_one_connection_too_many_is_closed_at_once(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as client:
        assert is_closed(client)
    assert time.monotonic() - begun < 0.3
    for each in held:
        each.close()
