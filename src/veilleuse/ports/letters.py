"""What the database keeps of letters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from veilleuse.domain.letter import Letter, LetterKind


class LetterStore(Protocol):
    def write(self, letters: Iterable[Letter]) -> int:
        """Those not written yet, of their kind, person, subject and channel; how many. `id` is given by the store."""
        ...

    def newest_letter(self, kind: LetterKind, person: str) -> str | None:
        """What the last one of that kind to that person was about."""
        ...

    def is_written(self, kind: LetterKind, person: str, about: str) -> bool: ...

    def due_letters(self, now: datetime, limit: int = 100) -> list[Letter]:
        """The longest due first."""
        ...

    def undelivered_letters(self) -> int:
        """How many wait to be sent."""
        ...

    def lease_letter(self, letter_id: int, *, now: datetime, until: datetime) -> bool:
        """Put it off until then if it is still due, in one step; whether it was."""
        ...

    def put_off(self, letter_id: int, *, tries: int, next_try_at: datetime | None) -> None:
        """`next_try_at` None: delivered."""
        ...
