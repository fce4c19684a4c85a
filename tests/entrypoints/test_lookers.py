"""Bulkheads: a network that hangs for its whole deadline delays no other."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import FakeClock, MemoryStore
from tests.services.house import START, NoPhone, an_account
from veilleuse.entrypoints.lookers import SHARE, Lookers
from veilleuse.services.alert import Alerts
from veilleuse.services.look import Action, LookReport
from veilleuse.services.rounds import Rounds
from veilleuse.services.timekeeper import Timekeeper

DEAD, ALIVE = 50, 12  # accounts of the network that hangs, and of the one that answers


class Crowd:
    """Looks at the accounts of Facebook hang until they are let go; those at X take a moment."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.looked: list[str] = []
        self.seconds: list[float] = []
        accounts = [an_account(f"f{n}", network="facebook") for n in range(DEAD)]
        accounts += [an_account(f"x{n}", network="x") for n in range(ALIVE)]
        self.accounts = {account.name: account for account in accounts}
        self.store, clock = MemoryStore(), FakeClock(START)
        self.store.register(accounts, START - timedelta(hours=1))
        self.store.beat("me", START, timedelta(days=1))
        self.rounds = Rounds(
            store=self.store,
            clock=clock,
            alerts=Alerts(self.store, NoPhone(), clock),
            look=self.look,
            accounts=self.accounts,
            daemon="me",
            timekeeper=Timekeeper(clock),
        )
        self.lookers = Lookers((account.network for account in accounts), self.seconds.append)

    def look(self, name: str) -> LookReport:
        if name.startswith("f"):
            self.let_go.wait(20)
        self.looked.append(name)
        later = START + timedelta(days=1)
        self.store.finish_look("me", replace(self.store.state(name), next_look_at=later))
        return LookReport(account=name, action=Action.WAITS, reason="", look_at=later)

    def poll_until(self, looked: set[str]) -> bool:
        """Ring the bell a few times a second, for two seconds at most."""
        until = time.monotonic() + 2
        while not looked <= set(self.looked) and time.monotonic() < until:
            self.lookers.poll(self.rounds, lambda report: None)
            time.sleep(0.02)
        return looked <= set(self.looked)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    crowd.let_go.set()
    crowd.lookers.stop()


def test_fifty_accounts_of_a_network_that_hangs_delay_no_other_network(crowd: Crowd) -> None:
    assert crowd.poll_until({name for name in crowd.accounts if name.startswith("x")})
    assert len(crowd.seconds) <= ALIVE  # each look is timed when it ends
    assert all(0 <= took < 1 for took in crowd.seconds)
    assert not any(name.startswith("f") for name in crowd.looked)


def test_a_network_that_hangs_holds_no_more_than_its_share(crowd: Crowd) -> None:
    for _ in range(5):
        crowd.lookers.poll(crowd.rounds, lambda report: None)
    assert crowd.rounds.in_flight_on("facebook") == 2 * SHARE  # the rest waits in the database, for any daemon


def test_when_it_answers_again_everybody_there_is_looked_at(crowd: Crowd) -> None:
    crowd.lookers.poll(crowd.rounds, lambda report: None)
    crowd.let_go.set()
    assert crowd.poll_until(set(crowd.accounts))
