"""A house for each test."""

from pathlib import Path

import pytest

from tests.web.house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> WebHouse:
    return WebHouse(tmp_path)
