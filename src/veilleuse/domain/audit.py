"""An audit: how alive one account is, by what is known of its year. Anybody's account, not only one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from veilleuse.domain.activity import Author, Entry
from veilleuse.domain.grade import Grade, grade, grade_of_blog
from veilleuse.domain.year import Moment, Silence, Year, year

TWELVE_MONTHS = timedelta(days=365)
ENOUGH = timedelta(weeks=2)  # known for less than this, a rhythm is a guess
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose audit it is."""

    name: str  # the account's name in the configuration; of anybody else's, its address
    network: str  # as people say it: "X"
    handle: str
    own: bool
    blog: bool = False
    url: str | None = None  # where its posts were read
    max_silence: timedelta | None = None  # its own rule's


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was read of somebody's account, newest first. Since `known_from` (aware UTC) nothing was missed."""

    subject: Subject
    entries: tuple[Entry, ...]
    known_from: datetime | None


def reached(entries: Iterable[Entry], since: datetime, *, complete: bool) -> datetime | None:
    """Since when nothing was missed, by one read back to `since` that was complete, or by what stands there.

    Both aware UTC. None: since the oldest of the entries.
    """
    return since if complete or any(entry.created_at <= since for entry in entries) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Figures of the twelve months behind. Times are aware UTC. `note`: what people must know of them, a sentence."""

    subject: Subject
    year: Year
    posts: int
    last_at: datetime | None
    last_by: Author | None
    silence: timedelta | None
    longest: Silence | None  # between two posts, or since the last: what came before the first is nobody's silence
    per_week: float | None  # None: known for too short a while
    by_hand: float | None  # the share said by people, 0 to 1; None: it said nothing, or who did is not known
    grade: Grade | None  # None: nothing is known of it
    known_from: datetime | None  # when that is later than twelve months ago
    note: str = ""

    @property
    def too_long(self) -> bool:
        """Silent for longer than its own rule allows."""
        allowed = self.subject.max_silence
        return self.silence is not None and allowed is not None and self.silence > allowed


def audit(
    subject: Subject,
    moments: Iterable[Moment],
    *,
    known_from: datetime | None,
    zone: ZoneInfo,
    now: datetime,
    read: bool = True,
    note: str = "",
) -> Audit:
    """`moments`: all that is known, the year before too. `known_from`: since then nothing was missed; None: since the
    first of them. `read`: whether its timeline was ever seen; an account that was not is not called empty.
    """
    known = sorted((moment for moment in moments if moment[0] <= now), key=lambda moment: moment[0])
    begin = now - TWELVE_MONTHS
    since = min([*(at for at, _ in known[:1]), *([known_from] if known_from else [])], default=now)
    before = [moment for moment in known if moment[0] < begin][-1:]
    within = [moment for moment in known if moment[0] >= begin]
    span = now - max(since, begin)
    limit = subject.max_silence or timedelta.max
    seen = year([*before, *within], zone=zone, longest=limit, now=now, known_from=known_from)
    last_at, last_by = known[-1] if known else (None, None)
    silence = now - last_at if last_at else None
    every = span / len(within) if within and span >= WEEK else None
    judged = grade_of_blog(silence, every) if subject.blog else grade(silence)
    return Audit(
        subject=subject,
        year=seen,
        posts=len(within),
        last_at=last_at,
        last_by=last_by if subject.own else None,
        silence=silence,
        longest=seen.silences[0] if seen.silences else None,
        per_week=len(within) / (span / WEEK) if span >= ENOUGH else None,
        by_hand=sum(by is Author.HUMAN for _, by in within) / len(within) if within and subject.own else None,
        grade=judged if known or read else None,
        known_from=since if known and since > begin else None,
        note=note,
    )
