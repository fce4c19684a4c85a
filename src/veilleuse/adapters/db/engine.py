"""One database, SQLite or Postgres: a way to write, a way to read, and what differs between the two."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, ColumnElement, Connection, Interval, Table, func, literal
from sqlalchemy.dialects import sqlite

from veilleuse.adapters.db.postgres import postgres_engine, postgres_url, secrets_of
from veilleuse.adapters.db.sqlite import check_version, sqlite_engine
from veilleuse.adapters.db.trouble import Explainer
from veilleuse.adapters.db.types import Moment

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


class Database:
    """Engines for one address: a file's path, or `postgresql://...`. Nothing is opened before the first use."""

    def __init__(self, address: str | Path) -> None:
        """Raises StoreUnfit if the address is neither, or if the driver for it is not installed."""
        self.path: Path | None = None
        if isinstance(address, Path) or "://" not in address:
            check_version()
            self.path = Path(address).absolute()
            self.name = str(self.path)
            self.explained = Explainer(name=self.name)
            self.writer = sqlite_engine(self.path, "rw")
            self.reader = sqlite_engine(self.path, "ro")
        else:
            url = postgres_url(address)
            shown = URL.create("postgresql", host=url.host, port=url.port, database=url.database)
            self.name = shown.render_as_string()
            self.explained = Explainer(name=self.name, secrets=secrets_of(url))
            self.writer = postgres_engine(url)
            self.reader = self.writer.execution_options(isolation_level="AUTOCOMMIT")
        # A statement alone is its own transaction: Postgres needs no word for its beginning and its end.
        self._alone: Callable[[], AbstractContextManager[Connection]] = (
            self.writer.begin if self.path is not None else self.reader.connect
        )

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end, rolled back by any exception. Raises StoreUnavailable."""
        with self.explained(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def write_one(self) -> Iterator[Connection]:
        """For exactly one statement, committed as it is executed. Raises StoreUnavailable."""
        with self.explained(), self._alone() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Statements that each see what is committed; no lock is taken. Raises StoreUnavailable."""
        with self.explained(), self.reader.connect() as connection:
            yield connection

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An insert that knows ON CONFLICT."""
        if self.path is not None:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # 2 MB that a daemon on SQLite need not carry

        return postgresql.insert(table)

    def moment(self, now: ColumnElement[datetime]) -> ColumnElement[datetime]:
        """The time by which a daemon's life is judged: the server's where there is one, else `now`."""
        return now if self.path is not None else func.now()

    def after(self, now: datetime, span: timedelta) -> ColumnElement[datetime]:
        """That time, and a span more."""
        return literal(now + span, Moment()) if self.path is not None else func.now() + literal(span, Interval)

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()  # the last to go: only who may write can fold SQLite's log into its file
