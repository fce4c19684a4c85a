"""The content folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from veilleuse.domain.content import FolderState, Verdict
from veilleuse.domain.post import Post


class FileUnreadable(Exception):
    """A content file cannot be taken as it stands: nothing of it counts, and its last good posts stay.

    `passing`: the next scan will probably succeed (it was being written), so it is not remembered as judged.
    """

    def __init__(self, verdict: Verdict, *, passing: bool = False) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.passing = passing


class ImageChanged(Exception):
    """An image is no longer the one that was judged a moment ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFile:
    """A file as it stands. `fingerprint` changes whenever `parse` could answer differently."""

    path: str  # relative to the content folder
    fingerprint: str
    # Judges one post after the other, in the order of the file; a post that is wrong is verdicts only.
    # Raises FileUnreadable, before the first post unless the file changes while it is read.
    parse: Callable[[], Iterator[Post | Verdict]]
    accounts: tuple[str, ...] = ()  # as its name and folder say; what stands in it may say otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One look at the content folder."""

    state: FolderState
    files: tuple[ContentFile, ...] = ()  # in the order in which their posts speak
    stops: tuple[tuple[str, str, str], ...] = ()  # STOP files: account ("" for all), path, reason
    unreadable: tuple[str, ...] = ()  # folders inside that could not be opened, as "folder/": what they hold is unknown
    detail: str = ""  # which folder it is, and why it could not be read


class ContentSource(Protocol):
    def scan(self) -> Scan: ...

    def stops(self) -> tuple[tuple[str, str, str], ...]:
        """Only the STOP files that can be seen, cheaply, right before a send."""
        ...

    def image(self, sha256: str) -> bytes:
        """The bytes of an image that a parsed post names. Raises ImageChanged."""
        ...
