"""The contract: any moment is a cursor, so that a year can be read back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.contracts.stage import NOW, PUBLISHING, OutboxStage, SandboxStage, SteppedClock
from veilleuse.ports.networks import Billing, Recalling, Surveying
from veilleuse.sandbox import Sandbox

DAY = timedelta(days=1)


@pytest.fixture(params=PUBLISHING)
def stage(request: pytest.FixtureRequest) -> Iterator[SandboxStage]:
    """Of a sandbox of its own: ids grow with time, so the past comes first."""
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        yield SandboxStage(request.param, clock, sandbox)


@pytest.mark.parametrize(("days", "shown"), [(365, 13), (100, 4), (10, 1), (0.5, 0)])
def test_reading_from_a_moment_brings_what_came_after_it(stage: SandboxStage, days: float, shown: int) -> None:
    for ago in range(361, 0, -30):
        stage.sandbox.post_as_human(stage.identity, f"Il y a {ago} jours", at=NOW - ago * DAY)
    with stage.open() as network:
        assert isinstance(network, Recalling)
        cursor = network.cursor_at(NOW - days * DAY)
        found = [entry for entry in network.read(stage.number, cursor).entries if entry.created_at >= NOW - days * DAY]
    assert [entry.text for entry in found] == [f"Il y a {1 + 30 * n} jours" for n in range(shown)]


def test_more_than_a_read_brings_is_told_as_incomplete(stage: SandboxStage) -> None:
    for hours in range(300, 0, -1):
        stage.sandbox.post_as_human(stage.identity, f"{hours}", at=NOW - hours * timedelta(hours=1))
    with stage.open() as network:
        assert isinstance(network, Recalling)
        reading = network.read(stage.number, network.cursor_at(NOW - 100 * DAY))
    assert not reading.complete
    assert reading.entries[0].text == "1"
    assert len(reading.entries) >= 200


@pytest.mark.parametrize("stage", ["x"], indirect=True)
def test_somebody_else_is_read_back_with_ones_own_credentials_and_billed(stage: SandboxStage) -> None:
    stage.sandbox.add("x", "rival")
    for ago in (500, 200, 20):
        stage.sandbox.post_as_human("rival", f"Il y a {ago} jours", at=NOW - ago * DAY)
    with stage.open() as network:
        assert isinstance(network, Surveying)
        found = network.survey("rival", NOW - 365 * DAY)
        assert [entry.text for entry in found.entries] == ["Il y a 20 jours", "Il y a 200 jours"]
        assert isinstance(network, Billing)
        assert network.billed() == {"x_user_read": 1, "x_post_read": 2}


def test_an_outbox_is_read_from_any_moment_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    outbox = OutboxStage(tmp_path_factory.mktemp("outbox"))
    outbox.people_post("Un", "Deux")
    with outbox.open() as network:
        assert isinstance(network, Recalling)
        assert len(network.read(outbox.number, network.cursor_at(NOW)).entries) == 2
        assert network.read(outbox.number, network.cursor_at(NOW + DAY)).entries == ()
