"""/metrics: for Prometheus, without signing in. It names the accounts: only whom the configuration lets may read it."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from veilleuse.entrypoints.metrics import CONTENT_TYPE, exposition
from veilleuse.entrypoints.supplies import Supplies
from veilleuse.entrypoints.web.site import Site
from veilleuse.entrypoints.web.visitor import peer, proxied
from veilleuse.ports import StoreUnavailable

SHARE = 0.1  # of the time is spent measuring at most: with very many accounts an answer serves several questions


class Measurements:
    """The newest exposition, made anew when it is old enough for what it cost."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._supplies = Supplies()
        self._lock = Lock()
        self._told = b""
        self._good_until = 0.0

    def read(self) -> bytes:
        """Raises StoreUnavailable."""
        with self._lock:
            begun = monotonic()
            if begun >= self._good_until:
                self._told = exposition(self._site, self._site.timings, self._supplies)
                ended = monotonic()
                self._good_until = ended + (ended - begun) / SHARE
            return self._told


def endpoint(site: Site) -> Callable[[Request], object]:
    measurements = Measurements(site)

    async def metrics(request: Request) -> Response:
        if proxied(request) or not site.settings.web.measured_from(peer(request)):
            return PlainTextResponse("Not from here: [web] metrics_from says who may read this.\n", 403)
        try:
            told = await run_in_threadpool(measurements.read)
        except StoreUnavailable as away:
            return PlainTextResponse(f"{away}\n", 503)
        return Response(told, media_type=CONTENT_TYPE)

    return metrics
