"""A database that cannot be used: a sentence and an exit code from every command, and nothing lost."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CONFIG, CliHouse, furnished
from tests.entrypoints.versions import make_newer

READING = (("status",), ("queue",), ("history",), ("alerts",), ("sync", "--dry-run"))
ALL = (*READING, ("sync",), ("alerts", "ack", "1", "--as", "claire"), ("db", "upgrade"))
NOBODY = 65534


def test_no_database_is_exit_code_2_naming_the_path_and_none_is_made(cli_house: CliHouse) -> None:
    for args in (*READING, ("sync",), ("alerts", "ack", "1", "--as", "claire")):
        said = cli_house.says(*args, code=2)
        assert f"There is no veilleuse database at {cli_house.database}." in said
        assert "`veilleuse init` or `veilleuse run` makes one" in said
    assert not cli_house.database.exists()


def test_a_newer_database_is_left_as_it_is(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    make_newer(cli_house.database)
    before = cli_house.database.read_bytes()
    for args in ALL:
        assert "was written by a newer version (schema 9999" in cli_house.says(*args, code=2)
    assert cli_house.database.read_bytes() == before


def test_a_file_that_is_no_database_is_left_as_it_is(cli_house: CliHouse) -> None:
    cli_house.database.write_bytes(b"a letter to my bank\n" * 500)
    for args in ALL:
        assert "the file is no SQLite database" in cli_house.says(*args, code=1)
    assert cli_house.database.read_bytes() == b"a letter to my bank\n" * 500


def test_a_damaged_database_says_to_restore_a_backup(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    cli_house.database.write_bytes(cli_house.database.read_bytes()[:20_000])
    assert "the file is damaged" in cli_house.says("status", code=1)


def test_a_folder_in_place_of_the_database_is_a_mistake_in_the_configuration(cli_house: CliHouse) -> None:
    cli_house.database.mkdir()
    for args in ALL:
        assert "is a folder. Name a file as `database`" in cli_house.says(*args, code=2)


def test_a_database_in_a_folder_that_is_not_there(cli_house: CliHouse) -> None:
    cli_house.write("veilleuse.toml", f'database = "nowhere/veilleuse.db"\n{CONFIG}')
    assert "nowhere/veilleuse.db" in cli_house.says("status", code=2)
    assert "Check that its folder exists" in cli_house.says("db", "upgrade", code=1)


def test_a_server_that_does_not_answer_is_exit_code_1_and_its_password_is_not_shown(cli_house: CliHouse) -> None:
    cli_house.config.chmod(0o600)
    cli_house.write("veilleuse.toml", f'database = "postgresql://veilleuse:s3cr3t-of-acme@127.0.0.1:9/acme"\n{CONFIG}')
    for args in ALL:
        said = cli_house.says(*args, code=1)
        assert "The database postgresql://127.0.0.1:9/acme cannot be used: it does not answer" in said
    assert "it does not answer" in cli_house.says("check", code=1)


def test_a_database_that_may_not_be_written_says_so() -> None:
    with tempfile.TemporaryDirectory(prefix="veilleuse-cli-") as name:  # pytest's own folders are closed to others
        folder = Path(name)
        folder.chmod(0o755)
        house = furnished(folder)
        house.run("db", "upgrade")
        house.run("status", code=1)  # every module is imported before we become nobody
        house.run("sync", "--dry-run")
        with _not_writable(folder):
            said = house.says("sync", code=1)
        assert f"The database {house.database} cannot be used:" in said
        assert "the user who runs veilleuse" in said
        assert house.json("queue") == []


@contextmanager
def _not_writable(folder: Path) -> Iterator[None]:
    """Nobody may write there; not even us, who may be root."""
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    we = os.geteuid()
    if we == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(we)
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.parametrize(
    "args", [("status", "--nonsense"), ("status", "a", "b"), ("nonsense",), ("history", "--limit", "x")]
)
def test_a_slip_of_the_hand_is_exit_code_2(cli_house: CliHouse, args: tuple[str, ...]) -> None:
    assert "Try 'veilleuse" in cli_house.says(*args, code=2)


def test_a_command_mistyped_is_recognised(cli_house: CliHouse) -> None:
    assert 'No such command "stats". Did you mean "status"?' in cli_house.says("stats", code=2)
