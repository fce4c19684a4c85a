"""A database as another version of this program would leave it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from veilleuse.adapters.db.tables import VERSION_TABLE


def make_newer(database: Path) -> None:
    write_revision(database, "9999")


def write_revision(database: Path, revision: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = ?", (revision,))
        connection.commit()
