"""One database, SQLite or Postgres: a way to write, a way to read, and what differs between the two."""

import select
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Interval,
    QueuePool,
    Table,
    create_engine,
    event,
    func,
    literal,
    make_url,
)
from sqlalchemy.dialects import registry, sqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import ArgumentError, InvalidatePoolError

from veilleuse.adapters.db.trouble import Explainer
from veilleuse.adapters.db.types import Moment
from veilleuse.language import sentence
from veilleuse.ports import StoreUnfit

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 5.0  # how long a locked SQLite file is waited for
POOL = 5  # connections kept; a look holds one for milliseconds
OVERFLOW = 10
POOL_SECONDS = 30.0
TRUSTED = 1.0  # seconds for which a Postgres connection that has just answered is not asked whether it lives
MIN_SQLITE = (3, 35)  # RETURNING

# libpq's own words; the address may say otherwise. A server that vanished is noticed within a minute.
CONNECT: Mapping[str, str | int] = {
    "application_name": "veilleuse",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


class Database:
    """Engines for one address: a file's path, or `postgresql://...`. Nothing is opened before the first use."""

    def __init__(self, address: str | Path) -> None:
        """Raises StoreUnfit if the address is neither, or if the driver for it is not installed."""
        self.path: Path | None = None
        if isinstance(address, Path) or "://" not in address:
            if sqlite3.sqlite_version_info < MIN_SQLITE:
                raise StoreUnfit(
                    sentence(
                        "This Python brings SQLite {version}; use 3.35 or newer, or Postgres.",
                        version=sqlite3.sqlite_version,
                    )
                )
            self.path = Path(address).absolute()
            self.name = str(self.path)
            self.explained = Explainer(name=self.name)
            self.writer = sqlite_engine(self.path, "rw")
            self.reader = sqlite_engine(self.path, "ro")
        else:
            url = _postgres_url(address)
            shown = URL.create("postgresql", host=url.host, port=url.port, database=url.database)
            self.name = shown.render_as_string()
            self.explained = Explainer(name=self.name, secrets=_secrets(url))
            self.writer = _postgres_engine(url)
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
        pool_size=POOL if reads else 1,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )


def _postgres_url(address: str) -> URL:
    scheme = address.partition("://")[0]
    if scheme not in SCHEMES:
        raise StoreUnfit(
            sentence("`database` is neither a file's path nor postgresql://..., but {scheme}://...", scheme=scheme)
        )
    try:
        return make_url(address).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise StoreUnfit(
            sentence(
                "`database` cannot be read as postgresql://USER:PASSWORD@HOST:PORT/NAME; percent-encode special "
                "characters in the password."
            )
        ) from None


def _postgres_engine(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_size=POOL,
            max_overflow=OVERFLOW,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,
            connect_args={key: value for key, value in CONNECT.items() if key not in url.query},
        )
    except ImportError:
        raise StoreUnfit(sentence("A Postgres database needs its driver: pip install 'veilleuse[postgres]'")) from None
    _ask_who_rested(engine)
    return engine


def _ask_who_rested(engine: Engine) -> None:
    """Whether a connection lives is asked before its use where that is in doubt: it lay unused, or its server spoke.

    The question costs as much as a read, and `pool_pre_ping` would ask it four times a post.
    """

    @event.listens_for(engine, "checkin")
    def rests(dbapi_connection: Any, record: "ConnectionPoolEntry") -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def used_again(dbapi_connection: Any, record: "ConnectionPoolEntry", proxy: object) -> None:
        rested = time.monotonic() - record.info.get("since", time.monotonic())
        if rested < TRUSTED and not _said_something(dbapi_connection):
            return
        try:
            engine.dialect.do_ping(dbapi_connection)
        except engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None


def _said_something(connection: Any) -> bool:
    """Whether a server that was asked nothing has sent something: its goodbye, mostly."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _secrets(url: URL) -> tuple[str, ...]:
    """What must not be shown: the password, and options like `sslpassword`."""
    options = [text for key, text in url.normalized_query.items() if "pass" in key for text in text]
    return tuple(text for text in (url.password, *options) if text)
