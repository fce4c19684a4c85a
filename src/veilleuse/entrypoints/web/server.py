"""Serving the page from a thread of the daemon. It may fall; the accounts are kept alive all the same."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn

from veilleuse.entrypoints.web.app import application
from veilleuse.entrypoints.web.connection import Connection
from veilleuse.entrypoints.web.site import Site
from veilleuse.entrypoints.web.trouble import PortTaken
from veilleuse.language import sentence

log = structlog.get_logger()

AT_ONCE = 64  # requests; more are told to come back
STOPS_WITHIN = 5  # seconds: a request under way is waited for


@contextmanager
def serving(site: Site, listen: tuple[str, int]) -> Iterator[str]:
    """Its address, such as "http://127.0.0.1:8080". Raises PortTaken."""
    host, port = listen
    try:
        listener = _listener(host, port)
    except OSError as why:
        raise PortTaken(
            sentence(
                "the page cannot be served on {host}:{port}: {why}. Change [web] listen.",
                host=host,
                port=port,
                why=why.strerror,
            )
        ) from None
    config = uvicorn.Config(
        application(site),
        http=Connection,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who is behind a proxy is judged by [web] trusted_proxies
        limit_concurrency=AT_ONCE,
        timeout_graceful_shutdown=STOPS_WITHIN,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="page", daemon=True)
    thread.start()
    bound = listener.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
    log.info("page.served", address=address)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(STOPS_WITHIN + 1)
        listener.close()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
