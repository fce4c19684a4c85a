"""Rehearse: sync the content folder into a queue kept nowhere, to judge it as it stands. No database is needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Receipt
from veilleuse.domain.content import FileRecord, IndexedPost, SyncChange
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.queue import Candidate
from veilleuse.ports import Clock, ContentSource
from veilleuse.services.sync import Sync, SyncReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How many posts the files hold for one account, and how many of them somebody approved."""

    account: str
    posts: int
    approved: int

    @property
    def drafts(self) -> int:
        return self.posts - self.approved


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    report: SyncReport
    supplies: tuple[Supply, ...]  # one for each account
    stops: tuple[Freeze, ...]  # by STOP files


def rehearse(source: ContentSource, clock: Clock, accounts: Mapping[str, Account]) -> Rehearsal:
    """What a first sync would say and do."""
    queue = _Nowhere()
    report = Sync(source, queue, clock, accounts).run()
    approvals: dict[str, list[bool]] = {name: [] for name in accounts}
    for (account, _), approved in queue.posts.items():
        approvals[account].append(approved)
    supplies = (Supply(account=name, posts=len(each), approved=sum(each)) for name, each in approvals.items())
    return Rehearsal(report=report, supplies=tuple(supplies), stops=queue.stops)


@dataclass(slots=True)
class _Nowhere:
    """An empty store that remembers nothing of a post but whether it is approved."""

    posts: dict[tuple[str, str], bool] = field(default_factory=dict)
    stops: tuple[Freeze, ...] = ()

    def files(self) -> Mapping[str, FileRecord]:
        return {}

    def index(self) -> Mapping[tuple[str, str], IndexedPost]:
        return {}

    def published_keys(self) -> frozenset[tuple[str, str]]:
        return frozenset()

    def candidates(self, account: str) -> list[Candidate]:
        return []

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        return []

    def freezes(self, now: datetime) -> list[Freeze]:
        return []

    def ring(self, accounts: Iterable[str], now: datetime) -> None:
        """Nobody is looked at."""

    def apply(self, change: SyncChange, now: datetime) -> None:
        self.posts |= {(post.account, post.id): post.approved_by is not None for post in change.upserts}
        for key in change.withdrawn:
            self.posts.pop(key, None)

    def set_stops(self, stops: Iterable[Freeze]) -> None:
        self.stops = tuple(stops)
