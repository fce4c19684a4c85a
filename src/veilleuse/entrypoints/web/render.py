"""Templates: whole pages without any script, every text escaped, every date as the account's people know it."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from veilleuse.bootstrap import SPECS
from veilleuse.domain import phrases
from veilleuse.entrypoints import words
from veilleuse.entrypoints.deed_words import detail, done_to
from veilleuse.language import _, ngettext, spoken

INSTANT = timedelta(microseconds=1)  # from the first moment too late back to the last day
_TICKED = re.compile("`([^`]+)`")
TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


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
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    made.globals.update(span=phrases.span, spoken=spoken, month=month, words=words, specs=SPECS, instant=INSTANT)
    made.globals.update(done_to=done_to, detail=detail)
    made.filters.update(safe_url=safe_url, stamp=stamp, ticks=ticks)
    return made


def render(template: str, values: Mapping[str, object]) -> str:
    """That template with these values, in the language of the moment."""
    return _environment().get_template(template).render(values)


def alone(template: str, **values: object) -> Iterator[str]:
    """The pieces of a page that needs nothing beside it: its style stands inside, and nothing else may be loaded."""
    css = "".join((STATIC / name).read_text("utf-8") for name in ("style.css", "report.css"))
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' file: data:; base-uri 'none'"
    return _environment().get_template(template).generate(css=Markup(css), policy=policy, **values)  # noqa: S704 - our own files


def safe_url(address: str | None) -> str:
    """An address that may be followed; "" for any other, such as one that would run a script."""
    return address if address and address.startswith(("https://", "http://")) else ""


def ticks(text: str) -> Markup:
    """A sentence of ours, its `commands` set as code."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(f"{text}"))))  # noqa: S704 - escaped a moment before


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """For `datetime` attributes and lists: "2026-11-20 10:12", local."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def month(day: date) -> str:
    """ "Nov", as the reader's language shortens it."""
    return format_date(day, "LLL", locale=spoken())
