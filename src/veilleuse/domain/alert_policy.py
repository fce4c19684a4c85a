"""When an alert opens, is told, is told again, and is over: what one look found, against what was known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from veilleuse.domain.alert import (
    CLEAR_AFTER,
    NEVER_ESCALATED,
    NEWS,
    OPEN_AFTER,
    REOPEN_SILENTLY,
    RESTLESS,
    TRANSIENT,
    URGENT,
    Alert,
    Condition,
    Finding,
    Told,
)

A_MOMENT = timedelta(minutes=5)  # two machines' clocks may differ by so much
LAPSES = timedelta(minutes=15)  # what a daemon says of its own clock holds while it goes on saying so
URGENT_STANDS = timedelta(minutes=30)  # an urgent condition that came back is told again once it has stood so long

# The end of the left is no all-clear while one of the right is open for the same account: it only got worse.
WORSE: Mapping[Condition, frozenset[Condition]] = {
    Condition.RUNWAY_LOW: frozenset({Condition.NOTHING_ELIGIBLE}),
    Condition.LIVING_ON_RESERVES: frozenset({Condition.NOTHING_ELIGIBLE}),
    Condition.HOURS_CLOSED: frozenset({Condition.LIMIT_PASSED}),
    Condition.NEAR_LIMIT: frozenset({Condition.LIMIT_PASSED}),
    Condition.OUTCOME_UNKNOWN: frozenset({Condition.OUTCOME_HELD}),
    Condition.EXAMINATION_FAILED: frozenset({Condition.CREDENTIALS_REFUSED}),
    Condition.NETWORK_UNREADABLE: frozenset(
        {Condition.CREDENTIALS_REFUSED, Condition.BUDGET_EXHAUSTED, Condition.FEED_GONE}
    ),
}

Key = tuple[Condition, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a look changes. Each finding in `told` is that of an alert in `opened` or `updated`."""

    opened: tuple[Alert, ...] = ()  # new ones, id 0
    updated: tuple[Alert, ...] = ()
    told: tuple[tuple[Finding, Told], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.updated)


def reconcile(
    known: Sequence[Alert], findings: Iterable[Finding], scope: Collection[Condition], now: datetime
) -> Changes:
    """One look at one account ("" for the house). `now` is aware UTC.

    `known` holds its open alerts and those resolved within `REOPEN_SILENTLY`; `scope` is what this look could judge:
    a condition outside it that was not found stays as it is.
    """
    before = _by_key(known)
    after = {key: _by_this_clock(alert, now) for key, alert in before.items()}
    found = {finding.key: finding for finding in findings}
    for key, finding in found.items():
        after[key] = _seen(after.get(key), finding, now)
    for key, alert in list(after.items()):
        if alert.open and key not in found and alert.finding.condition in scope:
            after[key] = replace(alert, strikes=0, absent_since=alert.absent_since or now)
    return _settle(before, after, now)


def ripen(known: Sequence[Alert], now: datetime) -> Changes:
    """What time alone decides, without a look: a recovery that has lasted, an alert silent for long enough."""
    before = _by_key(known)
    return _settle(before, {key: _lapsed(_by_this_clock(alert, now), now) for key, alert in before.items()}, now)


def _by_key(known: Sequence[Alert]) -> dict[Key, Alert]:
    """The living alert of each key, else the last to have died."""
    return {alert.finding.key: alert for alert in sorted(known, key=lambda alert: (alert.open, alert.id))}


def _by_this_clock(alert: Alert, now: datetime) -> Alert:
    """What a wrong clock noted in the future is as of now: else its end, or its next word, would wait for years."""

    def past(at: datetime) -> datetime:
        return now if at > now + A_MOMENT else at

    return replace(
        alert,
        opened_at=past(alert.opened_at),
        seen_at=past(alert.seen_at),
        told_at=alert.told_at and past(alert.told_at),
        absent_since=alert.absent_since and past(alert.absent_since),
        escalated_at=alert.escalated_at and past(alert.escalated_at),
        resolved_at=alert.resolved_at and past(alert.resolved_at),
    )


def _lapsed(alert: Alert, now: datetime) -> Alert:
    """A daemon says of its own clock that it is wrong, at each beat. Mended or gone, it says so no more."""
    own = alert.finding.condition is Condition.CLOCK_OFF and not alert.finding.account
    if own and alert.open and now - alert.seen_at > LAPSES:
        return replace(alert, strikes=0, absent_since=alert.absent_since or now)
    return alert


def _seen(old: Alert | None, finding: Finding, now: datetime) -> Alert:
    if old is None or (old.resolved_at is not None and now - old.resolved_at >= REOPEN_SILENTLY):
        return Alert(id=0, finding=finding, strikes=1, opened_at=now, seen_at=now)
    alert = replace(old, finding=finding, strikes=old.strikes + 1, seen_at=now, absent_since=None, resolved_at=None)
    if old.open:
        return alert
    return replace(alert, strikes=1, opened_at=_after_the_last_word(old, now))


def _after_the_last_word(alert: Alert, now: datetime) -> datetime:
    """When a new life begins, even on a clock that stood still or stepped back."""
    return now if alert.told_at is None else max(now, alert.told_at + timedelta(microseconds=1))


def _settle(before: Mapping[Key, Alert], after: Mapping[Key, Alert], now: datetime) -> Changes:
    """Tell what must be told, end what is over, and leave out what has not changed."""
    settled = {key: _step(alert, now, before.get(key, alert).finding.person) for key, alert in after.items()}
    standing = {key for key, (alert, _) in settled.items() if alert.open}
    changed = {key: step for key, step in settled.items() if before.get(key) != step[0]}
    return Changes(
        opened=tuple(alert for alert, _ in changed.values() if alert.id == 0),
        updated=tuple(alert for alert, _ in changed.values() if alert.id != 0),
        told=tuple(
            (alert.finding, told)
            for alert, words in changed.values()
            for told in words
            if told is not Told.CLEARED or not _stands_otherwise(alert.finding, standing)
        ),
    )


def _step(alert: Alert, now: datetime, called: str) -> tuple[Alert, tuple[Told, ...]]:
    """`called`: whom it called until now."""
    if not alert.open:
        return alert, ()
    if alert.absent_since is None:
        handed_over = alert.announced and alert.finding.person != called  # with its account; they know nothing of it
        if handed_over:
            alert = replace(alert, opened_at=_after_the_last_word(alert, now))
        elif alert.announced:
            return _insist(alert, now)
        elif not _must_be_told(alert, now):
            return alert, ()
        told_at = max(now, alert.opened_at)
        fresh = replace(alert, told_at=told_at, repeats=0, escalated_at=None, acked_at=None, acked_by=None)
        return fresh, (Told.OPENED,)
    if not alert.announced or alert.finding.condition in NEWS:
        return replace(alert, resolved_at=now), ()
    if alert.finding.condition in RESTLESS and now - alert.absent_since < CLEAR_AFTER:
        return alert, ()
    # Also when the all-clear is withheld: its coming back is as little news as if it had been said.
    return replace(alert, resolved_at=now, told_at=now), (Told.CLEARED,)


def _insist(alert: Alert, now: datetime) -> tuple[Alert, tuple[Told, ...]]:
    """What nobody has seen is told again, at growing intervals; at last the deputy is called."""
    condition = alert.finding.condition
    if alert.acked_at is not None or condition in NEWS or alert.told_at is None:
        return alert, ()
    words: tuple[Told, ...] = ()
    if now - alert.told_at >= alert.repeats_after:
        alert, words = replace(alert, told_at=now, repeats=alert.repeats + 1), (Told.REPEATED,)
    if (
        alert.escalated_at is None
        and condition not in NEVER_ESCALATED
        and now - alert.opened_at >= alert.escalates_after
    ):
        alert, words = replace(alert, escalated_at=now), (*words, Told.ESCALATED)
    return alert, words


def _must_be_told(alert: Alert, now: datetime) -> bool:
    """At once in its first life. In a later one: after a day without a word, or if urgent, once it has stood."""
    condition = alert.finding.condition
    if condition in TRANSIENT and alert.strikes < OPEN_AFTER:
        return False
    if alert.told_at is None or now - alert.told_at >= REOPEN_SILENTLY:
        return True
    return condition in URGENT and now - alert.opened_at >= URGENT_STANDS


def _stands_otherwise(finding: Finding, standing: Collection[Key]) -> bool:
    """Whether the same, or worse, is still true of this account: runway 14 days giving way to 7 is no all-clear."""
    same_or_worse = {finding.condition} | WORSE.get(finding.condition, frozenset())
    return any(condition in same_or_worse and account == finding.account for condition, account, _ in standing)
