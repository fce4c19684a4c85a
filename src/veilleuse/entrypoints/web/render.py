"""Templates: whole pages without any script, every text escaped, every date as the account's people know it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from veilleuse.bootstrap import SPECS
from veilleuse.domain import phrases
from veilleuse.entrypoints.web import words
from veilleuse.language import _, ngettext, spoken

if TYPE_CHECKING:
    from veilleuse.entrypoints.web.ask import Ask

INSTANT = timedelta(microseconds=1)  # from the first moment too late back to the last day
TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(span=phrases.span, spoken=spoken, month=month, words=words, specs=SPECS, instant=INSTANT)
    made.filters.update(safe_url=safe_url, stamp=stamp)
    return made


def render(template: str, ask: "Ask", **values: object) -> str:
    """That template with what every page needs, and these values."""
    now, zone = ask.now, ask.site.settings.timezone
    shared: Mapping[str, object] = {
        "ask": ask,
        "site": ask.site,
        "visitor": ask.visitor,
        "token": ask.visits.token(ask.visit),
        "now": now,
        "said": ask.request.query_params.get("said", "")[:500],
        "at": lambda moment, its=zone: phrases.at(moment, its, now),
        "day": lambda moment, its=zone: phrases.day(moment, its, now),
        "ago": lambda moment: phrases.ago(moment, now),
    }
    return _environment().get_template(template).render({**shared, **values})


def safe_url(address: str | None) -> str:
    """An address that may be followed; "" for any other, such as one that would run a script."""
    return address if address and address.startswith(("https://", "http://")) else ""


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """For `datetime` attributes and lists: "2026-11-20 10:12", local."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def month(day: date) -> str:
    """ "Nov", as the reader's language shortens it."""
    return format_date(day, "LLL", locale=spoken())
