"""The application: which page answers where, and what it asks of its visitor."""

from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from veilleuse.entrypoints.web import account, alerts, drop, freeze, health, history, metrics, now, signing_in
from veilleuse.entrypoints.web.ask import Need, Page, Pages
from veilleuse.entrypoints.web.guard import Guard
from veilleuse.entrypoints.web.site import Site

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"

SHOWN: tuple[tuple[str, Page, Need], ...] = (
    ("/", now.show, Need.LOOK),
    ("/sign-in", signing_in.show, Need.NOTHING),
    ("/accounts/{account}", account.show, Need.LOOK),
    ("/images/{sha256}", account.image, Need.LOOK),
    ("/alerts", alerts.show, Need.LOOK),
    ("/history", history.show, Need.LOOK),
    ("/freeze", freeze.show, Need.LOOK),
    ("/drop", drop.show, Need.LOOK),
    ("/drop/{token}", drop.verdicts, Need.APPROVE),
)
DONE: tuple[tuple[str, Page, Need], ...] = (
    ("/sign-in", signing_in.sign_in, Need.NOTHING),
    ("/sign-out", signing_in.sign_out, Need.NOTHING),
    ("/accounts/{account}/sign", account.sign, Need.APPROVE),
    ("/accounts/{account}/veto", account.veto, Need.ACT),
    ("/accounts/{account}/release", account.release, Need.APPROVE),
    ("/alerts/acknowledge", alerts.acknowledge, Need.ACT),
    ("/freeze", freeze.freeze, Need.ACT),
    ("/thaw", freeze.thaw, Need.APPROVE),
    ("/drop", drop.stage, Need.APPROVE),
    ("/drop/{token}", drop.confirm, Need.APPROVE),
)


def application(site: Site) -> ASGIApp:
    """Every page of that house."""
    pages = Pages(site)

    async def sorry(request: Request, error: Exception) -> Response:
        return pages.sorry(request, error.status_code if isinstance(error, HTTPException) else 500)

    async def failed(request: Request, error: Exception) -> Response:
        log.error("page.failed", path=request.url.path, exc_info=error)
        return pages.sorry(request, 500)

    app = Starlette(
        routes=[
            Route("/healthz", health.endpoint(site), methods=["GET"]),
            Route("/metrics", metrics.endpoint(site), methods=["GET"]),
            *(Route(path, pages(page, need), methods=["GET"]) for path, page, need in SHOWN),
            *(Route(path, pages(page, need), methods=["POST"]) for path, page, need in DONE),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        exception_handlers={HTTPException: sorry, Exception: failed},
    )
    return Guard(app, web=site.settings.web, sorry=pages.sorry)
