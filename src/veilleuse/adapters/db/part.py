"""What the parts of the store share: the database, and cutting long work into pieces."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

from veilleuse.adapters.db.engine import Database

T = TypeVar("T")

BATCH = 2000  # rows handed to the driver at once: memory stays flat however long the list


class Part:
    """One part of the store, on one database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def _replace(self, connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Insert each row, or put it in the place of the one with its primary key."""
        insert = self._db.insert(table)
        new = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
        upsert = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
        for batch in batches(rows):
            connection.execute(upsert, batch)


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
