"""A house for the command line."""

from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CliHouse, furnished


@pytest.fixture
def cli_house(tmp_path: Path) -> CliHouse:
    return furnished(tmp_path)
