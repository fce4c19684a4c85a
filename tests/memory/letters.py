"""Letters in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tests.memory.lock import Locked, one_at_a_time
from veilleuse.domain.letter import Letter, LetterKind


@one_at_a_time
class MemoryLetters(Locked):
    def __init__(self) -> None:
        super().__init__()
        self._letters: dict[int, Letter] = {}

    def write(self, letters: Iterable[Letter]) -> int:
        before = len(self._letters)
        for letter in letters:
            if _key(letter) not in map(_key, self._letters.values()):
                new = len(self._letters) + 1
                self._letters[new] = replace(letter, id=new)
        return len(self._letters) - before

    def newest_letter(self, kind: LetterKind, person: str) -> str | None:
        found = [letter.about for letter in self._letters.values() if (letter.kind, letter.person) == (kind, person)]
        return found[-1] if found else None

    def is_written(self, kind: LetterKind, person: str, about: str) -> bool:
        return any(_key(letter)[:3] == (kind, person, about) for letter in self._letters.values())

    def due_letters(self, now: datetime, limit: int = 100) -> list[Letter]:
        due = [letter for letter in self._letters.values() if letter.next_try_at and letter.next_try_at <= now]
        return sorted(due, key=lambda letter: (letter.next_try_at, letter.id))[:limit]

    def undelivered_letters(self) -> int:
        return sum(1 for letter in self._letters.values() if letter.next_try_at)

    def lease_letter(self, letter_id: int, *, now: datetime, until: datetime) -> bool:
        letter = self._letters[letter_id]
        if letter.next_try_at is None or letter.next_try_at > now:
            return False
        self._letters[letter_id] = replace(letter, next_try_at=until)
        return True

    def put_off(self, letter_id: int, *, tries: int, next_try_at: datetime | None) -> None:
        self._letters[letter_id] = replace(self._letters[letter_id], tries=tries, next_try_at=next_try_at)


def _key(letter: Letter) -> tuple[LetterKind, str, str, int]:
    return letter.kind, letter.person, letter.about, letter.channel
