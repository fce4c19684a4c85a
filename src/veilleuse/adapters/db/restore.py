"""Going back to a backup without saying anything twice: what is certain of the time since is carried over."""

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from veilleuse.adapters.db import carry, schema
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import SqlStore, open_store
from veilleuse.adapters.db.upgrade import as_private, to_disk, upgrade
from veilleuse.language import sentence
from veilleuse.ports import StoreUnavailable, StoreUnfit

LOG_FILES = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did. `replaced` is where the database that stood there is kept; None if none stood there."""

    replaced: Path | None
    carried: dict[str, int] | None  # rows by what they are; None: the replaced database could not be read
    last_known: datetime | None  # the newest publication the backup itself knows, aware UTC


def restore(database: Path, backup: Path, now: datetime) -> Restored:
    """Put a copy of `backup` in the place of `database`. The caller holds the DaemonLock. `now` is aware UTC.

    Receipts, doubts, freezes, plans, signatures and vetoes of the replaced database are facts: they are carried over
    where it can be read. What was said besides is recognised on the networks (rule 8). Raises StoreUnfit (no
    database of ours, damaged, SchemaNewer), StoreUnavailable; then nothing was changed.
    """
    fresh = database.with_name(f"{database.name}.restoring")
    try:
        _copy(backup, fresh, like=database if database.exists() else backup)
        upgrade(fresh, now)
    except BaseException:
        _remove(fresh)
        raise
    store = open_store(fresh)
    try:
        newest = store.receipts(limit=1)
        carried = _carry(database, fresh, store, now) if database.exists() else {}
        store.ring([state.name for state in store.states()], now)
    finally:
        store.close()
    replaced = _set_aside(database, now)
    fresh.rename(database)
    to_disk(database.parent)
    return Restored(replaced=replaced, carried=carried, last_known=newest[0].at if newest else None)


def _copy(backup: Path, fresh: Path, *, like: Path) -> None:
    _remove(fresh)
    db = Database(backup)
    try:
        if schema.stored_schema(db) is None:
            raise StoreUnfit(
                sentence(
                    "{backup} is no backup of veilleuse: there is no such file, or nothing of ours in it.",
                    backup=backup,
                )
            )
        as_private(fresh, like)
        shutil.copyfile(backup, fresh)
        if (log := backup.with_name(f"{backup.name}-wal")).exists():  # a live file, copied by other means
            as_private(fresh_log := fresh.with_name(f"{fresh.name}-wal"), like)
            shutil.copyfile(log, fresh_log)
        to_disk(fresh)
    except OSError as error:
        raise StoreUnavailable(
            sentence(
                "{backup} cannot be copied to {fresh}: {why}. Nothing was changed.",
                backup=backup,
                fresh=fresh,
                why=error.strerror,
            )
        ) from None
    finally:
        db.close()
    _must_be_whole(fresh, backup)


def _must_be_whole(fresh: Path, backup: Path) -> None:
    try:
        connection = sqlite3.connect(fresh)
        try:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise StoreUnfit(
            sentence(
                "{backup} is damaged ({said}). Nothing was changed. Take another backup.", backup=backup, said=said
            )
        )


def _carry(database: Path, fresh: Path, store: SqlStore, now: datetime) -> dict[str, int] | None:
    """Facts of the replaced database into the restored one; how many were new to it."""
    try:
        upgrade(database, now)
        replaced = open_store(database)
    except (StoreUnfit, StoreUnavailable):
        return None
    try:
        publications = carry.publications(replaced, store)
        held = store.freezes(now)
        freezes = [freeze for freeze in replaced.freezes(now) if freeze not in held]
        for freeze in freezes:
            store.freeze(freeze)
        return {
            "publications": publications,
            "doubts": carry.doubts(database, fresh),
            "freezes": len(freezes),
            "plans": carry.plans(replaced, store),
            "signatures": carry.signatures(replaced, store),
            "vetoes": carry.vetoes(replaced, store),
        }
    except StoreUnavailable:
        return None
    finally:
        replaced.close()


def _set_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    replaced = database.with_name(f"{database.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    for suffix in ("", *LOG_FILES):
        part = database.with_name(database.name + suffix)
        if part.exists():
            part.rename(replaced.with_name(replaced.name + suffix))
    return replaced


def _remove(path: Path) -> None:
    for suffix in ("", *LOG_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
