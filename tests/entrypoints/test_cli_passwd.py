"""`passwd`: a line for the configuration, from a password that is shown nowhere."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from tests.entrypoints.cli_house import CliHouse, furnished
from veilleuse.config import load
from veilleuse.entrypoints.cli import main

PASSWORD = "une petite flamme"


@pytest.fixture
def house(tmp_path: Path) -> CliHouse:
    return furnished(tmp_path)


def passwd(house: CliHouse, *args: str, typed: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(house.config), "passwd", *args], input=typed)


def test_the_line_it_prints_is_taken_and_holds_that_password(house: CliHouse) -> None:
    result = passwd(house, "claire", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert "[people.claire]" in result.stderr
    assert PASSWORD not in result.output
    line = result.stdout.strip()
    text = house.config.read_text()
    house.config.write_text(text.replace("[people.claire]", f"[people.claire]\n{line}"))
    from veilleuse.bootstrap import SPECS

    (claire, _) = load(house.config, SPECS).people
    assert claire.password is not None
    assert PasswordHasher().verify(claire.password, PASSWORD)


def test_the_same_password_twice_makes_two_hashes(house: CliHouse) -> None:
    assert passwd(house, typed=f"{PASSWORD}\n").stdout != passwd(house, typed=f"{PASSWORD}\n").stdout


@pytest.mark.parametrize("typed", ["", "\n", "short\n"])
def test_a_short_password_is_refused(house: CliHouse, typed: str) -> None:
    result = passwd(house, typed=typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "At least 10 characters" in result.stderr


def test_an_unknown_name_is_told_with_what_was_probably_meant(house: CliHouse) -> None:
    result = passwd(house, "clair", typed=f"{PASSWORD}\n")
    assert result.exit_code == 2
    assert 'Did you mean "claire"?' in result.stderr
