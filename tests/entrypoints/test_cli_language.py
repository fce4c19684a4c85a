"""In which language the command line speaks, and that it speaks all of it."""

from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CliHouse
from veilleuse.entrypoints.cli.tongue import language


@pytest.mark.parametrize(
    ("environ", "house", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "en", "fr"),
        ({"LANG": "en_GB.UTF-8"}, "fr", "en"),
        ({"LC_ALL": "fr_BE", "LANG": "en_GB"}, "en", "fr"),
        ({"LC_MESSAGES": "fr", "LANG": "en_GB"}, "en", "fr"),
        ({"LC_ALL": "C.UTF-8"}, "fr", "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr", "fr"),
        ({}, "fr", "fr"),
        ({}, "en", "en"),
    ],
)
def test_the_terminal_decides_if_it_says_english_or_french_else_the_house(
    tmp_path: Path, environ: dict[str, str], house: str, expected: str
) -> None:
    path = tmp_path / "veilleuse.toml"
    path.write_text(f'language = "{house}"\n', encoding="utf-8")
    assert language(["--config", str(path), "status"], environ) == expected
    assert language([f"--config={path}", "status"], environ) == expected
    assert language(["status"], {**environ, "VEILLEUSE_CONFIG": str(path)}) == expected


def test_a_house_that_cannot_be_read_is_no_reason_to_fail_here(tmp_path: Path) -> None:
    path = tmp_path / "veilleuse.toml"
    assert language(["--config", str(path)], {}) == "en"
    path.write_text("language = [", encoding="utf-8")
    assert language(["--config", str(path)], {}) == "en"


def test_help_speaks_french_whole(cli_house: CliHouse) -> None:
    cli_house.locale = "fr_FR.UTF-8"
    said = cli_house.run("--help").output
    assert said.startswith("Usage\u00a0: veilleuse [OPTIONS]")
    assert "Quand c’est important" in said
    assert "Ce qui attend quelqu’un." in said
    veto = cli_house.says("veto", "--help")
    assert "Écarte" in said
    assert "Qui met son veto" in veto
    assert "Codes de sortie" in veto
    assert "Options:" in veto


def test_what_is_said_in_french_one_moment_is_english_the_next(cli_house: CliHouse) -> None:
    cli_house.locale = "fr_FR.UTF-8"
    assert "Affiche cette aide" in cli_house.run("alerts", "--help").output
    cli_house.locale = "en_GB.UTF-8"
    assert "Show this message and exit." in cli_house.run("alerts", "--help").output


def test_a_slip_is_told_in_french(cli_house: CliHouse) -> None:
    cli_house.locale = "fr_FR.UTF-8"
    assert "Vouliez-vous dire «\u00a0status\u00a0»\u00a0?" in cli_house.run("staus", code=2).output


def test_status_and_queue_speak_french(synced: CliHouse) -> None:
    synced.locale = "fr_FR.UTF-8"
    status = synced.says("status", code=1)
    assert "pas encore regardé" in status
    assert "compte" in status
    assert "not looked" not in status
    queue = synced.says("queue")
    assert "approuvé par" in queue
    assert "approved" not in queue
