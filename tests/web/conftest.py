"""A house for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    made = WebHouse(tmp_path)
    yield made
    made.place.close()
