"""The year as a picture: a line an account, a mark a week."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import click

from veilleuse.domain import phrases
from veilleuse.language import N_, _
from veilleuse.services.forecast import AccountForecast

WEEK = timedelta(days=7)
POST, RESERVE, CALL, SILENT, STILL, QUIET = "●", "◐", "○", "×", "─", "·"
COLOURS = {POST: "green", RESERVE: "yellow", CALL: "red", SILENT: "bright_red", STILL: "red", QUIET: "bright_black"}
LEGEND = {
    POST: N_("a post"),
    RESERVE: N_("from the reserve"),
    CALL: N_("must speak, nothing approved"),
    SILENT: N_("silent too long"),
    STILL: N_("and still"),
    QUIET: N_("nothing due"),
}
MONTH_WIDTH = 4  # a name and a blank; a month has at least four weeks
FEWEST = 13  # weeks of one line, however narrow the terminal


def picture(forecasts: Sequence[AccountForecast], now: datetime, zone: ZoneInfo, *, width: int) -> Iterator[str]:
    """Lines of at most `width` columns; a year that needs more goes on below. Months are those of `zone`.

    Where there is room for it, a line ends with the day until which the account has something to say.
    """
    margin = max(len(each.account.name) for each in forecasts) + 2
    weeks = max((-((now - each.forecast.end) // WEEK) for each in forecasts), default=0)
    room = max(FEWEST, width - margin)
    rows = {each.account.name: _still([mark(each, now + n * WEEK) for n in range(weeks)]) for each in forecasts}
    ends = {each.account.name: f"  {_lasts(each)}" for each in forecasts}
    told = margin + weeks + max(map(len, ends.values()), default=0) <= width
    for first in range(0, weeks, room):
        span = range(first, min(first + room, weeks))
        yield (" " * margin + _months([(now + n * WEEK).astimezone(zone) for n in span])).rstrip()
        for name, marks in rows.items():
            coloured = "".join(click.style(marks[n], fg=COLOURS[marks[n]]) for n in span)
            yield f"{name:<{margin}}{coloured}{click.style(ends[name], dim=True) if told else ''}"
    seen = {found for marks in rows.values() for found in marks}
    yield ""
    yield "  ".join(f"{click.style(found, fg=COLOURS[found])} {_(LEGEND[found])}" for found in LEGEND if found in seen)


def mark(found: AccountForecast, begin: datetime) -> str:
    """What the week from that aware moment on looks like; what needs a human shows before all else."""
    end = begin + WEEK
    turns = [turn for turn in found.forecast.turns if begin <= turn.at < end]
    if found.held_up_by is not None:
        return SILENT
    if any(turn.post is None for turn in turns):
        return CALL
    if any(turn.reserve for turn in turns):
        return RESERVE
    if turns:
        return POST
    before = next((turn for turn in reversed(found.forecast.turns) if turn.at < begin), None)
    dry = before is not None and before.post is None and (before.limit is None or before.limit < end)
    return SILENT if dry else QUIET


def _still(marks: Sequence[str]) -> list[str]:
    """Silence is marked where it begins, and goes on as a line."""
    return [STILL if (before, found) == (SILENT, SILENT) else found for before, found in pairwise(["", *marks])]


def _lasts(found: AccountForecast) -> str:
    told, zone = found.forecast, found.account.rule.zone
    if found.held_up_by is not None:
        return _("held up")
    return (
        _("until {date:%d %b}").format(date=told.dry_at.astimezone(zone))
        if told.dry_at is not None
        else _("to the end")
    )


def _months(weeks: Sequence[datetime]) -> str:
    """The name of each month above its first week; not of the one under way when the next begins too soon after."""
    starts = [n for n, week in enumerate(weeks) if n == 0 or week.month != weeks[n - 1].month]
    if len(starts) > 1 and starts[1] < MONTH_WIDTH:
        del starts[0]
    line = ""
    for n in starts:
        line = f"{line:<{n}}{phrases.month(weeks[n].month)}"
    return line
