"""/healthz: for machines, without signing in. It says what is not well, and nothing that anybody must not know."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from veilleuse.entrypoints.web.site import Site


def endpoint(site: Site) -> Callable[[Request], object]:
    async def healthz(request: Request) -> Response:
        unwell = await run_in_threadpool(site.unwell)
        if unwell:
            return JSONResponse({"status": "unwell", "unwell": list(unwell)}, 503)
        return JSONResponse({"status": "ok"})

    return healthz
