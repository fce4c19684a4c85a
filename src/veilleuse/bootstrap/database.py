"""The database: opened beside a daemon, brought up to date, copied, restored."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from errno import EEXIST
from pathlib import Path
from urllib.parse import urlsplit

from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.adapters.db.restore import Restored
from veilleuse.adapters.db.restore import restore as restore_database
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.upgrade import UpgradeReport, copy_database
from veilleuse.adapters.db.upgrade import upgrade as upgrade_database
from veilleuse.bootstrap.secrets import secrets_here
from veilleuse.config import Settings, database_location
from veilleuse.ports import Clock, Store


class ServerDatabase(Exception):
    """It is no file. The text is its address without user and password."""


@contextmanager
def open_reading(settings: Settings) -> Iterator[Store]:
    """The store beside a running daemon. Never makes one. Raises StoreUnfit, StoreUnavailable, SecretMissing."""
    store = open_store(database_location(settings, secrets_here()))
    try:
        yield store
    finally:
        store.close()


def upgrade(settings: Settings, clock: Clock) -> UpgradeReport:
    """Bring the database to this program's schema, made if missing; a SQLite file is backed up first.

    Raises StoreUnfit (AnotherDaemon, SchemaNewer), StoreUnavailable, SecretMissing.
    """
    location = database_location(settings, secrets_here())
    with DaemonLock(location) if isinstance(location, Path) else nullcontext():
        return upgrade_database(location, clock.now())


def backup(settings: Settings, target: Path | None, clock: Clock) -> Path:
    """Copy a SQLite database, whole, while others use it; where the copy is.

    Raises ServerDatabase, FileExistsError, and as `open_reading`.
    """
    location, now = _file_of(settings), clock.now()
    target = target or location.with_name(f"{location.name}.backup-{now:%Y%m%dT%H%M%SZ}")
    if target.exists():
        raise FileExistsError(EEXIST, "exists", str(target))
    return copy_database(location, target)


def restore(settings: Settings, copy: Path, clock: Clock) -> Restored:
    """Go back to a copy of a SQLite database. Raises ServerDatabase, StoreUnfit, StoreUnavailable, SecretMissing."""
    location = _file_of(settings)
    with DaemonLock(location):
        return restore_database(location, copy, clock.now())


def _file_of(settings: Settings) -> Path:
    location = database_location(settings, secrets_here())
    if not isinstance(location, Path):
        raise ServerDatabase(database_name(settings))
    return location


def database_name(settings: Settings) -> str:
    """The database as people may see it: a path, or an address without user and password. Raises SecretMissing."""
    location = database_location(settings, secrets_here())
    if isinstance(location, Path):
        return str(location)
    parts = urlsplit(location)
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
