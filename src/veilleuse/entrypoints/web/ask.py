"""One request, as a page sees it; and how a page becomes an endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from urllib.parse import quote

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.entrypoints.web.render import render
from veilleuse.entrypoints.web.site import Site
from veilleuse.entrypoints.web.visit import COOKIE, LASTS, Visit, Visits
from veilleuse.entrypoints.web.visitor import Stranger, Visitor, address, language, visitor
from veilleuse.language import N_, _, speaking
from veilleuse.ports import StoreUnavailable

log = structlog.get_logger()

FIELDS = 20  # of one form


class Need(Enum):
    """What a page asks of its visitor."""

    NOTHING = "nothing"
    LOOK = "look"
    ACT = "act"  # freeze, acknowledge
    APPROVE = "approve"  # what makes something be said


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Everything a page may look at. `visitor` is None where nobody has signed in yet."""

    site: Site
    request: Request
    visitor: Visitor | None
    visit: Visit
    visits: Visits
    form: FormData
    now: datetime
    address: str

    @property
    def who(self) -> Visitor:
        if self.visitor is None:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        return self.visitor

    def text(self, name: str) -> str:
        """A field of the form; "" if it is missing or a file."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def account(self) -> Account:
        """The one named in the address. Raises 404."""
        found = self.site.accounts.get(self.request.path_params["account"])
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """That template, in the visitor's language."""
        return HTMLResponse(render(template, {**self._shared(), **values}), status)

    def _shared(self) -> dict[str, object]:
        """What every page needs; moments are told in the house's zone unless another is given."""
        now, house = self.now, self.site.settings.timezone
        return {
            "again": inside(self.request.url.path),
            "site": self.site,
            "visitor": self.visitor,
            "token": self.visits.token(self.visit),
            "now": now,
            "said": self.visits.unseal(self.visit, self.request.query_params.get("said", "")),
            "at": lambda moment, zone=house: phrases.at(moment, zone, now),
            "day": lambda moment, zone=house: phrases.day(moment, zone, now),
            "ago": lambda moment: phrases.ago(moment, now),
        }

    def back(self, path: str, said: str) -> Response:
        """To another page, which says what was done."""
        return RedirectResponse(f"{path}?said={self.visits.seal(self.visit, said)}", HTTPStatus.SEE_OTHER)


def inside(path: str) -> str:
    """A page of ours to go on to, never another site's."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""


Page = Callable[[Ask], Response]


class Pages:
    """Makes endpoints of pages: who is asking, in which language, with a form that is really ours."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._visits = Visits(site.key)

    def __call__(self, page: Page, need: Need = Need.LOOK) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            form = await request.form(max_files=1, max_fields=FIELDS) if request.method == "POST" else FormData()
            try:
                return await run_in_threadpool(self._answer, page, need, request, form)
            finally:
                await form.close()

        return endpoint

    def sorry(self, request: Request, status: int) -> Response:
        """A page that says what went wrong."""
        return self._answer(lambda ask: _sorry(ask, status), Need.NOTHING, request, FormData(), checked=False)

    def _answer(self, page: Page, need: Need, request: Request, form: FormData, *, checked: bool = True) -> Response:
        held = self._visits.read(request.cookies.get(COOKIE))
        visit = held or self._visits.begin()
        stranger = ""
        try:
            who = visitor(request, self._site, visit)
        except Stranger as unknown:
            who, stranger = None, str(unknown)
        with speaking(language(request, self._site, who)):
            ask = Ask(
                site=self._site,
                request=request,
                visitor=who,
                visit=visit,
                visits=self._visits,
                form=form,
                now=self._site.clock.now(),
                address=address(request, self._site),
            )
            if stranger and need is not Need.NOTHING:
                response = _sorry(ask, 403, _(STRANGER).format(name=stranger[:80]))
            elif checked and request.method == "POST" and not self._visits.owns(visit, ask.text("token")):
                response = _sorry(ask, 403)
            else:
                response = self._shown(page, need, ask)
        if held is None and COOKIE not in response.headers.get("set-cookie", ""):
            keep(response, ask, visit)
        return response

    def _shown(self, page: Page, need: Need, ask: Ask) -> Response:
        try:
            if refused := _refusal(need, ask):
                return refused
            return page(ask)
        except StoreUnavailable as why:
            log.warning("page.database", why=str(why))
            return _sorry(ask, 503)
        except HTTPException as why:
            return _sorry(ask, why.status_code)


def keep(response: Response, ask: Ask, visit: Visit) -> None:
    """Let the browser keep this visit."""
    response.set_cookie(
        COOKIE,
        ask.visits.cookie(visit),
        max_age=LASTS,
        httponly=True,
        samesite="lax",
        secure=ask.site.settings.web.secure,
    )


def _refusal(need: Need, ask: Ask) -> Response | None:
    if need is Need.NOTHING:
        return None
    if ask.visitor is None:
        if not ask.site.by_password:
            return _sorry(ask, 401) if ask.site.guarded else _sorry(ask, 403, _(CLOSED))
        wanted = ask.request.url.path if ask.request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={quote(wanted)}", HTTPStatus.SEE_OTHER)
    if (need is Need.ACT and not ask.visitor.acts) or (need is Need.APPROVE and not ask.visitor.approves):
        return _sorry(ask, 403, _(ROLE))
    return None


def _sorry(ask: Ask, status: int, why: str = "") -> Response:
    return ask.page("sorry.html", status, why=why or _(SORRY.get(status, SORRY[500])), code=status)


STRANGER = N_("The proxy says you are {name}, whom the configuration does not know.")
ROLE = N_("Your role does not allow this. Nothing was changed.")
CLOSED = N_(
    "Nobody can sign in here, so only this machine itself may look, and not through a proxy. Give somebody a password: "
    "veilleuse passwd NAME."
)
SORRY = {
    400: N_("This form came in damaged. Nothing was changed."),
    401: N_("Come by way of the proxy: it says who you are."),
    403: N_("This form was not sent from this page, or the page has stood open for too long. Nothing was changed."),
    404: N_("There is no such page."),
    410: N_("This file is kept no longer. Drop it again."),
    405: N_("There is no such page."),
    413: N_("That is larger than the page takes (10 MB). Nothing was kept."),
    421: N_("The page is not known under this name. Add it to the configuration: [web] address."),
    503: N_("The database does not answer just now. Nothing was changed; try again in a minute."),
    500: N_("Something went wrong that should not. It stands in the log; nothing more is known here."),
}
