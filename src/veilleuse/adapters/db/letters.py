"""Letters: messages that are no alerts, each written once."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import exists, func, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import letters
from veilleuse.domain.letter import Letter, LetterKind


class SqlLetters(Part):
    def write(self, letters_: Iterable[Letter]) -> int:
        new = self._db.insert(letters).on_conflict_do_nothing().returning(letters.c.id)
        with self._db.write() as connection:
            written = [
                connection.execute(new, {name: v for name, v in asdict(letter).items() if name != "id"}).scalar()
                for letter in letters_
            ]
        return sum(1 for number in written if number is not None)

    def newest_letter(self, kind: LetterKind, person: str) -> str | None:
        newest = select(letters.c.about).where(letters.c.kind == kind, letters.c.person == person)
        with self._db.read() as connection:
            about: str | None = connection.execute(newest.order_by(letters.c.id.desc()).limit(1)).scalar()
        return about

    def is_written(self, kind: LetterKind, person: str, about: str) -> bool:
        there = exists().where(letters.c.kind == kind, letters.c.person == person, letters.c.about == about)
        with self._db.read() as connection:
            return bool(connection.execute(select(there)).scalar())

    def due_letters(self, now: datetime, limit: int = 100) -> list[Letter]:
        due = select(letters).where(letters.c.next_try_at <= now)
        with self._db.read() as connection:
            rows = connection.execute(due.order_by(letters.c.next_try_at, letters.c.id).limit(limit))
            return [Letter(**row._mapping) for row in rows]

    def undelivered_letters(self) -> int:
        waiting = select(func.count()).select_from(letters).where(letters.c.next_try_at.is_not(None))
        with self._db.read() as connection:
            return connection.execute(waiting).scalar_one()

    def lease_letter(self, letter_id: int, *, now: datetime, until: datetime) -> bool:
        ours = update(letters).where(letters.c.id == letter_id, letters.c.next_try_at <= now).values(next_try_at=until)
        with self._db.write() as connection:
            return connection.execute(ours.returning(letters.c.id)).first() is not None

    def put_off(self, letter_id: int, *, tries: int, next_try_at: datetime | None) -> None:
        with self._db.write() as connection:
            connection.execute(
                update(letters).where(letters.c.id == letter_id).values(tries=tries, next_try_at=next_try_at)
            )
