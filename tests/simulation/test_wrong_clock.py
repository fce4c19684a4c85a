"""A month with three daemons on one database, one of whose clocks is wrong for two weeks."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.simulation.baton import Task
from tests.simulation.ledger import Timeline
from tests.simulation.ports import Machine
from tests.simulation.quiet import without_logs
from tests.simulation.weather import DAY, HOUR
from tests.simulation.world import BEGAN, World
from veilleuse.domain.activity import Entry
from veilleuse.domain.alert import Condition

YEAR, MONTH = 365 * DAY, 30 * DAY
SEED = 400


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with without_logs():
        yield


class Watched(World):
    """Fair weather, three machines; how often each account is read is counted."""

    def __init__(self) -> None:
        super().__init__(SEED)
        self.weather.calm = 1000 * DAY
        self.machines = [Machine(name) for name in ("ada", "bea", "cleo")]
        self.spools = {machine.name: [] for machine in self.machines}
        self.reads: Counter[str] = Counter()

    def was_read(self, task: Task, timeline: Timeline, at: datetime, entries: list[Entry]) -> None:
        self.reads[timeline.account] += 1
        super().was_read(task, timeline, at, entries)

    @property
    def told(self) -> Counter[str]:
        """What was said of clocks, as it stands in the database at the end."""
        said = (n for n in self.store.all_notifications() if n.condition is Condition.CLOCK_OFF)
        return Counter(f"{n.what} {n.account}".strip() for n in said)

    def jump(self, number: int, error: timedelta, *, after: timedelta) -> None:
        def now() -> None:
            self.machines[number].clock_error = error
            self.wake_all()

        self.baton.at(BEGAN + after, now)


@pytest.fixture(scope="module")
def usual() -> Counter[str]:
    """How often each account is read where every clock is right."""
    with without_logs():
        world = Watched()
        world.live(MONTH)
    assert not world.told
    return world.reads


@pytest.mark.parametrize("wrong_by", [YEAR, -10 * HOUR], ids=str)
def test_two_weeks_beside_a_wrong_clock(usual: Counter[str], wrong_by: timedelta) -> None:
    """Nothing is late, nothing is said twice: of that the oracle is the judge, as in any other world."""
    world = Watched()
    world.jump(1, wrong_by, after=5 * DAY)
    world.jump(1, timedelta(0), after=20 * DAY)
    world.live(MONTH)
    asked = 2 * 15  # the one with the wrong clock asks one of the networks twice a day
    assert sum(world.reads.values()) <= 1.05 * usual.total() + asked
    assert world.reads["acme-x"] <= usual["acme-x"] + 6  # where reads cost money
    told = world.told
    assert told.pop("repeated") <= 3
    assert told == {"opened": 1, "cleared": 1}
