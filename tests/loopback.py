"""A loopback server that says exactly the bytes a test gives it, however wrong, and remembers what it was asked."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Loopback:
    port: int
    heads: list[bytes] = field(default_factory=list)  # request line and headers of each request
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


Say = Callable[[socket.socket], None]


@contextmanager
def loopback(answers: Sequence[bytes | Say]) -> Iterator[Loopback]:
    """Each connection gets the next answer (the last one again and again): bytes, or a function of the socket."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Loopback(port=listener.getsockname()[1])
    stopping = threading.Event()

    def serve() -> None:
        for number in range(1000):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                if stopping.is_set():
                    return
                answer = answers[min(number, len(answers) - 1)]
                try:
                    _remember(connection, server)
                    answer(connection) if callable(answer) else connection.sendall(answer)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stopping.set()
        with socket.create_connection(("127.0.0.1", server.port)):
            pass
        thread.join(5)
        listener.close()


def _remember(connection: socket.socket, server: Loopback) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    server.heads.append(head)
    server.bodies.append(body)


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    """An HTTP/1.1 answer as bytes, the connection closed after it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
