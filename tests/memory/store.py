"""The store in memory: the same promises as the databases', held by the same contract suite."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tests.memory.accounts import Known
from tests.memory.alerts import MemoryAlerts
from tests.memory.approvals import MemoryApprovals
from tests.memory.care import MemoryCare
from tests.memory.letters import MemoryLetters
from tests.memory.lock import one_at_a_time
from tests.memory.plans import MemoryPlans
from tests.memory.posts import Key
from tests.memory.vetoes import MemoryVetoes
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Author, Entry, Kind
from veilleuse.domain.approval import ApprovalPolicy
from veilleuse.domain.attempt import UNSETTLED, Attempt, Fault, Outcome, Proof, Receipt
from veilleuse.domain.freeze import freeze_on
from veilleuse.domain.post import Post
from veilleuse.domain.queue import NO_REASON, Candidate, blocked
from veilleuse.language import sentence
from veilleuse.ports import AttemptRefused, Guard

KNOWN = 200  # ids a baseline holds


@dataclass
class Seen:
    entry: Entry
    at: datetime
    first_seen_at: datetime
    kind: Kind
    author: Author


@one_at_a_time
class MemoryStore(MemoryApprovals, MemoryVetoes, MemoryLetters, MemoryCare, MemoryAlerts, MemoryPlans):
    """Fulfils ports.Store; safe for threads, and for several daemons in one process."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, dict[str, Seen]] = {}
        self._attempts: dict[str, Attempt] = {}
        self._receipts: list[Receipt] = []

    def close(self) -> None:
        pass

    def register(self, accounts: Iterable[Account], now: datetime) -> None:
        given = list(accounts)
        super().register(given, now)
        for account in given:
            self._policies[account.name] = ApprovalPolicy(mode=account.rule.approval, approvers=account.may_approve)

    def bind(self, account: str, remote_id: str) -> None:
        super().bind(account, remote_id)
        network = self._known[account].account.network
        for name, known in self._known.items():
            if not known.enabled and (known.account.network, known.state.remote_id) == (network, remote_id):
                self._inherit(account, name)

    def _forget(self, known: Known) -> None:
        super()._forget(known)
        self._seen.pop(known.account.name, None)

    def _inherit(self, account: str, former: str) -> None:
        for attempt in [a for a in self._attempts.values() if a.account == former]:
            if attempt.outcome in UNSETTLED | {Outcome.HELD} or attempt.fault in (Fault.CONTENT, Fault.ABSENT):
                outcome = Outcome.HELD if attempt.outcome in UNSETTLED else attempt.outcome
                self._attempts[attempt.id] = replace(attempt, account=account, outcome=outcome)
        self._seen[account] = {**self._seen.pop(former, {}), **self._seen.get(account, {})}
        for veto in [veto for veto in self._vetoes.values() if veto.account == former]:
            del self._vetoes[former, veto.post_id, veto.digest]
            self._vetoes.setdefault((account, veto.post_id, veto.digest), replace(veto, account=account))
        for freeze in [freeze for freeze in self._freezes.values() if freeze.account == former]:
            self.thaw(freeze)
            self.freeze(replace(freeze, account=account))
        plan = self._plans.get(former)
        if plan is not None and plan.over_at is None and account not in self._plans:
            self._plans[account] = replace(self._plans.pop(former), account=account)
        gap_at = self.state(account).gap_at or self.state(former).gap_at
        self.note_gap(account, gap_at)

    def published_keys(self) -> frozenset[Key]:
        return frozenset((name, receipt.post_id) for name in self._known for receipt in self._bound(name))

    def record_reading(self, account: str, entries: Sequence[Entry], kinds: Collection[str], now: datetime) -> None:
        seen = self._seen.setdefault(account, {})
        ours = {receipt.remote_id for receipt in self._bound(account) if receipt.proof is not Proof.ALREADY_SAID}
        for entry in entries:
            author = Author.VEILLEUSE if entry.remote_id in ours else Author.HUMAN
            at = min(entry.created_at, now)
            seen.setdefault(entry.remote_id, Seen(entry, at=at, first_seen_at=now, kind=entry.kind, author=author))
        shown = [seen[entry.remote_id] for entry in entries if seen[entry.remote_id].kind in kinds]
        newest = max(shown, key=lambda s: s.at, default=None)
        known = self._known[account]
        if newest and (known.state.seen_at is None or known.state.seen_at < newest.at):
            known.state = replace(known.state, seen_at=newest.at, seen_by=newest.author)

    def known_ids(self, account: str) -> frozenset[str]:
        seen = self._seen.get(account, {})
        newest = sorted(seen, key=lambda i: (seen[i].first_seen_at, seen[i].at), reverse=True)
        return frozenset(newest[:KNOWN])

    def timeline(self, account: str, since: datetime, until: datetime) -> list[Entry]:
        seen = [one for one in self._seen.get(account, {}).values() if since <= one.at <= until]
        return [one.entry for one in sorted(seen, key=lambda one: (one.at, one.entry.remote_id))]

    def rewind(self, account: str, now: datetime) -> None:
        known = self._known[account]
        moments = {
            name: getattr(known.state, name) for name in ("seen_at", "spoke_at", "read_at", "gap_at", "awake_at")
        }
        known.state = replace(known.state, **{name: at and min(at, now) for name, at in moments.items()})
        for seen in self._seen.get(account, {}).values():
            seen.at, seen.first_seen_at = min(seen.at, now), min(seen.first_seen_at, now)
        for attempt in [a for a in self._attempts.values() if a.account == account]:
            self._attempts[attempt.id] = replace(
                attempt,
                created_at=min(attempt.created_at, now),
                send_before=min(attempt.send_before, now),
                closed_at=attempt.closed_at and min(attempt.closed_at, now),
            )
        self._receipts = [replace(r, at=min(r.at, now)) if r.account == account else r for r in self._receipts]

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

    def candidates(self, account: str) -> list[Candidate]:
        standing = (stored.post for stored in self._posts.values() if stored.post.account == account and stored.stands)
        return [self._candidate(post) for post in sorted(standing, key=lambda post: post.order)]

    def _candidate(self, post: Post) -> Candidate:
        uses = sorted((r for r in self._bound(post.account) if r.post_id == post.id), key=lambda r: r.at)
        tries = [a for a in self._attempts.values() if (a.account, a.post_id) == (post.account, post.id)]
        refused = [
            a.detail or sentence(NO_REASON) for a in tries if a.fault is Fault.CONTENT and a.digest == post.digest
        ]
        released = sorted((a for a in tries if a.fault is Fault.ABSENT), key=lambda a: a.created_at)
        return Candidate(
            post=replace(post, approved_by=self._approved_by(post)),
            uses=tuple(receipt.at for receipt in uses),
            said=frozenset(receipt.text for receipt in uses),
            held=any(a.outcome is Outcome.HELD for a in tries),
            refused=refused[-1] if refused else None,
            vetoed_by=self._vetoed_by(post),
            released_at=max((a.closed_at for a in released if a.closed_at), default=None),
            released_from=released[0].cursor if released else None,
        )

    def unsettled(self, account: str | None = None) -> list[Attempt]:
        doubts = UNSETTLED | {Outcome.HELD}
        return sorted(
            (a for a in self._attempts.values() if account in (None, a.account) and a.outcome in doubts),
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
        if freeze := freeze_on(self.freezes(guard.now), attempt.account, known.account.network, guard.now):
            return f"frozen: {freeze.reason}"
        if why := self._hushed(attempt.account, attempt.post_id):
            return why
        if stored.post.digest != attempt.digest:
            return "the post changed since it was chosen."
        if blocked(Candidate(post=replace(stored.post, approved_by="somebody")), guard.now) is not None:
            return "its dates do not allow it now."
        if self._approved_by(stored.post) is None:
            return "the post is no longer approved."
        if self._vetoed_by(stored.post) is not None:
            return "the post is vetoed."
        most = stored.post.max_uses if stored.post.reserve else 1
        if (attempt.post_id, attempt.use) in said or (most is not None and attempt.use >= most):
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
            before = self._attempts.get(receipt.attempt_id)
            detail = before.detail if before else ""
            self.close_attempt(receipt.attempt_id, Outcome.PUBLISHED, now=receipt.at, detail=detail)

    def _spoke(self, receipt: Receipt) -> None:
        seen = self._seen.setdefault(receipt.account, {})
        mine = seen.setdefault(
            receipt.remote_id,
            Seen(
                Entry(remote_id=receipt.remote_id, text=receipt.text, created_at=receipt.at, url=receipt.url),
                at=receipt.at,
                first_seen_at=receipt.at,
                kind=Kind.POST,
                author=Author.VEILLEUSE,
            ),
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

    def outcomes(self) -> Mapping[tuple[str, Outcome], int]:
        return Counter((attempt.account, attempt.outcome) for attempt in self._attempts.values())
