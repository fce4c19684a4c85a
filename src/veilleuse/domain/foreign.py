"""What another tool's file holds, named by what it means here, and its dates, which may be read in two ways."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from veilleuse.domain.written import Wrong, moment
from veilleuse.language import sentence

_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)[,\s]*(.*)", re.ASCII)
_HALF_DAY = re.compile(r"(.*?)(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*([ap])\.?m\.?", re.ASCII | re.IGNORECASE)
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", re.ASCII)


class DateOrder(StrEnum):
    """What comes first in 01/02/2027."""

    US = "us"  # the month
    FR = "fr"  # the day


class ForeignRow(NamedTuple):
    """One post of another tool. `line` as the spreadsheet shows it."""

    line: int
    text: str
    when: object = ""  # a text, or a date as a workbook knows it
    link: str = ""
    media: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    rows: tuple[ForeignRow, ...]
    dropped: Mapping[str, int]  # columns that mean nothing here, and how many of their cells are filled
    divider: str = ""  # what divides several wordings in one cell, if this tool has such a sign
    note: str = ""  # what to tell of the file as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One row brought over, or (`left_out`) not; `remarks` are what a person should know of it, each a sentence."""

    line: int
    text: str
    not_before: datetime | None = None  # aware UTC
    link: str = ""
    alt: str = ""
    remarks: tuple[str, ...] = ()
    left_out: bool = False


class DateUnclear(Wrong):
    """A date that only the person who has the file can read: which of its numbers is the month?"""


def is_dated(cell: str) -> bool:
    """Whether a cell begins with a date in figures."""
    return _DATED.match(cell.strip()) is not None


def read_when(written: object, *, zone: ZoneInfo, order: DateOrder | None) -> datetime:
    """When a post was to be sent, as aware UTC; what names no zone is local to `zone`. Raises Wrong, DateUnclear."""
    if isinstance(written, str) and is_dated(written):
        written = _with_24_hours(written.strip())
        if slashed := _SLASHED.fullmatch(written):
            written = _in_order(written, slashed, order)
    return moment(written, zone=zone, language="en", end=False)


def _in_order(written: str, slashed: re.Match[str], order: DateOrder | None) -> str:
    first, second, year, rest = slashed.groups()
    if order is None:
        raise DateUnclear(
            sentence('"{written}" may be read month first or day first.', written=written[:40]),
            sentence("Say which: --dates us (the month first) or --dates fr (the day first)."),
        )
    month, day = (first, second) if order is DateOrder.US else (second, first)
    if int(month) > 12:
        other = DateOrder.FR if order is DateOrder.US else DateOrder.US
        raise DateUnclear(
            sentence('"{written}" has no month {month}.', written=written[:40], month=month),
            sentence("Say --dates {other} if that holds for all; else mend this row.", other=other),
        )
    return f"{year if len(year) == 4 else f'20{year}'}-{month}-{day} {rest}".strip()


def _with_24_hours(written: str) -> str:
    """ "2 PM" as 14:00."""
    found = _HALF_DAY.fullmatch(written)
    if not found or not 1 <= int(found[2]) <= 12:
        return written
    hour = int(found[2]) % 12 + (12 if found[4] in "pP" else 0)
    return f"{found[1]}{hour:02}:{found[3] or '00'}"
