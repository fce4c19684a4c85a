"""Several daemons on one database, one of whose clocks is wrong: it stands aside, says so once, and disturbs nobody."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.conftest import OpenStore
from tests.fake_network import FakeNetwork
from tests.fakes import FakeClock, MemoryStore
from tests.services.house import START, House, posts
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.alert import Notification
from veilleuse.domain.errors import Unreachable
from veilleuse.ports import Clock, Store
from veilleuse.services.timekeeper import CLOCK_TOLERANCE

SECOND, MINUTE, HOUR, DAY, YEAR = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=365),
)
BEAT = 15 * SECOND


@dataclass
class Erring(FakeClock):
    """Another machine's clock, so far from the first one's. It stands as long as that one does."""

    base: FakeClock
    error: timedelta

    def __init__(self, base: FakeClock, error: timedelta) -> None:
        self.base, self.error = base, error

    def now(self) -> datetime:
        return self.base.now() + self.error

    def sleep(self, seconds: float) -> None:
        self.base.sleep(seconds)

    def advance(self, by: timedelta) -> datetime:
        return self.base.advance(by) + self.error


def errs(clock: Clock | None, error: timedelta) -> None:
    """From now on it is wrong by so much."""
    assert isinstance(clock, Erring)
    clock.error = error


def two(open_again: OpenStore, wrong_by: timedelta, *, server: timedelta = timedelta(0)) -> tuple[House, House]:
    """One whose clock is right, one whose clock may be wrong; the database's is right, or wrong by so much."""
    clock = FakeClock(START)
    right = House(*posts(20), store=open_again(), daemon="ada", clock=clock, server=Erring(clock, server))
    other = House(
        store=open_again(), daemon="bea", beside=right, clock=Erring(clock, wrong_by), server=Erring(clock, server)
    )
    return right, other


@pytest.fixture
def memory() -> OpenStore:
    store = MemoryStore()
    return lambda: store


@pytest.fixture(params=["memory", "postgres"])
def open_again(request: pytest.FixtureRequest) -> Iterator[OpenStore]:
    """Where there may be several daemons."""
    if request.param == "memory":
        yield request.getfixturevalue("memory")
        return
    address = request.getfixturevalue("postgres")
    with ExitStack() as opened:

        def open_one() -> Store:
            store = open_store(address)
            opened.callback(store.close)
            return store

        yield open_one


def live(houses: tuple[House, ...], span: timedelta, step: timedelta = 5 * MINUTE) -> None:
    """Each of them as a daemon lives, turn by turn; it beats only so often as these tests have time."""
    end = houses[0].clock.now() + span
    while houses[0].clock.now() < end:
        for house in houses:
            house.beat()
            house.rounds.until_quiet(lambda report: None)
            if not house.timekeeper.aside:
                house.alerts.ripen()
        houses[0].clock.advance(step)


def told(store: Store) -> list[Notification]:
    """What was said of clocks; reminders of what stands aside."""
    said = [n for n in store.all_notifications() if n.condition.value == "clock_off"]
    return [n for n in said if n.what.value in ("opened", "cleared")]


def words(store: Store) -> list[str]:
    return [f"{n.account} {n.what}".strip() for n in told(store)]


def spoken(network: FakeNetwork) -> list[timedelta]:
    return [entry.created_at - START for entry in network.timeline]


ERRORS = [-YEAR, -10 * HOUR, 10 * HOUR, YEAR]


@pytest.mark.parametrize("wrong_by", ERRORS, ids=str)
def test_a_daemon_with_a_wrong_clock_costs_the_others_no_reads(open_again: OpenStore, wrong_by: timedelta) -> None:
    right, other = two(open_again, wrong_by)
    live((right,), HOUR)
    before = right.network.reads
    live((right, other), 6 * HOUR)
    assert right.network.reads - before <= 2


@pytest.mark.parametrize("wrong_by", ERRORS, ids=str)
def test_the_others_publish_on_time_and_nothing_twice(memory: OpenStore, wrong_by: timedelta) -> None:
    alone = House(*posts(20), daemon="ada")
    live((alone,), 20 * DAY, HOUR)
    right, other = two(memory, wrong_by)
    live((right, other), 20 * DAY, HOUR)
    assert spoken(right.network) == spoken(alone.network)
    texts = [payload.text for payload in right.network.sent]
    assert len(texts) == len(set(texts)) == 4


@pytest.mark.parametrize("wrong_by", ERRORS, ids=str)
def test_the_wrong_clock_is_told_once_and_once_that_it_is_right_again(
    open_again: OpenStore, wrong_by: timedelta
) -> None:
    right, other = two(open_again, wrong_by)
    live((right, other), 2 * HOUR)
    assert words(right.store) == ["opened"]
    (alert,) = right.store.alerts()
    assert alert.finding.subject == "bea"
    assert alert.finding.text.startswith("The clock of bea says ")
    assert alert.finding.text.endswith("it looks at no account and publishes nothing.")
    errs(other.clock, timedelta(0))
    live((right, other), 2 * HOUR)
    assert words(right.store) == ["opened", "cleared"]
    assert right.store.alerts() == []


def test_the_alert_of_a_machine_that_is_gone_ends_too(memory: OpenStore) -> None:
    right, other = two(memory, YEAR)
    live((right, other), HOUR)
    live((right,), HOUR)
    assert words(right.store) == ["opened", "cleared"]


def test_a_clock_that_jumps_under_way_is_noticed_before_the_next_claim(memory: OpenStore) -> None:
    right, other = two(memory, timedelta(0))
    live((right, other), HOUR)
    errs(other.clock, YEAR)
    before = right.network.reads
    assert other.rounds.until_quiet(lambda report: None) == []  # the beat has not come yet
    assert right.network.reads == before


def test_it_goes_on_as_soon_as_its_clock_is_mended(open_again: OpenStore) -> None:
    right, other = two(open_again, YEAR)
    live((other,), HOUR)
    assert right.network.sent == []
    errs(other.clock, timedelta(0))
    live((other,), MINUTE)
    assert len(right.network.sent) == 1


def test_a_few_minutes_are_no_wrong_clock(memory: OpenStore) -> None:
    right, other = two(memory, CLOCK_TOLERANCE - SECOND)
    live((other,), HOUR)
    assert len(right.network.sent) == 1
    assert words(right.store) == []


def test_where_the_database_is_wrong_a_network_is_asked_and_all_goes_on(memory: OpenStore) -> None:
    right, other = two(memory, timedelta(0))
    live((right, other), DAY, HOUR)
    reads = right.network.reads
    for house in (right, other):
        errs(house.server, -YEAR)
    live((right, other), 13 * DAY, HOUR)
    assert len(spoken(right.network)) == 3
    assert words(right.store) == ["opened"]
    (alert,) = [a for a in right.store.alerts() if a.finding.condition.value == "clock_off"]
    assert alert.finding.subject == "database"
    assert "the networks agree with " in alert.finding.text
    assert right.network.reads - reads <= 2 * (2 * 14 + 3)  # each asks twice a day


def test_where_the_database_is_wrong_and_no_network_answers_nothing_is_said(memory: OpenStore) -> None:
    right, _ = two(memory, timedelta(0), server=YEAR)
    live((right,), DAY, HOUR)
    assert right.network.sent == []  # a first start: no account is known yet that could be asked
    assert words(right.store) == ["opened"]
    assert "the database's" in right.store.alerts()[0].finding.text


def test_a_network_that_does_not_answer_is_asked_again_later(memory: OpenStore) -> None:
    right, _ = two(memory, timedelta(0))
    live((right,), DAY, HOUR)
    errs(right.server, YEAR)
    right.network.read_faults.extend([Unreachable("no connection.")] * 2)
    before = right.network.reads
    live((right,), 5 * MINUTE)
    assert right.timekeeper.aside
    assert right.network.reads == before + 1
    live((right,), HOUR)
    assert not right.timekeeper.aside


@pytest.mark.parametrize("wrong_by", [-YEAR, YEAR], ids=str)
def test_the_machine_of_the_database_is_wrong_and_so_is_its_daemon(memory: OpenStore, wrong_by: timedelta) -> None:
    """The usual pair: Postgres and a daemon on one machine, a daemon on another."""
    right, other = two(memory, timedelta(0))
    live((right, other), DAY, HOUR)
    reads = right.network.reads
    for clock in (other.clock, right.server, other.server):
        errs(clock, wrong_by)
    live((right, other), 13 * DAY, HOUR)
    assert len(spoken(right.network)) == 3
    assert len({payload.text for payload in right.network.sent}) == 3
    assert {a.finding.subject for a in right.store.alerts() if a.finding.condition.value == "clock_off"} <= {
        "bea",
        "database",
    }
    assert words(right.store).count("opened") <= 2
    assert "cleared" not in words(right.store)
    assert right.network.reads - reads <= 25 * 14 + 2 * 14 + 10


@pytest.mark.parametrize("wrong_by", [-YEAR, YEAR], ids=str)
def test_all_wrong_together_are_silent_and_say_so(memory: OpenStore, wrong_by: timedelta) -> None:
    right, other = two(memory, timedelta(0))
    live((right, other), DAY, HOUR)
    right.network.clock_error = -wrong_by  # of all that is known, the network alone is right
    right.clock.advance(wrong_by)
    live((right, other), 7 * DAY, HOUR)
    assert len(right.network.sent) == 1
    assert words(right.store) == ["opened"] * len(words(right.store))
    assert 1 <= len(words(right.store)) <= 2
    right.clock.advance(-wrong_by)
    right.network.clock_error = timedelta(0)
    live((right, other), 7 * DAY, HOUR)
    assert len(right.network.sent) in (2, 3)
    assert words(right.store).count("cleared") == words(right.store).count("opened")


def test_reminders_of_a_wrong_clock_come_at_their_usual_pace(memory: OpenStore) -> None:
    right, other = two(memory, YEAR)
    live((right, other), 2 * DAY, 10 * MINUTE)
    said = [n.what.value for n in right.store.all_notifications() if n.condition.value == "clock_off"]
    assert said == ["opened", "repeated"]


def test_the_others_go_on_at_their_rhythm_for_months(memory: OpenStore) -> None:
    right, other = two(memory, -YEAR)
    live((right, other), 40 * DAY, HOUR)
    assert all(6 * DAY <= later - sooner <= 7 * DAY for sooner, later in pairwise(spoken(right.network)))
