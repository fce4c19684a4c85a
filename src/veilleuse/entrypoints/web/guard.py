"""The guard before every page: under which name it is asked, how much is sent, and what browsers are told."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from veilleuse.config import Web

UPLOAD = 11_000_000  # bytes of a form with a file; whoever keeps the file judges it
FORM = 100_000

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with "no-referrer" browsers would not say where a form comes from
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
STATIC = "/static/"  # the same for everybody: kept by browsers, which ask whether it has changed
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
OURS = frozenset({"same-origin", "none"})  # what browsers say of forms that no other site has sent


class Guard:
    def __init__(self, app: ASGIApp, *, web: Web, sorry: Callable[[Request, int], Response]) -> None:
        self._app = app
        self._sorry = sorry
        self._names = LOCAL | {name for name in (web.listen and web.listen[0], _host(web.address or "")) if name}
        self._any_name = not web.loopback and web.address is None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        most = left = UPLOAD if scope["path"] == "/drop" else FORM

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer.setdefault(name, value)
                answer.setdefault("cache-control", "no-cache" if scope["path"].startswith(STATIC) else "no-store")
            await send(message)

        if status := self._refused(scope, headers, most):
            response = await run_in_threadpool(self._sorry, Request(scope), status)
            await response(scope, receive, told)
        else:
            await self._app(scope, counted, told)

    def _refused(self, scope: Scope, headers: Headers, most: int) -> int | None:
        """A name that is not ours is what a rebound DNS name asks under."""
        if not self._any_name and _host(f"//{headers.get('host', '')}") not in self._names:
            return HTTPStatus.MISDIRECTED_REQUEST
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "none") not in OURS:
            return HTTPStatus.FORBIDDEN
        length = headers.get("content-length", "0")
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if not length.isdecimal() or int(length) > most else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
