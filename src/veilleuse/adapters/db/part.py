"""What the parts of the store share: the database, and putting rows in the place of others."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table

from veilleuse.adapters.db.bulk import Bulk, batches
from veilleuse.adapters.db.engine import Database

__all__ = ["Part", "batches"]


class Part:
    """One part of the store, on one database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._replacing: dict[Table, Bulk] = {}

    def _replace(self, connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert each row, or put it in the place of the one with its primary key."""
        if table not in self._replacing:
            insert = self._db.insert(table)
            new = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
            upsert = insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
            self._replacing[table] = Bulk(upsert, connection.dialect)
        self._replacing[table].insert(connection, rows)
