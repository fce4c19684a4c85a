"""A letter: a message that is no alert. It is written once, and waits for its channel like any other."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LetterKind(StrEnum):
    """What can be written. The value is stored."""

    PREVIEW = "preview"  # what goes out tomorrow
    DIGEST = "digest"  # the week


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One text on one channel of one person, in their language. Times are aware UTC."""

    id: int
    kind: LetterKind
    about: str  # with kind, person and channel: written once
    person: str
    channel: int  # index into the person's `notify`
    title: str
    body: str
    created_at: datetime
    tries: int = 0
    next_try_at: datetime | None = None  # None: delivered
