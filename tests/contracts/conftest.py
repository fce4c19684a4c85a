"""Networks for the contract suite: the adapters against the sandbox, and the fake of the services' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.stage import PUBLISHING, WATCHED, FakeStage, OutboxStage, SandboxStage, Stage, SteppedClock
from veilleuse.sandbox import Sandbox


@pytest.fixture(scope="package")
def running() -> Iterator[tuple[SteppedClock, Sandbox]]:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        yield clock, sandbox


@pytest.fixture(params=PUBLISHING)
def real(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox]) -> SandboxStage:
    """Each adapter, through its client library, against the sandbox."""
    return SandboxStage(request.param, *running)


@pytest.fixture(params=[*PUBLISHING, "outbox", "fake"])
def stage(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox], tmp_path: Path) -> Stage:
    """Each adapter that publishes, and the fake."""
    return _stage(request.param, running, tmp_path)


@pytest.fixture(params=[*PUBLISHING, *WATCHED, "outbox", "fake"])
def read(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox], tmp_path: Path) -> Stage:
    """Those that are only watched too."""
    return _stage(request.param, running, tmp_path)


def _stage(name: str, running: tuple[SteppedClock, Sandbox], folder: Path) -> Stage:
    if name == "fake":
        return FakeStage()
    return OutboxStage(folder) if name == "outbox" else SandboxStage(name, *running)
