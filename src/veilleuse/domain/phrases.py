"""Durations, moments and amounts as people say them, in the language of the moment."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo

from veilleuse.language import N_, NN_, _, ngettext

_WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday")),
    *(N_("Saturday"), N_("Sunday")),
)
_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
_SHORT = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)
_COUNTED = {
    "post": NN_("{count} post", "{count} posts"),
    "draft": NN_("{count} draft", "{count} drafts"),
    "published post": NN_("{count} published post", "{count} published posts"),
    "account": NN_("{count} account", "{count} accounts"),
    "cell": NN_("{count} cell", "{count} cells"),
    "channel": NN_("{count} channel", "{count} channels"),
    "use": NN_("{count} use", "{count} uses"),
    "time": NN_("{count} time", "{count} times"),
    "complete read": NN_("{count} complete read", "{count} complete reads"),
    "minute": NN_("{count} minute", "{count} minutes"),
    "thing": NN_("{count} thing", "{count} things"),
    "turn": NN_("{count} turn", "{count} turns"),
    "wording": NN_("{count} wording", "{count} wordings"),
    "error": NN_("{count} error", "{count} errors"),
    "warning": NN_("{count} warning", "{count} warnings"),
    "note": NN_("{count} note", "{count} notes"),
    "approved post": NN_("{count} approved post", "{count} approved posts"),
}

_lasting: ContextVar[bool] = ContextVar("lasting", default=False)


@contextmanager
def lasting() -> Iterator[None]:
    """What is said inside, in this thread, is kept and may be read another day: no "today", no "tomorrow"."""
    token = _lasting.set(True)
    try:
        yield
    finally:
        _lasting.reset(token)


def span(length: timedelta) -> str:
    """ "2 days", "5 hours", "1 minute": the largest whole unit; never negative."""
    seconds = max(0, int(length.total_seconds()))
    if (days := seconds // 86_400) > 0:
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if (hours := seconds // 3_600) > 0:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    if (minutes := seconds // 60) > 0:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return _("less than a minute")


def ago(moment: datetime, now: datetime) -> str:
    """ "2 days ago"; both aware."""
    return _("{span} ago").format(span=span(now - moment))


def day(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "today", "tomorrow", "Friday 27 November", with the year when it is another; `lasting`, always the date."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    return _near(local, today) or date_in_full(local, today)


def until(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "until today", "until Friday 27 November"."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if near := _near(local, today):
        return _("until {near_day}").format(near_day=near)
    return _("until {date}").format(date=date_in_full(local, today))


def at(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Friday 27 November at 10:12", in that zone."""
    return _("{day} at {time}").format(day=day(moment, zone, now), time=clock(moment, zone))


def until_at(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "until Friday 27 November at 10:12", in that zone."""
    return _("{until_day} at {time}").format(until_day=until(moment, zone, now), time=clock(moment, zone))


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """ "10:12", in that zone."""
    local = moment.astimezone(zone)
    # French: on the hour it is "9 h".
    pattern = _("{hour:02}:{minute:02}") if local.minute else _("{hour:02}:00")
    return pattern.format(hour=local.hour, minute=local.minute)


def month(number: int) -> str:
    """ "Jan" for 1: three letters, no two the same."""
    return _(_SHORT[number - 1])


def date_in_full(day: date, today: date) -> str:
    """ "Friday 27 November", with the year when it is another than today's."""
    # French: the first of a month.
    pattern = _("{weekday} 1 {month}") if day.day == 1 else _("{weekday} {number} {month}")
    said = pattern.format(weekday=_(_WEEKDAYS[day.weekday()]), number=day.day, month=_(_MONTHS[day.month - 1]))
    return said if day.year == today.year else f"{said} {day.year}"


def named(what: object, said: object) -> str:
    """ "acme-x: it is quiet", as the language sets a colon."""
    return _("{name}: {what}").format(name=what, what=said)


def linked(*parts: object) -> str:
    """ "it is closed; nothing is said", as the language sets a semicolon; what is empty is left out."""
    return _("; ").join(str(part) for part in parts if str(part))


def all_of(names: Iterable[object]) -> str:
    """ "a and b and c"."""
    return _(" and ").join(str(name) for name in names)


def any_of(names: Iterable[object]) -> str:
    """ "a or b or c"."""
    return _(" or ").join(str(name) for name in names)


def count(number: int, noun: str) -> str:
    """ "1 post", "3 posts": of the nouns in `_COUNTED`."""
    one, many = _COUNTED[noun]
    return ngettext(one, many, number).format(count=number)


def decimal(number: Decimal | float, places: int | None = None) -> str:
    """ "0.20": rounded to that many places, or as it is written; with the language's decimal mark."""
    whole, mark, rest = (str(number) if places is None else f"{number:.{places}f}").partition(".")
    return _("{whole}.{decimals}").format(whole=whole, decimals=rest) if mark else whole


def size(count: int) -> str:
    """ "5.1 MB" for 5,000,001 bytes: rounded up, so that what is too large never looks like what is allowed."""
    if count < 1_000_000:
        return _("{size} kB").format(size=ceil(count / 1_000))
    if count < 1_000_000_000:
        return _("{size} MB").format(size=decimal(ceil(count / 100_000) / 10, 1))
    return _("{size} GB").format(size=decimal(ceil(count / 100_000_000) / 10, 1))


def _near(local: date, today: date) -> str:
    if _lasting.get():
        return ""
    if local == today:
        return _("today")
    return _("tomorrow") if local == today + timedelta(days=1) else ""
