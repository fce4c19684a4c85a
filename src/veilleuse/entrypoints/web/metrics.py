"""/metrics: for Prometheus, without signing in. It names the accounts: only whom the configuration lets may read it."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from veilleuse.entrypoints.metrics import CONTENT_TYPE, exposition
from veilleuse.entrypoints.web.site import Site
from veilleuse.entrypoints.web.visitor import peer
from veilleuse.ports import StoreUnavailable

# What proxies add: who asks through one may be anybody, though the proxy sits beside us.
FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})


def endpoint(site: Site) -> Callable[[Request], object]:
    async def metrics(request: Request) -> Response:
        if FORWARDED & set(request.headers) or not site.settings.web.measured_from(peer(request)):
            return PlainTextResponse("Not from here: [web] metrics_from says who may read this.\n", 403)
        try:
            told = await run_in_threadpool(exposition, site, site.timings)
        except StoreUnavailable as away:
            return PlainTextResponse(f"{away}\n", 503)
        return Response(told, media_type=CONTENT_TYPE)

    return metrics
