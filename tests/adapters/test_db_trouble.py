"""A database that cannot be used says why and what to do, and never tells its password."""

import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.conftest import PostgresServer
from tests.contracts.samples import NOW, an_account, feed
from tests.domain.posts import a_post
from veilleuse.adapters.db import sqlite
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import SqlStore, open_store
from veilleuse.domain.post import Image
from veilleuse.ports import StoreUnavailable, StoreUnfit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "house.db"
    open_store(path, create=True).close()
    return path


def hindered(path: Path, pragma: str) -> SqlStore:
    """A store whose only writing connection is under that pragma."""
    db = Database(path)
    with db.write() as connection:
        connection.exec_driver_sql(pragma)
    return SqlStore(db)


def test_a_folder_that_is_not_there_is_named_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "house.db"
    with pytest.raises(StoreUnavailable, match="folder exists") as trouble:
        open_store(path, create=True)
    assert str(path) in str(trouble.value)


def test_a_file_that_cannot_be_made_is_trouble_without_traceback() -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        open_store("/proc/veilleuse.db", create=True)


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    path.write_text("Nos horaires d'hiver : 9 h-17 h.\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="no SQLite database"):
        open_store(path, create=True)
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_says_whose_right_is_missing(file: Path) -> None:
    store = hindered(file, "PRAGMA query_only=ON")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        store.register([an_account()], NOW)
    assert store.states() == []
    store.close()


def test_a_full_disk_is_said_and_nothing_is_half_written(file: Path) -> None:
    store = hindered(file, "PRAGMA max_page_count=60")
    with pytest.raises(StoreUnavailable, match="disk is full"):
        feed(store, *(a_post(f"p{n}", place=n) for n in range(5000)))
    assert store.index() == {}
    store.close()


def test_a_locked_file_is_waited_for(file: Path) -> None:
    store = open_store(file)
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, other.rollback)
    release.start()
    store.register([an_account()], NOW)
    assert store.state("acme-x").next_look_at == NOW
    release.join()
    other.close()
    store.close()


def test_a_file_locked_for_long_is_trouble(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    store = open_store(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="keeps it locked"):
        store.register([an_account()], NOW)
    assert store.states() == [], "readers are not hindered"
    other.close()
    store.close()


def test_a_server_that_does_not_answer_is_named_without_user_and_password() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer") as trouble:
        open_store("postgresql://claire:hunter2@127.0.0.1:1/house?sslpassword=hunter3")
    said = str(trouble.value)
    assert "postgresql://127.0.0.1:1/house" in said
    assert not [secret for secret in ("claire", "hunter2", "hunter3") if secret in said]
    assert trouble.value.__suppress_context__


def test_what_the_driver_repeats_of_a_password_is_cut_out() -> None:
    address = "postgresql://claire:hunter2@127.0.0.1:1/house?sslmode=hunter2"
    with pytest.raises(StoreUnavailable) as trouble:
        open_store(address)
    assert "sslmode" in str(trouble.value)
    assert "hunter2" not in str(trouble.value)


def test_a_database_the_server_does_not_have_is_told_apart(postgres_server: PostgresServer) -> None:
    with pytest.raises(StoreUnavailable, match=r"refuses the connection.*\"nowhere\" does not exist"):
        open_store(postgres_server.address("nowhere"))


@pytest.mark.parametrize(
    "address",
    ["mysql://claire:hunter2@127.0.0.1/house", "postgresql://claire:hunter2@127.0.0.1:port/house"],
)
def test_an_address_nobody_understands_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(StoreUnfit, match="`database`") as trouble:
        open_store(address)
    assert "hunter2" not in str(trouble.value)


def test_a_postgres_database_without_its_driver_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnfit, match=r"pip install 'veilleuse\[postgres\]'"):
        open_store("postgresql://127.0.0.1/house")


def test_a_sqlite_too_old_is_refused_before_it_fails(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(StoreUnfit, match=r"3\.35 or newer"):
        open_store(file)


def test_a_server_that_came_back_is_used_again_at_once(postgres: str, postgres_server: PostgresServer) -> None:
    store = open_store(postgres)
    store.register([an_account()], NOW)
    ours = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'veilleuse'"
    postgres_server.run("postgres", ours)
    assert [state.name for state in store.states()] == ["acme-x"]
    store.ring(["acme-x"], NOW)
    store.close()


def test_a_connection_that_breaks_in_a_transaction_is_trouble_and_nothing_is_kept(
    postgres: str, postgres_server: PostgresServer
) -> None:
    db = Database(postgres)

    def write_and_break() -> None:
        with db.write() as connection:
            connection.exec_driver_sql("INSERT INTO images VALUES ('a', '')")
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            postgres_server.run("postgres", f"SELECT pg_terminate_backend({pid}, 5000)")
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(StoreUnavailable, match="the server stopped the work"):
        write_and_break()
    with db.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM images").scalar() == 0
    db.close()


def test_an_error_about_values_repeats_none_of_them(database: str) -> None:
    store = open_store(database, create=True)
    image = Image(sha256="nowhere", media_type="image/png", size=1, name="x.png")
    with pytest.raises(IntegrityError) as error:
        feed(store, a_post("p1", text="un texte que personne ne doit lire", image=image))
    assert "personne" not in str(error.value)
    store.close()
