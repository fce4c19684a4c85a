"""The year behind: on which days an account was active, by whose hand, and the silences between."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from veilleuse.domain.activity import Author
from veilleuse.domain.grade import Grade, grade

SPAN = timedelta(weeks=53)

Moment = tuple[datetime, Author]  # when something was said, aware UTC, and whose word it was


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A local day. `known` is False before the oldest thing known of the account, and after today."""

    date: date
    human: int = 0
    ours: int = 0
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Between two things the account did. Aware UTC; `until` None: it goes on. `broken_by` is whose word ended it."""

    since: datetime
    until: datetime | None
    length: timedelta
    broken_by: Author | None
    too_long: bool  # beyond the longest allowed

    @property
    def grade(self) -> Grade:
        return grade(self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """53 whole weeks, the last of them this one."""

    weeks: tuple[tuple[Day, ...], ...]  # from Monday to Sunday
    silences: tuple[Silence, ...]  # the longest first
    human: int
    ours: int

    @property
    def months(self) -> list[tuple[date, int, int]]:
        """Each month's first day, what was said by hand in it, and what by us."""
        sums: dict[date, tuple[int, int]] = {}
        for day in (day for week in self.weeks for day in week):
            human, ours = sums.get(day.date.replace(day=1), (0, 0))
            sums[day.date.replace(day=1)] = (human + day.human, ours + day.ours)
        return [(month, human, ours) for month, (human, ours) in sums.items()]


def year(
    moments: Iterable[Moment],
    *,
    zone: ZoneInfo,
    longest: timedelta,
    now: datetime,
    known_from: datetime | None = None,
) -> Year:
    """`moments`: all that counts as activity. `longest`: the longest allowed silence.

    `known_from`: nothing was missed since then; None: since the first of them.
    """
    known = sorted((moment for moment in moments if moment[0] <= now), key=lambda moment: moment[0])
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday()) - SPAN + timedelta(weeks=1)
    counts = Counter((at.astimezone(zone).date(), author) for at, author in known)
    since = min([*(at for at, _ in known[:1]), *([known_from] if known_from else [])], default=now)
    begin = since.astimezone(zone).date()
    days = [
        Day(
            date=day,
            human=counts[day, Author.HUMAN],
            ours=counts[day, Author.VEILLEUSE],
            known=begin <= day <= today,
        )
        for day in (first + timedelta(days=n) for n in range(SPAN.days))
    ]
    return Year(
        weeks=tuple(tuple(days[n : n + 7]) for n in range(0, len(days), 7)),
        silences=tuple(sorted(_silences(known, longest, now), key=lambda silence: silence.length, reverse=True)),
        human=sum(day.human for day in days),
        ours=sum(day.ours for day in days),
    )


def _silences(known: Sequence[Moment], longest: timedelta, now: datetime) -> Iterable[Silence]:
    for (since, _), (until, author) in pairwise(known):
        length = until - since
        yield Silence(since=since, until=until, length=length, broken_by=author, too_long=length > longest)
    if known:
        length = now - known[-1][0]
        yield Silence(since=known[-1][0], until=None, length=length, broken_by=None, too_long=length > longest)
