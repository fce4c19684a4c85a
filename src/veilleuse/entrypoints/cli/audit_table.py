"""An audit on a terminal: a table of figures, and below it each account's year, a mark a week. 80 columns do."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

import click

from veilleuse.domain import phrases
from veilleuse.domain.audit import Audit
from veilleuse.domain.grade import HOLIDAY, Grade, grade
from veilleuse.domain.year import Day
from veilleuse.entrypoints.audit_words import NOTHING, by_hand, called, per_week, sources, word
from veilleuse.language import N_, _, spoken

WIDTH = 80
GAP = 2  # columns between two
NAME = WIDTH - 53 - GAP  # the most columns of a name: the rest of the line is the year's weeks
SHORTEST = 8  # columns of a name
COLOURS: dict[Grade | None, str] = {
    Grade.ALIVE: "green",
    Grade.HOLIDAY: "yellow",
    Grade.LITTLE: "yellow",
    Grade.PROBLEM: "red",
    Grade.DEAD: "bright_red",
    Grade.ASLEEP: "bright_red",
    Grade.EMPTY: "bright_red",
    None: "bright_black",
}
HANDS, OURS, QUIET, SILENT, UNKNOWN = "●", "◆", "·", "─", " "
LEGEND = {
    HANDS: N_("by hand"),
    OURS: N_("by veilleuse"),
    QUIET: N_("a quiet week"),
    SILENT: N_("a long silence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the figures; `align` as a format says it."""

    head: str
    cell: Callable[[Audit], str]
    align: str = ">"
    style: Callable[[Audit], Mapping[str, Any]] = lambda _audit: {}


def lines(found: Sequence[Audit], now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Everything that is to be seen of these audits."""
    table, room = _figures(found)
    yield from table
    yield ""
    yield from _pictures(found, room)
    notes = [(each, line) for each in found for line in _notes(each, now, zone)]
    if notes:
        yield ""
    for each, line in notes:
        yield from _wrapped(phrases.named(called(each), line))
    yield ""
    for line in sources(found):
        yield from _wrapped(line)


def network(found: Audit) -> str:
    return found.subject.network


def _figures(found: Sequence[Audit]) -> tuple[list[str], int]:
    """The table, and how wide it lets names be: what else must be told has its room first."""
    wanted = min(NAME, max(len(called(each)) for each in found))
    columns = [c for c in COLUMNS if c.cell is not by_hand or any(each.subject.own for each in found)]
    if _room(columns, found) < wanted:
        columns = [column for column in columns if column.cell is not network]  # a name tells as much
    cells = [[column.cell(each) for each in found] for column in columns]
    widths = [_width(column, found) for column in columns]
    room = min(wanted, max(SHORTEST, _room(columns, found)))

    def line(name: str, texts: Sequence[str], styles: Sequence[Mapping[str, Any]]) -> str:
        padded = [f"{text:{c.align}{width}}" for text, c, width in zip(texts, columns, widths, strict=True)]
        padded[-1] = padded[-1].rstrip()
        styled = (click.style(text, **style) for text, style in zip(padded, styles, strict=True))
        return (" " * GAP).join([name, *styled])

    heads = line(" " * room, [_(column.head) for column in columns], [{"dim": True}] * len(columns))
    rows = zip(found, zip(*cells, strict=True), strict=True)
    table = [
        line(click.style(_name(each, room), bold=True), row, [column.style(each) for column in columns])
        for each, row in rows
    ]
    return [heads, *table], room


def _width(column: Column, found: Sequence[Audit]) -> int:
    return max(map(len, (_(column.head), *(column.cell(each) for each in found))))


def _room(columns: Sequence[Column], found: Sequence[Audit]) -> int:
    """The columns left for names."""
    return WIDTH - sum(_width(column, found) + GAP for column in columns)


def _pictures(found: Sequence[Audit], room: int) -> Iterator[str]:
    margin = " " * (room + GAP)
    yield margin + click.style(_months([week[0] for week in found[0].year.weeks]), dim=True)
    seen: set[str] = set()
    for each in found:
        marks = [mark(each, week) for week in each.year.weeks]
        seen |= {sign for sign, _colour in marks}
        strip = "".join(click.style(sign, fg=colour) for sign, colour in marks)
        yield f"{_name(each, room)}{' ' * GAP}{strip}"
    strangers = all(not each.subject.own for each in found)
    legend = {**LEGEND, HANDS: N_("a post")} if strangers else LEGEND
    yield ""
    yield margin + "  ".join(f"{sign} {_(told)}" for sign, told in legend.items() if sign in seen)


def mark(found: Audit, week: Sequence[Day]) -> tuple[str, str]:
    """One week in a sign, and its colour."""
    if any(day.human for day in week):
        return HANDS, "cyan"
    if any(day.ours for day in week):
        return OURS, "yellow"
    if found.grade is None or not any(day.known for day in week):
        return UNKNOWN, "bright_black"
    inside = [
        s
        for s in found.year.silences
        if s.since.date() <= week[0].date and (not s.until or week[0].date <= s.until.date())
    ]
    lasted = max((silence.length for silence in inside), default=timedelta(0))
    if lasted < HOLIDAY:
        return QUIET, "bright_black"
    return SILENT, COLOURS[grade(lasted)]


def _notes(each: Audit, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    if each.note:
        yield str(each.note)
    if each.known_from is not None:
        yield _("known since {day} only.").format(day=phrases.day(each.known_from, zone, now))


def _months(weeks: Sequence[Day]) -> str:
    """Each month above its first week: three letters where they tell months apart (not juin and juil.), else one."""
    from babel.dates import get_month_names

    names = get_month_names("abbreviated", context="stand-alone", locale=spoken())
    letters = 3 if len({name[:3] for name in names.values()}) == len(names) else 1
    line = ""
    for number, week in enumerate(weeks):
        if number and week.date.month != weeks[number - 1].date.month:
            line = f"{line:<{number}}{names[week.date.month][:letters].capitalize()}"
    return line


def _wrapped(text: str) -> Iterator[str]:
    for line in wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False):
        yield click.style(line, dim=True)


def _name(found: Audit, width: int) -> str:
    name = called(found)
    return f"{name:<{width}}" if len(name) <= width else f"{name[: width - 1]}…"


def _span(length: timedelta | None) -> str:
    return NOTHING if length is None else phrases.span(length)


COLUMNS = (
    Column(head=N_("network"), cell=network, align="<"),
    Column(
        head=N_("silent for"),
        cell=lambda each: _span(each.silence),
        style=lambda each: {"fg": "red"} if each.too_long else {},
    ),
    Column(head=N_("longest"), cell=lambda each: _span(each.longest.length if each.longest else None)),
    Column(head=N_("a week"), cell=per_week),
    Column(head=N_("by hand"), cell=by_hand),
    Column(head=N_("grade"), cell=word, align="<", style=lambda each: {"fg": COLOURS[each.grade], "bold": True}),
)
