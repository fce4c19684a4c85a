"""Judging the content folder without any database, as `check` does."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Receipt
from veilleuse.domain.content import FileRecord, IndexedPost, SyncChange
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.queue import Candidate
from veilleuse.ports import Clock, ContentSource
from veilleuse.services.sync import Progress, Sync
from veilleuse.services.sync_report import SyncReport


def judge_content(
    source: ContentSource, clock: Clock, accounts: Mapping[str, Account], progress: Progress | None = None
) -> SyncReport:
    """What a sync into an empty database would say. Nothing is written."""
    return Sync(source, _Unstored(), clock, accounts).run(dry_run=True, progress=progress)


class _Unstored:
    """A store that holds nothing and keeps nothing."""

    def files(self) -> Mapping[str, FileRecord]:
        return {}

    def index(self) -> Mapping[tuple[str, str], IndexedPost]:
        return {}

    def published_keys(self) -> frozenset[tuple[str, str]]:
        return frozenset()

    def apply(self, change: SyncChange, now: datetime) -> None:
        raise AssertionError("nothing is written here")

    def set_stops(self, stops: Iterable[Freeze]) -> None:
        raise AssertionError("nothing is written here")

    def candidates(self, account: str) -> list[Candidate]:
        return []

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        return []

    def freezes(self, now: datetime) -> list[Freeze]:
        return []

    def ring(self, accounts: Iterable[str], now: datetime) -> None:
        raise AssertionError("nothing is written here")
