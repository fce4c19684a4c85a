"""A way to a server that cuts a call where a test says: before it arrives, or when the answer comes back."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

Cut = Literal["request", "answer"]


@dataclass(slots=True)
class CuttingProxy:
    """`cut`: what is lost of the next call whose request line and body hold `words`."""

    port: int
    words: bytes = b""
    cut: Cut | None = None
    meanwhile: Callable[[], None] | None = None  # what happens while that call is under way

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def cutting_proxy(server: str) -> Iterator[CuttingProxy]:
    """In front of a loopback `server` that closes each connection after its answer, as PHP's does."""
    host, _, port = server.removeprefix("http://").partition(":")
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = CuttingProxy(port=listener.getsockname()[1])

    def serve() -> None:
        with suppress(OSError):  # closed at the end
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    _carry(connection, (host, int(port)), proxy)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _carry(connection: socket.socket, server: tuple[str, int], proxy: CuttingProxy) -> None:
    request = _request(connection)
    cut = proxy.cut if proxy.words in request else None
    if cut:
        proxy.cut = None
    answer = b""
    if cut != "request":
        with socket.create_connection(server) as there:
            there.sendall(request)
            while part := there.recv(65536):
                answer += part
    if cut and proxy.meanwhile:
        proxy.meanwhile()
    if cut:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        connection.sendall(answer)


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return received
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lines = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lines[0].partition(b":")[2]) if lines else 0
    while len(body) < length:
        body += connection.recv(65536)
    return head.replace(b"Connection: keep-alive", b"Connection: close") + b"\r\n\r\n" + body
