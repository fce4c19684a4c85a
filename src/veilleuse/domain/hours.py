"""When an account may speak: local windows, quiet days and public holidays, judged in the account's zone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from veilleuse.domain.holidays import public_holiday
from veilleuse.language import _, sentence

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HORIZON = timedelta(days=400)  # hours that open nowhere within it never open

Window = tuple[int, int]  # minutes since local midnight, end exclusive, at most 24:00
Week = tuple[tuple[Window, ...], ...]  # seven days, Monday first
Span = tuple[datetime, datetime]  # aware UTC, end exclusive

ALWAYS: Week = (((0, 24 * 60),),) * 7
DAILY_8_TO_20: Week = (((8 * 60, 20 * 60),),) * 7

_CLOCK = re.compile(r"(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When an account may speak."""

    zone: ZoneInfo
    week: Week = DAILY_8_TO_20
    holidays: str | None = None  # country code, with an optional subdivision ("FR", "DE-BY")
    quiet_days: tuple[tuple[date, date], ...] = ()  # local dates, both ends inclusive

    def closed_because(self, day: date) -> str | None:
        """Why the whole local day is closed, or None."""
        for first, last in self.quiet_days:
            if first <= day <= last:
                return _("a quiet day")
        name = public_holiday(self.holidays, day) if self.holidays else None
        if name:
            return _("a public holiday ({name})").format(name=name)
        return None if self.week[day.weekday()] else _("a closed day")

    def spans(self, day: date) -> Iterator[Span]:
        """The open spans of one local day, in order. A clock change shortens or stretches them."""
        if self.closed_because(day):
            return
        for start, end in self.week[day.weekday()]:
            opens, closes = self._moment(day, start, fold=0), self._moment(day, end, fold=1)
            if opens < closes:
                yield opens, closes

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open at that aware moment."""
        return any(opens <= moment < closes for opens, closes in self.spans(moment.astimezone(self.zone).date()))

    def next_open(self, moment: datetime) -> datetime | None:
        """The first open moment at or after an aware one, in UTC; None if nothing opens within 400 days."""
        day = moment.astimezone(self.zone).date()
        for _day in range(HORIZON.days):
            for opens, closes in self.spans(day):
                if moment < closes:
                    return max(moment, opens).astimezone(UTC)
            day += timedelta(days=1)
        return None

    def last_span(self, *, after: datetime, before: datetime) -> Span | None:
        """The last open span between two aware moments, cut to them; None if all is closed."""
        day = before.astimezone(self.zone).date()
        while day >= after.astimezone(self.zone).date():
            for opens, closes in reversed(list(self.spans(day))):
                span = (max(opens, after), min(closes, before))
                if span[0] < span[1]:
                    return span
            day -= timedelta(days=1)
        return None

    def _moment(self, day: date, minutes: int, *, fold: int) -> datetime:
        if minutes == 24 * 60:
            day, minutes = day + timedelta(days=1), 0
        local = datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).replace(fold=fold)
        return local.astimezone(UTC)


def parse_week(entries: Sequence[str]) -> Week:
    """Read `hours`: "always", or "DAYS HH:MM-HH:MM[,HH:MM-HH:MM]"; DAYS is "daily" or Mon ... Sun with "," and "-".

    Raises ValueError with a sentence naming the entry and the mend.
    """
    if not entries:
        raise ValueError(sentence('no hours at all; write "always" or, say, "Mon-Fri 09:00-18:00"'))
    week: list[list[Window]] = [[] for _day in DAYS]
    for entry in entries:
        if entry.strip().lower() == "always":
            return ALWAYS
        days, _, windows = entry.strip().rpartition(" ")
        if not days:
            raise ValueError(
                sentence('"{entry}" has no days; write, say, "Mon-Fri 09:00-18:00" or "daily 08:00-20:00"', entry=entry)
            )
        parsed = [_window(part.strip(), entry) for part in windows.split(",")]
        for day in _days(days.replace(" ", ""), entry):
            week[day].extend(parsed)
    for name, spans in zip(DAYS, week, strict=True):
        spans.sort()
        for (_, end), (start, _) in pairwise(spans):
            if start < end:
                raise ValueError(sentence("two windows of {day} overlap; join them into one", day=name))
    return tuple(tuple(spans) for spans in week)


def _window(text: str, entry: str) -> Window:
    ends = text.split("-")
    moments = [_CLOCK.fullmatch(end.strip()) for end in ends]
    if len(ends) != 2 or not all(moments):
        raise ValueError(
            sentence('"{text}" in "{entry}" is not HH:MM-HH:MM; write, say, 09:00-18:00', text=text, entry=entry)
        )
    start, end = (int(m[1]) * 60 + int(m[2]) for m in moments if m)
    if any(int(m[2]) > 59 for m in moments if m) or max(start, end) > 24 * 60:
        raise ValueError(
            sentence('"{text}" in "{entry}" is not a time of day; hours go from 00:00 to 24:00', text=text, entry=entry)
        )
    if start >= end:
        raise ValueError(
            sentence(
                '"{text}" in "{entry}" crosses midnight or is empty; write it as two windows on two days',
                text=text,
                entry=entry,
            )
        )
    return start, end


def _days(text: str, entry: str) -> Iterator[int]:
    if text.lower() == "daily":
        yield from range(7)
        return
    names = {day.lower(): index for index, day in enumerate(DAYS)}
    for part in text.split(","):
        ends = [names.get(end.lower()) for end in part.split("-")]
        if None in ends or len(ends) > 2:
            raise ValueError(
                sentence(
                    '"{part}" in "{entry}" is no day; days are {days}, joined by "," and "-"',
                    part=part,
                    entry=entry,
                    days=", ".join(DAYS),
                )
            )
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        if first > last:
            raise ValueError(
                sentence('"{part}" in "{entry}" runs backwards; write it as two parts', part=part, entry=entry)
            )
        yield from range(first, last + 1)
