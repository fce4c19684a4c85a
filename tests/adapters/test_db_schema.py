"""The schema: migrations and tables are one; what a program does with a database older or newer than itself."""

import logging
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.conftest import PostgresServer
from tests.contracts.samples import NOW, an_account
from tests.domain.posts import a_post
from veilleuse.adapters.db import schema
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.tables import REVISION, VERSION_TABLE, metadata
from veilleuse.adapters.db.upgrade import UpgradeReport, migrate, migrations_folder, upgrade
from veilleuse.domain.rule import Approval
from veilleuse.ports import DatabaseMissing, SchemaNewer, SchemaOlder, StoreUnavailable

# Names, columns, types, keys and indexes with their conditions, as each database tells them.
SQLITE_DESCRIPTION = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
POSTGRES_DESCRIPTION = """
    SELECT table_name, column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ORDER BY 1, 2
"""


# A post as a program of schema 0001 wrote it.
OLD_POST = text("""
    INSERT INTO posts (account, id, text, file, named, variants, priority, reserve, reserve_gap, approved_by,
                       order_file, order_position, digest, row_digest)
    VALUES ('acme-x', :id, 'Bonjour', 'acme-x.toml', TRUE, '{}', 0, FALSE, 7776000000000, :approved_by,
            'acme-x.toml', 0, :digest, 'r')
""")


@pytest.fixture(params=["sqlite", "postgres"])
def two_empty(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Two databases that hold nothing."""
    if request.param == "sqlite":
        return str(tmp_path / "one.db"), str(tmp_path / "two.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database(), server.new_database()


@pytest.fixture
def older(two_empty: tuple[str, str]) -> str:
    """A database with our tables and one account, written by a program of schema 0000."""
    store = open_store(two_empty[0], create=True)
    store.register([an_account()], NOW)
    store.close()
    stamp(two_empty[0], "0000")
    return two_empty[0]


def stamp(address: str, revision: str) -> None:
    db = Database(address)
    with db.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})
    db.close()


def describe(db: Database) -> list[tuple[str, str]]:
    query = SQLITE_DESCRIPTION if db.path else POSTGRES_DESCRIPTION
    with db.read() as connection:
        return [(name, " ".join(what.split())) for name, what in connection.execute(text(query))]


def test_all_migrations_in_turn_make_exactly_the_tables(two_empty: tuple[str, str]) -> None:
    migrated, laid = map(Database, two_empty)
    migrate(migrated)
    schema.create(laid)
    assert describe(migrated) == describe(laid)
    with migrated.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    assert schema.stored_schema(migrated) == schema.stored_schema(laid) == REVISION
    migrated.close()
    laid.close()


def test_the_newest_migration_is_the_schema_this_program_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_an_upgrade_makes_a_new_database_and_then_finds_nothing_to_do(two_empty: tuple[str, str]) -> None:
    address = two_empty[0]
    assert upgrade(address, NOW) == UpgradeReport(before=None, after=REVISION)
    again = upgrade(address, NOW)
    assert again == UpgradeReport(before=REVISION, after=REVISION)
    assert not again.changed
    open_store(address).close()


def test_a_database_is_made_only_when_asked(two_empty: tuple[str, str]) -> None:
    address = two_empty[0]
    with pytest.raises(DatabaseMissing, match="no veilleuse database at"):
        open_store(address)
    open_store(address, create=True).close()
    open_store(address).close()


def test_a_file_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "typo.db"
    with pytest.raises(DatabaseMissing, match=str(path)):
        open_store(path)
    assert not path.exists()


def test_an_empty_file_is_no_database_yet(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    path.touch()
    with pytest.raises(DatabaseMissing):
        open_store(path)
    open_store(path, create=True).close()


def test_a_newer_database_is_left_alone(two_empty: tuple[str, str]) -> None:
    address = two_empty[0]
    open_store(address, create=True).close()
    stamp(address, "0999")
    for touch in (lambda: open_store(address, create=True), lambda: upgrade(address, NOW)):
        with pytest.raises(SchemaNewer, match="newer version"):
            touch()
    assert schema_of(address) == "0999"


def test_an_older_database_names_the_remedy(older: str) -> None:
    with pytest.raises(SchemaOlder, match="veilleuse db upgrade"):
        open_store(older, create=True)


def test_a_running_daemon_that_meets_a_newer_schema_claims_nothing_and_says_so(two_empty: tuple[str, str]) -> None:
    address = two_empty[0]
    store = open_store(address, create=True)
    store.register([an_account()], NOW)
    stamp(address, "0999")
    assert store.claim_due("me", NOW, 10) == []
    with pytest.raises(SchemaNewer, match="newer version"):
        store.beat("me", NOW, timedelta(seconds=45))
    store.close()


def schema_of(address: str) -> str | None:
    db = Database(address)
    try:
        return schema.stored_schema(db)
    finally:
        db.close()


# --- migrating from an older one: a house of migrations with one more step ----------------------------------------

STEP = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "{revision}", "0000"
def upgrade():
    op.add_column("accounts", sa.Column("mood", sa.Text()))
    {then}
"""


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Migrations in which the newest comes after 0000; returns its file."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((migrations_folder() / "env.py").read_text())
    (folder / "versions/0000.py").write_text('revision, down_revision = "0000", None\ndef upgrade(): pass\n')
    newest = folder / f"versions/{REVISION}.py"
    newest.write_text(STEP.format(revision=REVISION, then="pass"))
    monkeypatch.setattr("veilleuse.adapters.db.upgrade.migrations_folder", lambda: folder)
    return newest


def moods(address: str) -> bool:
    db = Database(address)
    described = str(describe(db))
    db.close()
    return "mood" in described


def test_an_older_database_is_backed_up_and_migrated(older: str, step: Path) -> None:
    report = upgrade(older, NOW)
    assert (report.before, report.after) == ("0000", REVISION)
    assert moods(older)
    store = open_store(older)
    assert [state.name for state in store.states()] == ["acme-x"]
    store.close()
    if report.backup is None:
        assert older.startswith("postgresql://")
        return
    assert report.backup == Path(f"{older}.backup-0000-20261120T100000Z")
    assert schema_of(str(report.backup)) == "0000"
    assert not moods(str(report.backup))
    assert list(Path(older).parent.glob("*.partial")) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(older: str, step: Path) -> None:
    step.write_text(STEP.format(revision=REVISION, then='raise RuntimeError("half way")'))
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(older, NOW)
    assert not moods(older)
    assert schema_of(older) == "0000"


def test_names_that_stood_in_files_before_approvals_were_kept_are_kept_from_the_upgrade_on(
    two_empty: tuple[str, str],
) -> None:
    address = two_empty[0]
    db = Database(address)
    migrate(db, "0001")
    with db.write() as connection:
        for name, approved_by in (("named", "claire"), ("draft", None)):
            connection.execute(OLD_POST, {"id": name, "digest": a_post(name).digest, "approved_by": approved_by})
    db.close()
    assert upgrade(address, NOW).before == "0001"
    store = open_store(address)
    (kept,) = store.approvals()
    assert (kept.ref, kept.approver, kept.mode) == ("acme-x/named", "claire", Approval.FILE)
    assert kept.digest == a_post("named").digest
    assert kept.at.year >= 2026
    assert {c.post.id: c.post.approved_by for c in store.candidates("acme-x")} == {"named": "claire", "draft": None}
    store.close()


def test_a_backup_that_cannot_be_written_stops_the_upgrade(tmp_path: Path, step: Path) -> None:
    path = tmp_path / "house.db"
    open_store(path, create=True).close()
    stamp(str(path), "0000")
    (tmp_path / "house.db.backup-0000-20261120T100000Z").mkdir()
    with pytest.raises(StoreUnavailable, match=r"backup .* cannot be written"):
        upgrade(path, NOW)
    assert schema_of(str(path)) == "0000"
    assert list(tmp_path.glob("*.partial")) == []


def test_migrating_leaves_the_programs_logging_alone(older: str, step: Path) -> None:
    before = (logging.root.handlers[:], logging.root.level)
    upgrade(older, NOW)
    assert (logging.root.handlers, logging.root.level) == before
    assert not logging.getLogger("veilleuse").disabled


def test_migrations_are_found_in_the_package_and_else_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = Path(__file__).parents[2] / "migrations"
    assert migrations_folder() == beside
    package = tmp_path / "site-packages/veilleuse"
    (package / "migrations").mkdir(parents=True)
    monkeypatch.setattr("veilleuse.__file__", str(package / "__init__.py"))
    assert migrations_folder() == package / "migrations"


def test_a_daemon_on_sqlite_carries_no_alembic_no_orm_no_postgres(tmp_path: Path) -> None:
    program = (
        "import sys; from veilleuse.adapters.db.store import open_store;"
        "open_store(sys.argv[1], create=True).close(); print(*sys.modules)"
    )
    run = [sys.executable, "-c", program, str(tmp_path / "house.db")]
    loaded = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert "sqlalchemy.dialects.sqlite" in loaded
    assert not {"alembic", "sqlalchemy.orm", "sqlalchemy.dialects.postgresql"} & set(loaded)


def test_a_closed_sqlite_database_is_one_file(tmp_path: Path) -> None:
    store = open_store(tmp_path / "house.db", create=True)
    store.register([an_account()], NOW)
    assert len(store.states()) == 1
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == ["house.db"]


def test_sqlite_is_opened_durably(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    store = open_store(path, create=True)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    db = Database(path)
    with db.write() as opened:
        settings = [opened.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "foreign_keys")]
    assert settings == [2, 1]
    db.close()
    store.close()
