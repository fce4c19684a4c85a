"""The rule: how long an account may stay silent, and when it must speak."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from veilleuse.domain.activity import Kind
from veilleuse.domain.hours import Hours

LAST_CALL = timedelta(minutes=30)  # how long before closing we speak when the next opening would be too late


class Approval(StrEnum):
    FILE = "file"
    SIGNED = "signed"


class WhenBlind(StrEnum):
    SILENT = "silent"
    SPEAK = "speak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One account's rule. Defaults are the seeds' figure: a short message every week."""

    hours: Hours = field(default_factory=lambda: Hours(zone=ZoneInfo("UTC")))
    max_silence: timedelta = timedelta(days=7)
    lead: timedelta = timedelta(days=1)
    min_gap: timedelta = timedelta(hours=20)
    max_per_day: int = 2  # local days
    activity: frozenset[Kind] = frozenset({Kind.POST})
    approval: Approval = Approval.FILE
    when_blind: WhenBlind = WhenBlind.SILENT

    def __post_init__(self) -> None:
        if self.lead >= self.max_silence:
            raise ValueError("lead must be shorter than max_silence")

    @property
    def zone(self) -> ZoneInfo:
        return self.hours.zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When an account must speak, and why then. Aware UTC."""

    at: datetime | None  # None: its hours never open
    limit: datetime | None  # the end of its longest allowed silence; None: never active
    overdue: bool  # never active, or past its limit already: one post at the next opening, at a pace
    breach: bool  # the hours stay closed past the limit, and no earlier opening was left


def due(rule: Rule, account: str, last_activity: datetime | None, now: datetime) -> Due:
    """Last activity + max_silence - lead + spread, then the next open moment; never in closed hours.

    If the hours stay closed past the limit, the last half hour of the last opening before, if the minimum gap allows;
    else the first opening after, and the breach is announced.
    """
    if last_activity is None:
        return Due(at=rule.hours.next_open(now), limit=None, overdue=True, breach=False)
    limit = last_activity + rule.max_silence
    if limit <= now:
        return Due(at=rule.hours.next_open(now), limit=limit, overdue=True, breach=False)
    target = max(now, limit - rule.lead + spread(account, last_activity, rule.lead))
    opening = rule.hours.next_open(target)
    if opening is not None and opening <= limit:
        return Due(at=opening, limit=limit, overdue=False, breach=False)
    earlier = rule.hours.last_span(after=max(now, last_activity + rule.min_gap), before=max(now, target))
    if earlier is None and rule.hours.is_open(now) and now >= last_activity + rule.min_gap:
        return Due(at=now, limit=limit, overdue=False, breach=False)
    if earlier is not None:
        opens, closes = earlier
        return Due(at=max(opens, closes - LAST_CALL), limit=limit, overdue=False, breach=False)
    return Due(at=opening, limit=limit, overdue=False, breach=True)


def turn(rule: Rule, due: Due, spoke_at: datetime | None) -> datetime | None:
    """When it may speak: when due, but never within the minimum gap of our own last post; None: no opening."""
    if due.at is None or spoke_at is None or due.at >= spoke_at + rule.min_gap:
        return due.at
    return rule.hours.next_open(spoke_at + rule.min_gap)


def spread(account: str, last_activity: datetime, lead: timedelta) -> timedelta:
    """10 to 60 % of the lead, the same for an account and the UTC day of its activity.

    Forty accounts do not speak at one moment; and a forecast still holds when a post goes out some seconds late.
    """
    seed = hashlib.sha256(f"{account}|{last_activity.astimezone(UTC):%Y-%m-%d}".encode()).digest()
    fraction = int.from_bytes(seed[:8], "big") / 2**64
    return lead * (0.1 + 0.5 * fraction)
