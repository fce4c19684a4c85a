"""The heartbeat out, heard by a real server on loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from structlog.testing import capture_logs

from tests.loopback import Say, loopback
from veilleuse.adapters import heartbeat
from veilleuse.adapters.heartbeat import HttpHeartbeat

heard: list[str] = []
bodies: list[str] = []


class Watcher(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        heard.append(self.path)
        self.send_response(200 if "well" in self.path else 404)
        self.end_headers()

    def do_POST(self) -> None:
        bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def watcher() -> Iterator[str]:
    heard.clear()
    bodies.clear()
    server = HTTPServer(("127.0.0.1", 0), Watcher)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_is_heard(watcher: str) -> None:
    HttpHeartbeat(lambda: f"{watcher}/well").beat()
    assert heard == ["/well"]


def test_without_an_address_it_is_silent(watcher: str) -> None:
    HttpHeartbeat(lambda: None).beat()
    assert heard == []


@pytest.mark.parametrize("path", ["/gone-5ecre7", ":1/dead-5ecre7"])
def test_a_watcher_that_does_not_listen_is_logged_without_its_address(watcher: str, path: str) -> None:
    address = f"{watcher}{path}" if path.startswith("/") else f"http://127.0.0.1{path}"
    with capture_logs() as logs:
        HttpHeartbeat(lambda: address).beat()
    assert logs
    assert "5ecre7" not in str(logs)


@pytest.mark.parametrize(
    ("address", "path"),
    [("/well", "/well/fail"), ("/well/", "/well/fail"), ("/well?create=1", "/well/fail?create=1")],
)
def test_what_is_not_well_is_told_at_fail(watcher: str, address: str, path: str) -> None:
    HttpHeartbeat(lambda: f"{watcher}{address}").beat(["the last alert did not arrive", "no look was finished"])
    assert heard == [path]
    assert bodies == ["the last alert did not arrive\nno look was finished"]


def drip(client: socket.socket) -> None:
    """An answer that never ends, a byte at a time: no single wait is ever long."""
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        client.sendall(b"x")
        time.sleep(0.05)


def flood(client: socket.socket) -> None:
    """An answer larger than any memory."""
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        client.sendall(bytes(1_000_000))


@pytest.mark.parametrize("answer", [drip, flood])
@pytest.mark.parametrize("unwell", [[], ["no look was finished"]])
def test_a_watcher_whose_answer_never_ends_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, answer: Say, unwell: list[str]
) -> None:
    monkeypatch.setattr(heartbeat, "TIMEOUT", 0.5)
    with loopback([answer]) as server, capture_logs() as logs:
        begun = time.monotonic()
        HttpHeartbeat(lambda: f"{server.url}/5ecre7").beat(unwell)
        assert time.monotonic() - begun < 5
    assert [log["event"] for log in logs] == ["heartbeat.not_sent"]
    assert "5ecre7" not in str(logs)
