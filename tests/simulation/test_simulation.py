"""Worlds that live for months in seconds. `python -m tests.simulation --seed N` tells the story of one."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.memory.plans import MemoryPlans
from tests.simulation.mutations import MUTATIONS, WORLDS, notices
from tests.simulation.oracle import PromiseBroken
from tests.simulation.quiet import without_logs
from tests.simulation.world import MONTHS_2, World
from veilleuse.adapters.db.store import open_store


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with without_logs():
        yield


@pytest.mark.timeout(300)
@pytest.mark.parametrize("first", range(0, WORLDS, 6))
def test_every_promise_is_kept_in_every_world(first: int) -> None:
    for seed in range(first, first + 6):
        _live(World(seed), MONTHS_2)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("first", [300, 304])
def test_accounts_hibernate_wake_and_say_farewell_in_every_weather(first: int) -> None:
    lived: Counter[str] = Counter()
    for seed in range(first, first + 4):
        world = World(seed, lives=True)
        _live(world, MONTHS_2, " --lives")
        assert world.lives is not None
        lived.update(world.lives.counts)
    assert min(lived["asleep"], lived["awake"], lived["farewells"]) > 0, "nobody did: this shows nothing"


def test_a_house_that_forgets_its_plans_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the decision nor the database asks for them: somebody speaks in their sleep."""
    monkeypatch.setattr("veilleuse.services.look.plan_of", lambda *asked: None)
    monkeypatch.setattr(MemoryPlans, "_hushed", lambda *asked: None)
    with pytest.raises(PromiseBroken, match="never against a plan"):
        World(302, lives=True).live(MONTHS_2)


@pytest.mark.parametrize("seed", [100, 101])
def test_the_promises_are_kept_on_real_databases(seed: int, database: str) -> None:
    store = open_store(database, create=True)
    try:
        _live(World(seed, store=store), timedelta(days=6))
    finally:
        store.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_rule_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the world where it was noticed last; if that tells another story now, in one of those that keep every promise.

    `python -m tests.simulation --mutations` finds the worlds anew.
    """
    mutation, last = MUTATIONS[name]
    mutation(monkeypatch)
    assert any(notices(seed) for seed in (last, *range(WORLDS))), "no world noticed"


def test_the_same_seed_tells_the_same_story() -> None:
    first: list[str] = []
    second: list[str] = []
    for lines in (first, second):
        World(1, tell=lines.append).live(timedelta(days=20))
    assert first == second
    assert len(first) > 20


def _live(world: World, span: timedelta, more: str = "") -> None:
    try:
        world.live(span)
    except PromiseBroken as broken:
        days = span / timedelta(days=1)
        pytest.fail(f"{broken}\nreplay: python -m tests.simulation --seed {world.seed} --days {days:g}{more}")
