"""Networks for the contract suite: the adapters against the sandbox, and the fake of the services' tests."""

from collections.abc import Iterator

import pytest

from tests.contracts.stage import STAGINGS, FakeStage, SandboxStage, Stage, SteppedClock
from veilleuse.sandbox import Sandbox


@pytest.fixture(scope="package")
def running() -> Iterator[tuple[SteppedClock, Sandbox]]:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        yield clock, sandbox


@pytest.fixture(params=sorted(STAGINGS))
def real(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox]) -> SandboxStage:
    """Each adapter, through its client library, against the sandbox."""
    return SandboxStage(request.param, *running)


@pytest.fixture(params=[*sorted(STAGINGS), "fake"])
def stage(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox]) -> Stage:
    """Each adapter and the fake."""
    return FakeStage() if request.param == "fake" else SandboxStage(request.param, *running)
