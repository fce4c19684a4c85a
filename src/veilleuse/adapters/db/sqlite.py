"""SQLite: one file, one writer at a time, any number of readers."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from veilleuse.language import sentence
from veilleuse.ports import StoreUnfit

BUSY_SECONDS = 5.0  # how long a locked file is waited for
READERS = 5  # connections kept; a look holds one for milliseconds
POOL_SECONDS = 30.0
MIN_SQLITE = (3, 35)  # RETURNING


def check_version() -> None:
    """Raises StoreUnfit."""
    if sqlite3.sqlite_version_info < MIN_SQLITE:
        raise StoreUnfit(
            sentence(
                "This Python brings SQLite {version}; use 3.35 or newer, or Postgres.", version=sqlite3.sqlite_version
            )
        )


class Immediate(SQLiteDialect_pysqlite):
    """A transaction takes the lock to write as it begins: what it reads cannot change before it writes.

    By the dialect: the same through SQLAlchemy's "begin" event costs 25 us a transaction, half a statement.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.execute("BEGIN IMMEDIATE")


registry.register("sqlite.immediate", __name__, "Immediate")


def sqlite_engine(path: Path, mode: str, *, foreign_keys: bool = True) -> Engine:
    """`mode` is SQLite's: "ro", "rw", or "rwc" to create the file. All but "ro" write one at a time, durably."""
    reads = mode == "ro"
    pragmas = [] if reads else ["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"]
    pragmas.append(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in pragmas:
                connection.execute(pragma)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    # One writer: threads then queue in order for it, where SQLite's own lock would let them poll.
    return create_engine(
        "sqlite://" if reads else "sqlite+immediate://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=READERS if reads else 1,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )
