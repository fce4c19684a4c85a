"""The sandbox itself: one loopback server, every made-up network, one ledger."""

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR, socket
from typing import Any, Self

from veilleuse.ports import Clock
from veilleuse.sandbox import deliver
from veilleuse.sandbox.control import control
from veilleuse.sandbox.faults import Fault
from veilleuse.sandbox.wire import Response, parse
from veilleuse.sandbox.world import World

_SILENCE = 60.0  # seconds until an unanswered connection is closed


class Sandbox(World):
    """Made-up networks on 127.0.0.1."""

    def __init__(self, clock: Clock, *, port: int = 0, state_file: Path | None = None) -> None:
        super().__init__(clock, state_file=state_file)
        self.stopping = threading.Event()
        self._server = _Server(port, self)
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Response | None, Fault | None]:
        """The answer to one request and the fault it travels with; no answer: the connection is dropped."""
        request, now = parse(method, target, headers, body), self.now()
        if "html" not in headers.get("accept", ""):
            for network in self.networks.values():
                call = network.understand(request, now)
                if isinstance(call, Response):
                    return call, None
                if call is not None:
                    fault = self.faults.take(call.presence.identity, call.sort)
                    return deliver.outcome(call, fault), fault
        return control(request, self), None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.connections: set[socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def shutdown_request(self, request: Any) -> None:
        self.close_request(request)  # without a polite end first, so that a reset is one

    def close(self) -> None:
        for connection in tuple(self.connections):
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    connection: socket

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:  # the client was killed
            self.close_connection = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        sandbox = self.server.sandbox
        response, fault = sandbox.answer(self.command, self.path, headers, body)
        if response is None:
            if fault is Fault.SILENCE_AFTER:
                sandbox.stopping.wait(_SILENCE)
            deliver.reset(self.connection)
            self.close_connection = True
            return
        dated = deliver.date(sandbox.now(), fault)
        try:
            for piece in deliver.pieces(response, dated, fault, sandbox.stopping):
                self.wfile.write(piece)
        except OSError:  # the client went away, as it should from a slow answer
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what happened stands in the ledger."""


def serve(port: int, accounts: Iterable[tuple[str, str, str]], clock: Clock, state_file: Path | None = None) -> Sandbox:
    """Start a sandbox with accounts given as (network, identity, title), and return it running; `stop()` ends it."""
    sandbox = Sandbox(clock, port=port, state_file=state_file)
    for network, identity, title in accounts:
        if network in sandbox.networks:  # an outbox needs no server
            sandbox.add(network, identity, title=title)
    return sandbox.start()
