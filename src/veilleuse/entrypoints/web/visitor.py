"""Who is asking."""

from dataclasses import dataclass

from starlette.requests import Request

from veilleuse.config import Person, Role
from veilleuse.domain.account import Account
from veilleuse.entrypoints.web.site import Site
from veilleuse.entrypoints.web.visit import Visit
from veilleuse.language import liked

FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})  # what proxies add


class Stranger(Exception):
    """The proxy vouches for somebody the configuration does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`person` is None on a page that is open to this machine: then nobody can act, since nobody could be named."""

    person: Person | None
    by_proxy: bool = False  # it says who it is, and ends the visit

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @property
    def acts(self) -> bool:
        """May freeze and acknowledge: stopping must not wait for the right person."""
        return self.person is not None

    @property
    def approves(self) -> bool:
        """May do what makes something be said: sign, veto, thaw, drop posts."""
        return self.person is not None and self.person.role is Role.APPROVER

    def signs_for(self, account: Account) -> bool:
        return self.approves and self.name in account.may_approve


def visitor(request: Request, site: Site, visit: Visit) -> Visitor | None:
    """None: they must sign in first. Raises Stranger."""
    web, people = site.settings.web, site.people
    if web.user_header and web.trusts(peer(request)) and (said := request.headers.get(web.user_header)):
        known = people.get(said.strip().lower())
        if known is None:
            raise Stranger(said.strip())
        return Visitor(person=known, by_proxy=True)
    person = people.get(visit.name)
    if person is not None and visit.proves(person):
        return Visitor(person=person)
    return None if site.guarded or proxied(request) else Visitor(person=None)


def proxied(request: Request) -> bool:
    """Whether a proxy says that it passes this on: who asks through one may be anybody, though it sits beside us."""
    return bool(FORWARDED & set(request.headers))


def peer(request: Request) -> str:
    return request.client.host if request.client else ""


def address(request: Request, site: Site) -> str:
    """Where the person sits: behind a trusted proxy, as that one says."""
    asking = peer(request)
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if forwarded and site.settings.web.trusts(asking) else asking


def language(request: Request, site: Site, who: Visitor | None) -> str:
    """The person's; of somebody not signed in, the one their browser likes best."""
    if who is not None and who.person is not None:
        return who.person.language
    return liked(request.headers.get("accept-language", "")) or site.settings.language
