"""Worlds that live for months in seconds. `python -m tests.simulation --seed N` tells the story of one."""

from datetime import timedelta

from tests.simulation.quiet import without_logs
from tests.simulation.world import World


def test_the_same_seed_tells_the_same_story() -> None:
    first: list[str] = []
    second: list[str] = []
    for lines in (first, second):
        with without_logs():
            World(1, tell=lines.append).live(timedelta(days=20))
    assert first == second
    assert len(first) > 20
