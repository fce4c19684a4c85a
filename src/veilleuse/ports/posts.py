"""What the database keeps of the content folder, and who approved it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from veilleuse.domain.approval import ApprovalRecord
from veilleuse.domain.content import FileRecord, IndexedPost, SyncChange
from veilleuse.domain.freeze import Freeze


class PostStore(Protocol):
    """The queue's texts, as the files own them."""

    def files(self) -> Mapping[str, FileRecord]: ...

    def index(self) -> Mapping[tuple[str, str], IndexedPost]:
        """Every post not withdrawn, by (account, id)."""
        ...

    def published_keys(self) -> frozenset[tuple[str, str]]:
        """(account, id) of every post with a receipt."""
        ...

    def apply(self, change: SyncChange, now: datetime) -> None: ...

    def set_stops(self, stops: Iterable[Freeze]) -> None:
        """Make the freezes of origin `STOP ...` exactly these; others stay."""
        ...


class ApprovalStore(Protocol):
    """Who approved which content. Nothing is ever taken out; names in files are recorded as `apply` meets them."""

    def sign(self, record: ApprovalRecord) -> None:
        """Keep this signature; a second one by the same person changes nothing.

        Raises PostChanged unless a post with exactly that digest stands in the queue.
        """
        ...

    def approvals(self, account: str | None = None, limit: int = 50) -> list[ApprovalRecord]:
        """Newest first, both modes."""
        ...
