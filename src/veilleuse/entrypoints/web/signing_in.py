"""Signing in with a password, and out again."""

import threading
from http import HTTPStatus
from math import ceil

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.responses import RedirectResponse, Response

from veilleuse.entrypoints.web.ask import Ask, inside, keep
from veilleuse.language import _

log = structlog.get_logger()

BUSY_AFTER = 5.0  # seconds of waiting for others' passwords
LONGEST = 1000  # characters of a password
LONGEST_NAME = 50  # longer than any

_hasher = PasswordHasher()
_one_at_a_time = threading.Lock()  # each check costs megabytes on purpose: a crowd of guesses must not take them all


def show(ask: Ask) -> Response:
    if ask.visitor is not None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    return ask.page("sign_in.html", name="", wrong="", next=inside(ask.request.query_params.get("next", "")))


def sign_in(ask: Ask) -> Response:
    name, next_ = ask.text("name").lower()[:LONGEST_NAME], inside(ask.text("next"))
    if not _one_at_a_time.acquire(timeout=BUSY_AFTER):
        return ask.page("sign_in.html", 503, name=name, wrong=_("Too many at once. Try again."), next=next_)
    try:
        return _one_try(ask, name, next_)
    finally:
        _one_at_a_time.release()


def _one_try(ask: Ask, name: str, next_: str) -> Response:
    """While no other is under way: those that come together are counted like those that follow each other."""
    patience = ask.site.patience
    if wait := patience.wait(ask.address, name):
        minutes = ceil(wait / 60)
        wrong = _("Too many wrong passwords. Try again in {minutes} minutes.").format(minutes=minutes)
        response = ask.page("sign_in.html", 429, name=name, wrong=wrong, next=next_)
        response.headers["retry-after"] = str(ceil(wait))
        return response
    if not _is_known(ask, name, str(ask.form.get("password", ""))):
        patience.failed(ask.address, name)
        known = name if name in ask.site.people else None  # what is no name may be a password in the wrong field
        log.warning("page.sign_in_refused", name=known, address=ask.address)
        wrong = _("This name and this password do not belong together.")
        return ask.page("sign_in.html", 403, name=name, wrong=wrong, next=next_)
    patience.succeeded(ask.address, name)
    response = RedirectResponse(next_ or "/", HTTPStatus.SEE_OTHER)
    keep(response, ask, ask.visits.begin(ask.site.people[name]))
    return response


def sign_out(ask: Ask) -> Response:
    response = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    keep(response, ask, ask.visits.begin())
    return response


def _is_known(ask: Ask, name: str, password: str) -> bool:
    """Takes as long for a name that does not exist: somebody else's hash is checked in its place."""
    people = ask.site.people.values()
    person = ask.site.people.get(name)
    held = person.password if person else None
    against = held or next((other.password for other in people if other.password), None)
    if against is None or len(password) > LONGEST:
        return False
    try:
        _hasher.verify(against, password)
    except (VerificationError, InvalidHashError):
        return False
    return held is not None
