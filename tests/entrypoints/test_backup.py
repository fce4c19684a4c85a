"""`db backup` and `db restore`: going back in time without saying anything twice, and without thawing anything."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CONFIG, CliHouse
from tests.entrypoints.test_main_job import World
from veilleuse import bootstrap
from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.plan import Plan, PlanKind
from veilleuse.domain.veto import Veto

WEEK = timedelta(days=7)
NOTHING = dict.fromkeys(("publications", "doubts", "freezes", "plans", "signatures", "vetoes"), 0)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, str(tmp_path / "veilleuse.db"))
    yield world
    world.sandbox.stop()


def restored(world: World, copy: Path) -> dict[str, int] | None:
    return bootstrap.restore(bootstrap.load(world.config), copy, world.clock).carried


def backed_up(world: World) -> Path:
    return bootstrap.backup(bootstrap.load(world.config), None, world.clock)


def test_what_was_published_since_the_copy_is_carried_over_and_not_said_again(world: World) -> None:
    world.run_once()
    copy = backed_up(world)
    world.clock.sleep(WEEK.total_seconds())
    world.run_once()
    assert restored(world, copy) == NOTHING | {"publications": 2}
    world.clock.sleep(WEEK.total_seconds())
    world.run_once()
    assert len(set(world.said("acme"))) == len(world.said("acme")) == 3


def test_what_nobody_else_may_read_stays_so_in_a_copy_and_in_what_is_restored_of_it(world: World) -> None:
    world.run_once()
    database = world.config.with_name("veilleuse.db")
    database.chmod(0o600)
    copy = backed_up(world)
    assert copy.stat().st_mode & 0o777 == 0o600
    copy.chmod(0o644)  # it came back from another machine
    restored(world, copy)
    assert database.stat().st_mode & 0o777 == 0o600


def test_even_when_the_replaced_database_is_lost_nothing_is_said_again(world: World) -> None:
    world.run_once()
    copy = backed_up(world)
    world.clock.sleep(WEEK.total_seconds())
    world.run_once()
    (copy.parent / "veilleuse.db").write_bytes(b"lightning struck here")
    assert restored(world, copy) is None
    for _ in range(2):
        world.clock.sleep(WEEK.total_seconds())
        world.run_once()
    assert len(set(world.said("acme"))) == len(world.said("acme")) == 4


def test_a_freeze_since_the_copy_holds_after_it(world: World) -> None:
    world.run_once()
    copy = backed_up(world)
    with world.house() as house:
        freeze = Freeze(
            account="", network="", by="claire", reason="incendie", since=world.clock.now(), origin="claire"
        )
        house.store.freeze(freeze)
    assert restored(world, copy) == NOTHING | {"freezes": 1}
    world.clock.sleep(WEEK.total_seconds())
    world.run_once()
    assert len(world.said("acme")) == 1


def test_what_was_vetoed_or_closed_since_the_copy_stays_so(world: World) -> None:
    world.run_once()
    copy = backed_up(world)
    now = world.clock.now()
    with world.house() as house:
        post = next(c.post for c in house.store.candidates("acme-x") if not c.uses)
        house.store.veto(Veto(account="acme-x", post_id=post.id, digest=post.digest, by="claire", at=now))
        plan = Plan(
            account="acme-facebook",
            network="facebook",
            remote_id="1234567890",
            kind=PlanKind.FAREWELL,
            by="claire",
            begun_at=now,
            next_at=now,
            over_at=now,
            steps=(),
        )
        assert plan.closed
        assert house.store.keep_plan(plan, None)
    assert restored(world, copy) == NOTHING | {"plans": 1, "vetoes": 1}
    world.clock.sleep(WEEK.total_seconds())
    world.run_once()
    assert len(world.said("1234567890")) == 1
    assert post.text not in world.said("acme")


def test_a_copy_is_whole_while_others_write(synced: CliHouse) -> None:
    with DaemonLock(synced.database):
        said = synced.says("db", "backup")
    (copy,) = synced.folder.glob("veilleuse.db.backup-*")
    assert f"Copied the database to {copy}" in said
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchone() == (3,)
    connection.close()


def test_a_copy_never_overwrites(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    cli_house.write("mine.db", "dear to me")
    assert "mine.db stands there already. Nothing was written." in cli_house.says(
        "db", "backup", str(cli_house.folder / "mine.db"), code=1
    )


def test_what_is_no_copy_of_ours_changes_nothing(synced: CliHouse) -> None:
    before = synced.database.read_bytes()
    for name, content, said in (
        ("notes.txt", "not a database at all, but long enough to be read as one" * 20, "no SQLite database"),
        ("empty.db", "", "is no backup of veilleuse"),
    ):
        assert said in synced.says("db", "restore", "--yes", str(synced.write(name, content)), code=_code(said))
    assert "is no backup of veilleuse" in synced.says("db", "restore", "--yes", "nowhere.db", code=2)
    assert synced.database.read_bytes() == before
    assert not list(synced.folder.glob("*.restoring*"))


def _code(said: str) -> int:
    return 1 if "SQLite" in said else 2


def test_a_damaged_copy_changes_nothing(synced: CliHouse) -> None:
    copy = synced.folder / "copy.db"
    synced.run("db", "backup", str(copy))
    page = bytearray(copy.read_bytes())
    page[8192:12288] = b"\xff" * 4096
    copy.write_bytes(page)
    assert "Nothing was changed. Take another backup." in synced.says("db", "restore", "--yes", str(copy), code=2)


def test_a_restore_beside_a_daemon_is_refused(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    cli_house.run("db", "backup", str(cli_house.folder / "copy.db"))
    with DaemonLock(cli_house.database):
        assert "Another daemon" in cli_house.says("db", "restore", "--yes", str(cli_house.folder / "copy.db"), code=2)


def test_without_a_yes_nothing_is_restored(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    cli_house.run("db", "backup", str(cli_house.folder / "copy.db"))
    assert "Aborted" in cli_house.says("db", "restore", str(cli_house.folder / "copy.db"), code=1)


def test_of_postgres_it_says_what_to_run_without_the_password(cli_house: CliHouse) -> None:
    address = "postgresql://veilleuse:s3cr3t-of-acme@db.example/veilleuse"
    cli_house.write("veilleuse.toml", f'database = "{address}"\n{CONFIG}').chmod(0o600)
    assert "pg_dump --format=custom" in cli_house.says("db", "backup", code=2)
    assert "pg_restore --clean --if-exists" in cli_house.says("db", "restore", "copy.dump", "--yes", code=2)
