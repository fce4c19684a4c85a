"""The contract is held on the real server: whatever it asks of a stage, it asks of `real`."""

import pytest

from tests.contracts.stage import Stage


@pytest.fixture
def stage(real: Stage) -> Stage:
    return real


@pytest.fixture
def read(real: Stage) -> Stage:
    return real
