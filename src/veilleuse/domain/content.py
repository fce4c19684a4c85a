"""What stands in the content folder, and the verdict on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from veilleuse.domain.post import Post, Source
from veilleuse.language import N_, _


class Severity(StrEnum):
    ERROR = N_("error")  # the post (or file) is left out
    WARNING = N_("warning")  # it enters; a human should look
    NOTE = N_("note")  # said for clarity, nothing to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One judgement on one place in one file: what is wrong, and what to do, in a community manager's words."""

    severity: Severity
    source: Source
    message: str
    remedy: str = ""
    account: str = ""
    post_id: str = ""

    def __str__(self) -> str:
        who = f" {self.account}/{self.post_id}" if self.post_id else f" {self.account}" if self.account else ""
        tail = f" {self.remedy}" if self.remedy else ""
        return f"{self.source}: {_(self.severity)}{who}: {self.message}{tail}"


class FolderState(StrEnum):
    READABLE = "readable"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    EMPTY = "empty"  # readable, and no content file in it


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """What the database remembers of one content file, so that an unchanged file is not judged again."""

    path: str  # relative to the content folder
    fingerprint: str
    verdicts: tuple[Verdict, ...] = ()
    accounts: tuple[str, ...] = ()  # whose posts it held: whom its errors concern


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedPost:
    """One stored post, as far as a sync must know it without loading it."""

    account: str
    id: str
    file: str
    digest: str  # these two as stored
    row_digest: str
    missing_since: datetime | None = None  # aware UTC; None: it stands in its file
    reserve: bool = False

    def is_only_moved(self, post: Post) -> bool:
        """Whether that post says just what is stored, perhaps from another place."""
        return self.digest == post.digest and self.row_digest.partition("@")[0] == post.row_digest.partition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncChange:
    """All that one sync writes, in one transaction. Keys are (account, id)."""

    upserts: tuple[Post, ...] = ()  # new or changed; also clears `missing`
    images: Mapping[str, bytes] = field(default_factory=dict)  # by SHA-256
    found: frozenset[tuple[str, str]] = frozenset()  # were missing, stand again unchanged
    missing: frozenset[tuple[str, str]] = frozenset()  # unspeakable from now
    withdrawn: frozenset[tuple[str, str]] = frozenset()  # missing in two scans 60 s apart
    files: tuple[FileRecord, ...] = ()  # new or changed records
    gone: frozenset[str] = frozenset()  # paths no longer there

    def __bool__(self) -> bool:
        return any((self.upserts, self.found, self.missing, self.withdrawn, self.files, self.gone))
