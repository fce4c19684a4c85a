"""A house for the command line."""

from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CliHouse, furnished


@pytest.fixture
def cli_house(tmp_path: Path) -> CliHouse:
    return furnished(tmp_path)


@pytest.fixture
def synced(cli_house: CliHouse) -> CliHouse:
    """Its folder is in the queue."""
    cli_house.run("db", "upgrade")
    cli_house.run("sync")
    return cli_house
