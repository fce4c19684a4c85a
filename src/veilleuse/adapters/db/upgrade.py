"""Bringing a database to this program's schema, after a backup where it is one file."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import veilleuse
from veilleuse.adapters.db import schema
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.sqlite import sqlite_engine
from veilleuse.adapters.db.tables import REVISION
from veilleuse.language import sentence
from veilleuse.ports import DatabaseMissing, StoreUnavailable

LOCK_TIMEOUT = "10s"  # how long a migration waits for somebody else's transaction on a table


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeReport:
    """What an upgrade did. `before` is None if there was no schema; `backup` None if there was no file to back up."""

    before: str | None
    after: str
    backup: Path | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after


def upgrade(database: str | Path, now: datetime) -> UpgradeReport:
    """Create the schema or migrate it; nothing if it is the newest already. `now` names the backup.

    On SQLite the caller holds the DaemonLock. Raises SchemaNewer, StoreUnfit, StoreUnavailable; a migration that fails
    leaves the database as it was.
    """
    db = Database(database)
    try:
        before = schema.stored_schema(db)
        if before is None:
            schema.create(db)
            return UpgradeReport(before=None, after=REVISION)
        schema.refuse_newer(db, before)
        if before == REVISION:
            return UpgradeReport(before=before, after=REVISION)
        backup = None
        if db.path is not None:
            backup = db.path.with_name(f"{db.path.name}.backup-{before}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
            back_up(db, backup)
        migrate(db)
        return UpgradeReport(before=before, after=REVISION, backup=backup)
    finally:
        db.close()


def copy_database(database: Path, target: Path) -> Path:
    """As `back_up`, of the file at that path. Raises DatabaseMissing, StoreUnavailable."""
    db = Database(database)
    try:
        if schema.stored_schema(db) is None:
            raise DatabaseMissing(
                sentence("There is no veilleuse database at {name}. Nothing was written.", name=db.name)
            )
        back_up(db, target)
    finally:
        db.close()
    return target


def back_up(db: Database, target: Path) -> None:
    """A complete copy of a SQLite database as it is at this moment, while others read and write it.

    It appears under its name only when it is whole and on the disk. Raises StoreUnavailable.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        if db.path is not None:
            as_private(partial, db.path)
        with db.read() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(partial),))
        to_disk(partial)
        partial.rename(target)
        to_disk(target.parent)
    except OSError as error:
        raise StoreUnavailable(
            sentence("The backup {target} cannot be written: {why}.", target=target, why=error.strerror)
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def migrate(db: Database, revision: str = "head") -> None:
    """Run the migrations up to one of them, in one transaction."""
    # Imported here: it costs 100 ms and memory that a daemon would keep, and hardly any start needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    # Without foreign keys: SQLite alters a table by replacing it.
    engine = db.writer if db.path is None else sqlite_engine(db.path, "rwc", foreign_keys=False)
    try:
        with db.explained(), engine.begin() as connection:
            schema.lock_schema(connection)
            if db.path is None:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        if engine is not db.writer:
            engine.dispose()


def migrations_folder() -> Path:
    """Inside the installed package; in a checkout, beside `src`."""
    package = Path(veilleuse.__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parents[1] / "migrations"


def as_private(fresh: Path, like: Path) -> None:
    """An empty file for our own writing, that nobody else may read who may not read the other. Raises OSError."""
    fresh.touch(mode=like.stat().st_mode & 0o777 | 0o600)


def to_disk(path: Path) -> None:
    """Not in memory only: what is written to a file, or which names a folder holds."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
