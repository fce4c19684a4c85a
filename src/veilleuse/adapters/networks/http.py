"""The transport under the client libraries: another address if asked, and a total deadline they do not have.

tweepy has no time-out at all, and a time-out in `requests` is per socket operation: a server that sends one byte a
second holds a call for ever. Here each call runs in a thread of its own and is abandoned at its deadline; an abandoned
call can no longer send.
"""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from socket import SHUT_RDWR, socket
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from veilleuse.adapters.networks.call import Answer, Broken, NotSent
from veilleuse.adapters.networks.http_errors import Endless, why
from veilleuse.adapters.networks.rates import Meter
from veilleuse.language import sentence

CONNECT_WITHIN = 10.0  # seconds
LARGEST = 16_000_000  # bytes of an answer, unpacked: a hundred times the longest page of a timeline
_PIECE = 65_536

# At DEBUG these write tokens, signatures and whole URLs; urllib3 also writes a URL with a warning.
for _name, _level in (
    ("oauthlib", logging.INFO),
    ("requests_oauthlib", logging.INFO),
    ("tweepy", logging.INFO),
    ("urllib3", logging.ERROR),
):
    logging.getLogger(_name).setLevel(_level)

_thread = threading.local()


class _Call:
    """One request on its way. `sent` and `abandoned` exclude each other at the moment of the first byte.

    `until` is on the clock of `time.monotonic`: a process that was stopped meanwhile wakes in every thread at once, and
    the one that sends may come before the one that abandons.
    """

    def __init__(self, until: float) -> None:
        self._until = until
        self.done = threading.Event()
        self.response: requests.Response | None = None
        self.error: BaseException | None = None
        self.sent = False
        self._abandoned = False
        self._lock = threading.Lock()
        self._socket: socket | None = None

    def sending(self, sock: socket | None) -> None:
        with self._lock:
            if self._abandoned or time.monotonic() >= self._until:
                raise TimeoutError
            self.sent = True
            self._socket = sock

    def abandon(self) -> None:
        with self._lock:
            self._abandoned = True
        if self._socket is not None:
            with suppress(OSError):  # closed meanwhile
                socket.shutdown(self._socket, SHUT_RDWR)


class _PlainConnection(HTTPConnection):
    """A connection that tells its call when the request itself begins: look-up, proxy and handshake are behind it."""

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        _thread.call.sending(self.sock)
        super().request(*args, **kwargs)


class _TlsConnection(_PlainConnection, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _PlainPool, "https": _TlsPool}


class Transport(HTTPAdapter):
    """Carries every request of one session. Raises only `NotSent` and `Broken`; keeps the last whole answer.

    With a meter it also raises what that knows of a limit: then the call has not gone out.

    Proxies and certificates come from the environment, because companies reach the internet through theirs.
    """

    def __init__(self, base_url: str | None = None, meter: Meter | None = None) -> None:
        super().__init__(max_retries=0)
        self._meter = meter
        self.poolmanager.pool_classes_by_scheme = _POOLS
        self.answer: Answer | None = None
        self._base = urlsplit(base_url.rstrip("/")) if base_url else None
        self._seconds, self._until = 0.0, 0.0

    def carry(self, session: requests.Session) -> None:
        """Take over a library's session: no other way out, no redirect followed, no password from ~/.netrc."""
        session.adapters.clear()
        session.mount("https://", self)
        session.max_redirects = 0
        session.auth = lambda request: request

    def start(self, seconds: float) -> None:
        """All requests from now on end within so many seconds, together."""
        self._seconds, self._until = seconds, time.monotonic() + seconds
        self.answer = None

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        self.answer = None
        left = self._until - time.monotonic()
        if left <= 0:
            raise NotSent(sentence("no time left of {seconds} s", seconds=f"{self._seconds:g}"))
        request = request.copy()
        request.url = url = self._address(str(request.url))
        method, path = str(request.method), urlsplit(url).path
        if self._meter is not None:
            self._meter.check(method, path)
        call = _Call(self._until)

        def work() -> None:
            _thread.call = call
            try:
                response = super(Transport, self).send(
                    request, timeout=(min(CONNECT_WITHIN, left), left), verify=verify, proxies=_proxies(url)
                )
                response._content = _whole(response)  # inside the deadline
                call.response = response
            except BaseException as error:
                call.error = error
            finally:
                call.done.set()

        threading.Thread(target=work, name="network-call", daemon=True).start()
        if not call.done.wait(left):
            call.abandon()
            late = sentence("no whole answer within {seconds} s", seconds=f"{self._seconds:g}")
            raise Broken(late) if call.sent else NotSent(late)
        if call.response is None:
            raise Broken(why(call.error)) if call.sent else NotSent(why(call.error))
        self.answer = Answer(
            status=call.response.status_code,
            headers={name.lower(): value for name, value in call.response.headers.items()},
            body=call.response.content,
        )
        if self._meter is not None:
            self._meter.note(method, path, self.answer)
        return call.response

    def _address(self, url: str) -> str:
        if self._base is None:
            return url
        parts = urlsplit(url)
        return urlunsplit(
            parts._replace(scheme=self._base.scheme, netloc=self._base.netloc, path=self._base.path + parts.path)
        )


def _whole(response: requests.Response) -> bytes:
    """The body. Unpacked piece by piece: `response.content` would fill the memory with whatever comes."""
    body = bytearray()
    with response:  # of one that is given up, nothing stays open
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > LARGEST:
                raise Endless
    return bytes(body)


def _proxies(url: str) -> dict[str, str]:
    """The environment's proxies for the address really called; this machine itself is never behind one."""
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        if ip_address(host).is_loopback:
            return {}
    return {} if host == "localhost" else get_environ_proxies(url)
