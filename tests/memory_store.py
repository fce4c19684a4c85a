"""The store in memory: the same promises as the databases', held by the same contract suite."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import wraps
from threading import RLock
from typing import Any, TypeVar

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Author, Entry, Kind
from veilleuse.domain.alert import Alert, Condition, Finding, Notification, Told
from veilleuse.domain.attempt import UNSETTLED, Attempt, Fault, Outcome, Proof, Receipt
from veilleuse.domain.content import FileRecord, IndexedPost, SyncChange
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Candidate
from veilleuse.ports import AttemptRefused, Guard

CLAIM_LIFE = timedelta(minutes=15)
KNOWN = 200

Key = tuple[str, str]
T = TypeVar("T")


@dataclass
class Known:
    account: Account
    state: AccountState
    enabled: bool = True
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    rung: bool = False


@dataclass
class Stored:
    post: Post
    missing_since: datetime | None = None
    withdrawn: bool = False

    @property
    def stands(self) -> bool:
        return self.missing_since is None and not self.withdrawn


@dataclass
class Seen:
    at: datetime
    first_seen_at: datetime
    kind: Kind
    author: Author


def one_at_a_time(cls: type[T]) -> type[T]:
    """Every method holds the lock: what a transaction is to a database."""

    def locked(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, *args: Any, **named: Any) -> Any:
            with self.lock:
                return method(self, *args, **named)

        return call

    for name, method in vars(cls).copy().items():
        if callable(method) and not name.startswith("_"):
            setattr(cls, name, locked(method))
    return cls


@one_at_a_time
class MemoryStore:
    """Fulfils ports.Store; safe for threads, and for several daemons in one process."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._known: dict[str, Known] = {}
        self._alive_until: dict[str, datetime] = {}
        self._posts: dict[Key, Stored] = {}
        self._images: dict[str, bytes] = {}
        self._files: dict[str, FileRecord] = {}
        self._freezes: dict[Key, Freeze] = {}
        self._seen: dict[str, dict[str, Seen]] = {}
        self._attempts: dict[str, Attempt] = {}
        self._receipts: list[Receipt] = []
        self._alerts: dict[int, Alert] = {}
        self._notifications: dict[int, Notification] = {}

    def close(self) -> None:
        pass

    # --- posts ---

    def files(self) -> Mapping[str, FileRecord]:
        return dict(self._files)

    def index(self) -> Mapping[Key, IndexedPost]:
        return {
            key: IndexedPost(
                account=stored.post.account,
                id=stored.post.id,
                file=stored.post.source.file,
                row_digest=stored.post.row_digest,
                missing_since=stored.missing_since,
            )
            for key, stored in self._posts.items()
            if not stored.withdrawn
        }

    def published_keys(self) -> frozenset[Key]:
        return frozenset((name, receipt.post_id) for name in self._known for receipt in self._bound(name))

    def apply(self, change: SyncChange, now: datetime) -> None:
        self._images.update(change.images)
        self._posts.update({(post.account, post.id): Stored(post) for post in change.upserts})
        for key in change.found & self._posts.keys():
            self._posts[key].missing_since = None
        for key in change.missing & self._posts.keys():
            self._posts[key].missing_since = self._posts[key].missing_since or now
        for key in change.withdrawn & self._posts.keys():
            self._posts[key].withdrawn = True
        self._files.update({file.path: file for file in change.files})
        for path in change.gone:
            self._files.pop(path, None)

    def set_stops(self, stops: Iterable[Freeze]) -> None:
        held = {key: freeze for key, freeze in self._freezes.items() if freeze.origin.startswith("STOP")}
        self._freezes = {key: freeze for key, freeze in self._freezes.items() if key not in held}
        for stop in stops:
            old = held.get((stop.account, stop.origin))
            self._freezes[stop.account, stop.origin] = old if old and old.reason == stop.reason else stop

    # --- accounts and claims ---

    def register(self, accounts: Iterable[Account], now: datetime) -> None:
        given = {account.name: account for account in accounts}
        for name, known in self._known.items():
            if name not in given:
                known.enabled = False
                known.state = replace(known.state, next_look_at=None)
        for name, account in given.items():
            known = self._known.setdefault(name, Known(account, AccountState(name=name), enabled=False))
            if known.enabled and known.account == account and known.state.stopped is None:
                continue
            if (known.account.network, known.account.identity) != (account.network, account.identity):
                known.state = replace(
                    known.state, remote_id=None, seen_at=None, seen_by=None, read_at=None, cursor=None
                )
            known.account, known.enabled, known.rung = account, True, True
            known.state = replace(known.state, next_look_at=now)

    def claim_due(self, daemon: str, now: datetime, limit: int) -> list[str]:
        due = sorted(
            (known.state.next_look_at, name)
            for name, known in self._known.items()
            if known.state.next_look_at is not None
            and known.state.next_look_at <= now
            and self._free(known, daemon, now)
        )
        names = [name for _, name in due[:limit]]
        for name in names:
            known = self._known[name]
            known.claimed_by, known.claimed_at, known.rung = daemon, now, False
        return names

    def _free(self, known: Known, daemon: str, now: datetime) -> bool:
        if known.claimed_by is None or known.claimed_at is None:
            return True
        alive = known.claimed_by in self._alive_until and self._alive_until[known.claimed_by] > now
        return (known.claimed_by != daemon and not alive) or known.claimed_at <= now - CLAIM_LIFE

    def next_look_at(self) -> datetime | None:
        unclaimed = (known.state.next_look_at for known in self._known.values() if known.claimed_by is None)
        return min((at for at in unclaimed if at is not None), default=None)

    def ring(self, accounts: Iterable[str], now: datetime) -> None:
        for known in (self._known[name] for name in accounts if name in self._known):
            if known.enabled:
                at = known.state.next_look_at
                known.state = replace(known.state, next_look_at=now if at is None else min(at, now))
                known.rung = True

    def bind(self, account: str, remote_id: str) -> None:
        known = self._known[account]
        known.state = replace(known.state, remote_id=remote_id)

    def finish_look(self, daemon: str, state: AccountState) -> None:
        known = self._known[state.name]
        if known.claimed_by != daemon:
            return
        next_look_at = known.state.next_look_at if known.rung or not known.enabled else state.next_look_at
        known.state = replace(
            known.state,
            remote_id=state.remote_id,
            read_at=state.read_at,
            cursor=state.cursor,
            failures=state.failures,
            stopped=state.stopped,
            speaks_at=state.speaks_at,
            reason=state.reason,
            next_look_at=next_look_at,
        )
        known.claimed_by, known.claimed_at, known.rung = None, None, False

    def beat(self, daemon: str, now: datetime, life: timedelta) -> None:
        self._alive_until[daemon] = now + life

    def retire(self, daemon: str) -> None:
        self._alive_until.pop(daemon, None)
        for known in self._known.values():
            if known.claimed_by == daemon:
                known.claimed_by, known.claimed_at = None, None

    def state(self, account: str) -> AccountState:
        return self._known[account].state if account in self._known else AccountState(name=account)

    def states(self) -> list[AccountState]:
        return [known.state for _, known in sorted(self._known.items())]

    # --- activity ---

    def record_reading(self, account: str, entries: Sequence[Entry], kinds: Collection[str], now: datetime) -> None:
        seen = self._seen.setdefault(account, {})
        ours = {receipt.remote_id for receipt in self._bound(account) if receipt.proof is not Proof.ALREADY_SAID}
        for entry in entries:
            author = Author.VEILLEUSE if entry.remote_id in ours else Author.HUMAN
            at = min(entry.created_at, now)
            seen.setdefault(entry.remote_id, Seen(at=at, first_seen_at=now, kind=entry.kind, author=author))
        shown = [seen[entry.remote_id] for entry in entries if seen[entry.remote_id].kind in kinds]
        newest = max(shown, key=lambda s: s.at, default=None)
        known = self._known[account]
        if newest and (known.state.seen_at is None or known.state.seen_at < newest.at):
            known.state = replace(known.state, seen_at=newest.at, seen_by=newest.author)

    def known_ids(self, account: str) -> frozenset[str]:
        seen = self._seen.get(account, {})
        newest = sorted(seen, key=lambda i: (seen[i].first_seen_at, seen[i].at), reverse=True)
        return frozenset(newest[:KNOWN])

    def _bound(self, account: str) -> list[Receipt]:
        """The receipts of its remote identity, under any name; until that is proven, its own."""
        known = self._known.get(account)
        if known is None:
            return []
        identity = known.state.remote_id
        return [
            receipt
            for receipt in self._receipts
            if receipt.network == known.account.network
            and (receipt.identity == identity or (identity is None and receipt.account == account))
        ]

    def bound_ids(self, account: str) -> frozenset[str]:
        return frozenset(receipt.remote_id for receipt in self._bound(account))

    # --- the queue ---

    def candidates(self, account: str) -> list[Candidate]:
        standing = (stored.post for stored in self._posts.values() if stored.post.account == account and stored.stands)
        return [self._candidate(post) for post in sorted(standing, key=lambda post: post.order)]

    def _candidate(self, post: Post) -> Candidate:
        uses = sorted((r for r in self._bound(post.account) if r.post_id == post.id), key=lambda r: r.at)
        tries = [a for a in self._attempts.values() if (a.account, a.post_id) == (post.account, post.id)]
        refused = [a.detail for a in tries if a.fault is Fault.CONTENT and a.digest == post.digest]
        released = [a.closed_at for a in tries if a.fault is Fault.ABSENT and a.closed_at]
        return Candidate(
            post=post,
            uses=tuple(receipt.at for receipt in uses),
            said=frozenset(receipt.text for receipt in uses),
            held=any(a.outcome is Outcome.HELD for a in tries),
            refused=refused[-1] if refused else None,
            released_at=max(released, default=None),
        )

    def image(self, sha256: str) -> bytes:
        return self._images[sha256]

    def freezes(self, now: datetime) -> list[Freeze]:
        holding = (f for f in self._freezes.values() if f.until is None or f.until > now)
        return sorted(holding, key=lambda freeze: freeze.since)

    # --- attempts and receipts ---

    def unsettled(self, account: str) -> list[Attempt]:
        doubts = UNSETTLED | {Outcome.HELD}
        return sorted(
            (a for a in self._attempts.values() if a.account == account and a.outcome in doubts),
            key=lambda a: a.created_at,
        )

    def open_attempt(self, attempt: Attempt, guard: Guard) -> None:
        if why := self._forbidden(attempt, guard):
            raise AttemptRefused(why)
        self._attempts[attempt.id] = attempt

    def _forbidden(self, attempt: Attempt, guard: Guard) -> str | None:
        known = self._known.get(attempt.account)
        stored = self._posts.get((attempt.account, attempt.post_id))
        said = {(receipt.post_id, receipt.use) for receipt in self._bound(attempt.account)}
        today = [r for r in self._receipts if r.account == attempt.account and r.at >= guard.day_start]
        doubts = self.unsettled(attempt.account)
        if known is None or not known.enabled:
            return "the account is no longer in the configuration."
        if known.claimed_by != guard.daemon:
            return "another daemon has taken the account over."
        if known.state.spoke_at is not None and known.state.spoke_at > guard.spoke_before:
            return "the account spoke less than its minimum gap ago."
        if stored is None or not stored.stands:
            return "the post no longer stands in its file."
        if freeze := next((f for f in self.freezes(guard.now) if f.holds(attempt.account, guard.now)), None):
            return f"frozen: {freeze.reason}"
        if stored.post.digest != attempt.digest:
            return "the post changed since it was chosen."
        if stored.post.approved_by is None:
            return "the post is no longer approved."
        if (attempt.post_id, attempt.use) in said:
            return "the post is already published."
        if any(a.outcome is not Outcome.HELD or a.post_id == attempt.post_id for a in doubts):
            return "another attempt is not settled yet."
        if len(today) >= guard.max_per_day:
            return f"the account has spoken {len(today)} times today, its maximum."
        return None

    def close_attempt(
        self, attempt_id: str, outcome: Outcome, *, now: datetime, fault: Fault | None = None, detail: str = ""
    ) -> None:
        attempt = self._attempts.get(attempt_id)
        if attempt is not None and attempt.outcome is not Outcome.PUBLISHED:
            self._attempts[attempt_id] = replace(attempt, outcome=outcome, fault=fault, closed_at=now, detail=detail)

    def count_empty_read(self, attempt_id: str) -> None:
        attempt = self._attempts[attempt_id]
        self._attempts[attempt_id] = replace(attempt, empty_reads=attempt.empty_reads + 1)

    def record_receipt(self, receipt: Receipt) -> None:
        if receipt.proof is not Proof.ALREADY_SAID:
            self._spoke(receipt)
        same_presence = [r for r in self._receipts if (r.network, r.identity) == (receipt.network, receipt.identity)]
        if not any(
            (r in same_presence and r.remote_id == receipt.remote_id)
            or (receipt.attempt_id is not None and r.attempt_id == receipt.attempt_id)
            for r in self._receipts
        ):
            uses = {r.use for r in same_presence if r.post_id == receipt.post_id}
            use = max(uses) + 1 if receipt.use in uses else receipt.use
            self._receipts.append(replace(receipt, use=use))
        if receipt.attempt_id is not None:
            self.close_attempt(receipt.attempt_id, Outcome.PUBLISHED, now=receipt.at)

    def _spoke(self, receipt: Receipt) -> None:
        seen = self._seen.setdefault(receipt.account, {})
        mine = seen.setdefault(
            receipt.remote_id,
            Seen(at=receipt.at, first_seen_at=receipt.at, kind=Kind.POST, author=Author.VEILLEUSE),
        )
        mine.author = Author.VEILLEUSE
        if known := self._known.get(receipt.account):
            spoke_at = max(known.state.spoke_at or receipt.at, receipt.at)
            seen_by = Author.VEILLEUSE if known.state.seen_at == mine.at else known.state.seen_by
            known.state = replace(known.state, spoke_at=spoke_at, seen_by=seen_by)

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        wanted = [r for r in reversed(self._receipts) if account in (None, r.account)]
        return sorted(wanted, key=lambda r: r.at, reverse=True)[:limit]

    def attempts(self, account: str | None = None, limit: int = 50) -> list[Attempt]:
        wanted = [a for a in self._attempts.values() if account in (None, a.account)]
        return sorted(wanted, key=lambda a: a.created_at, reverse=True)[:limit]

    # --- alerts ---

    def alerts(self, *, since: datetime | None = None, account: str | None = None) -> list[Alert]:
        return [
            alert
            for alert in self._alerts.values()
            if (alert.resolved_at is None or (since is not None and alert.resolved_at > since))
            and account in (None, alert.finding.account)
        ]

    def save_alerts(
        self,
        *,
        opened: Iterable[Alert],
        updated: Iterable[Alert],
        told: Iterable[tuple[Finding, Told, int]],
        now: datetime,
    ) -> None:
        ids: dict[tuple[Condition, str, str], int] = {}
        for alert in opened:
            if alert.resolved_at is not None or not self._open_beside(alert):
                ids[alert.finding.key] = new = len(self._alerts) + 1
                self._alerts[new] = replace(alert, id=new)
        for alert in updated:
            ids[alert.finding.key] = alert.id
            if self._alerts[alert.id].resolved_at is None or not self._open_beside(alert):
                self._alerts[alert.id] = alert
        for finding, what, channel in told:
            if finding.key in ids:
                new = len(self._notifications) + 1
                self._notifications[new] = Notification(
                    id=new,
                    alert_id=ids[finding.key],
                    person=finding.person,
                    channel=channel,
                    what=what,
                    condition=finding.condition,
                    account=finding.account,
                    text=finding.text,
                    remedy=finding.remedy,
                    created_at=now,
                    next_try_at=now,
                )

    def _open_beside(self, alert: Alert) -> bool:
        return any(other.finding.key == alert.finding.key and other.id != alert.id for other in self.alerts())

    def acknowledge(self, alert_id: int, by: str, now: datetime) -> bool:
        alert = self._alerts.get(alert_id)
        if alert is None or alert.resolved_at is not None:
            return False
        if alert.acked_at is None:
            self._alerts[alert_id] = replace(alert, acked_at=now, acked_by=by)
        return True

    def due_notifications(self, now: datetime, limit: int = 100) -> list[Notification]:
        due = [(n.next_try_at, n.id) for n in self._notifications.values() if n.next_try_at and n.next_try_at <= now]
        return [self._notifications[number] for _, number in sorted(due)[:limit]]

    def all_notifications(self) -> list[Notification]:
        return list(self._notifications.values())

    def reschedule(self, ids: Iterable[int], *, tries: int, next_try_at: datetime | None) -> None:
        for number in ids:
            message = self._notifications[number]
            self._notifications[number] = replace(message, tries=tries, next_try_at=next_try_at)
