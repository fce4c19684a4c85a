"""The past of an account, from what its timeline has shown and from our receipts."""

from collections.abc import Iterable
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Author, Entry
from veilleuse.domain.attempt import Proof
from veilleuse.domain.year import SPAN, Moment, Year, year
from veilleuse.ports import LookStore

RECEIPTS = 2000  # more than an account can say in a year by any sane rule


def past(store: LookStore, account: Account, now: datetime) -> Year:
    """Its year up to `now` (aware UTC), in its own zone."""
    return year(
        moments(store, account, now - SPAN, now), zone=account.rule.zone, longest=account.rule.max_silence, now=now
    )


def moments(
    store: LookStore, account: Account, since: datetime, now: datetime, read: Iterable[Entry] = ()
) -> list[Moment]:
    """All that counts as its activity since that aware moment, with whose word it was; `read`: seen elsewhere."""
    receipts = {r.remote_id: r for r in store.receipts(account.name, RECEIPTS) if r.at >= since}
    ours = {remote_id for remote_id, r in receipts.items() if r.proof is not Proof.ALREADY_SAID}
    seen = {entry.remote_id: entry for entry in (*read, *store.timeline(account.name, since, now))}
    entries = [entry for entry in seen.values() if entry.kind in account.rule.activity]
    shown = {entry.remote_id for entry in entries}
    found = [(e.created_at, Author.VEILLEUSE if e.remote_id in ours else Author.HUMAN) for e in entries]
    return found + [(r.at, Author.VEILLEUSE) for remote_id, r in receipts.items() if remote_id in ours - shown]


def newest(store: LookStore, account: str, at: datetime | None) -> Entry | None:
    """What the account did at its last activity, as far as its timeline was read."""
    if at is None:
        return None
    found = store.timeline(account, at, at)
    return found[-1] if found else None
