"""A doubt (a call that perhaps published) is settled by reading, never by sending again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.attempt import Attempt, NotLive, Outcome, Published
from veilleuse.domain.text import normalise
from veilleuse.language import sentence

CALL_DEADLINE = timedelta(seconds=60)  # after send_before, no byte of the call can still be under way
EMPTY_READS = 3  # complete reads that showed nothing new, before a post may be called absent
BLOCKS_FOR = timedelta(hours=3)  # an unsettled attempt blocks its account so long; then only its post
REREAD_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Surely not live: the post may be said again, later and behind the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Blocks its post, no longer its account."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    empty: bool  # this read was complete, late enough, and showed nothing new


Settlement = Found | Absent | Held | Waits


def match(text: str, entries: Collection[Entry], taken: Collection[str]) -> list[Entry]:
    """The entries that show this text and whose ids are not taken; equal after normalisation, never merely alike."""
    wanted = normalise(text)
    return [entry for entry in entries if entry.remote_id not in taken and normalise(entry.text) == wanted]


def settle(
    attempt: Attempt,
    reading: Reading,
    *,
    bound: Collection[str],
    absence_after: timedelta | None,
    now: datetime,
    shown: Collection[Entry] = (),
) -> Settlement:
    """What one read back to the attempt's cursor says about it. `now` is aware UTC; `bound` are ids with a receipt.

    `shown`: what reads since have shown of that time. What is gone by now may have been this post, in other words.
    """
    taken = attempt.baseline | frozenset(bound)
    matching = match(attempt.payload.text, reading.entries, taken)
    if matching:  # created_at only breaks ties
        return Found(entry=min(matching, key=lambda entry: abs(entry.created_at - attempt.created_at)))
    quiet_since = attempt.send_before + CALL_DEADLINE
    late_enough = now > quiet_since
    something_new = any(entry.remote_id not in taken for entry in (*reading.entries, *shown))
    empty = late_enough and reading.complete and not something_new
    if attempt.outcome is not Outcome.HELD:
        if late_enough and something_new:
            return Held(why=sentence("the account shows something newer that is not this post"))
        if now >= attempt.created_at + BLOCKS_FOR:
            return Held(why=sentence("three hours of reading did not settle it"))
    reads = attempt.empty_reads + empty
    if empty and reads >= EMPTY_READS and absence_after is not None and now >= quiet_since + absence_after:
        return Absent()
    return Waits(empty=empty)


def settle_exactly(attempt: Attempt, trace: Published | NotLive, *, now: datetime) -> Published | Absent | None:
    """What a network's exact answer says of it; None: the call may still be under way. `now` is aware UTC."""
    if isinstance(trace, Published):
        return trace
    return Absent() if now > attempt.send_before + CALL_DEADLINE else None


def next_read(attempt: Attempt, now: datetime) -> datetime:
    """When to read again for this attempt: at growing intervals after it was written. Aware UTC."""
    age = now - attempt.created_at
    for after in REREAD_AFTER:
        if age < after:
            return min(attempt.created_at + after, now + after)  # a clock set back does not put it off
    return now + REREAD_AFTER[-1]
