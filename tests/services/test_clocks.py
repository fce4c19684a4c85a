"""Clocks that jump by hours or years, forwards or back: no burst, no stall, and somebody is told."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post
from tests.fake_network import Fault
from tests.services.house import START, House, posts
from veilleuse.domain.activity import Author
from veilleuse.domain.errors import OutcomeUnknown
from veilleuse.services.look import Action

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
JUMPS = [-10 * YEAR, -3 * DAY, -2 * HOUR, 2 * HOUR, 3 * DAY, 10 * YEAR]


def jump(house: House, by: timedelta) -> None:
    """This machine's clock jumps; the network's does not."""
    house.clock.advance(by)
    house.network.clock_error -= by


def live(house: House, span: timedelta) -> None:
    """As a daemon lives: a beat every minute or so, and a look at whatever is due."""
    end = house.clock.now() + span
    while house.clock.now() < end:
        house.rounds.beat()
        house.rounds.until_quiet(lambda report: None)
        at = house.store.next_look_at() or end
        step = min(max(at - house.clock.now(), timedelta(minutes=1)), end - house.clock.now())
        house.clock.advance(step if step > timedelta(0) else timedelta(minutes=1))


def said_by_the_network_s_clock(house: House) -> list[timedelta]:
    return [entry.created_at - START for entry in house.network.timeline]


def told(house: House, condition: str) -> list[str]:
    """Openings and all-clears; reminders aside."""
    words = [n.what.value for n in house.store.all_notifications() if n.condition.value == condition]
    return [word for word in words if word in ("opened", "cleared")]


@pytest.mark.parametrize("by", JUMPS, ids=str)
def test_a_clock_that_jumps_and_stays_wrong_says_nothing_and_calls_a_human(by: timedelta) -> None:
    house = House(*posts(20))
    live(house, DAY)
    jump(house, by)
    live(house, 8 * DAY)
    assert len(house.network.sent) == 1
    assert told(house, "clock_off") == ["opened"]
    assert "this machine's clock says" in house.open_alerts()["clock_off"]
    assert told(house, "limit_passed") == told(house, "nothing_eligible") == []


@pytest.mark.parametrize("wrong_for", [timedelta(minutes=1), 2 * HOUR, 2 * DAY], ids=str)
@pytest.mark.parametrize("by", JUMPS, ids=str)
def test_a_clock_put_right_again_leaves_the_old_rhythm(by: timedelta, wrong_for: timedelta) -> None:
    house = House(*posts(20))
    live(house, DAY)
    jump(house, by)
    live(house, wrong_for)
    jump(house, -by)
    live(house, 15 * DAY)
    spoken = [entry.created_at for entry in house.network.timeline]
    assert len(spoken) == 3
    assert all(6 * DAY <= later - sooner <= 7 * DAY for sooner, later in pairwise(spoken))
    assert "clock_off" not in house.open_alerts()


def test_a_human_s_post_seen_under_a_wrong_clock_is_noted_under_the_right_one() -> None:
    house = House(*posts(20))
    live(house, 5 * DAY)
    jump(house, -10 * YEAR)
    house.network.timeline.clear()
    human = house.network.human_posts("Bonjour", at=START + 5 * DAY)
    live(house, DAY)
    assert house.store.state("acme-x").seen_at is None
    jump(house, 10 * YEAR)
    live(house, DAY)
    state = house.store.state("acme-x")
    assert (state.seen_at, state.seen_by) == (human.created_at, Author.HUMAN)
    live(house, 3 * DAY)
    assert len(house.network.sent) == 1


@pytest.mark.parametrize("by", [-10 * YEAR, 10 * YEAR], ids=str)
def test_a_jump_between_the_read_and_the_answer_neither_stalls_nor_repeats(
    open_again: OpenStore, by: timedelta
) -> None:
    house = House(*posts(20), store=open_again())
    house.network.publish_faults.append(
        Fault(OutcomeUnknown("no answer."), effect=True, meanwhile=lambda: jump(house, by))
    )
    house.look()
    live(house, HOUR)
    jump(house, -by)
    live(house, 15 * DAY)
    texts = [payload.text for payload in house.network.sent]
    assert len(texts) == len(set(texts)) == 3


def test_a_post_noted_ten_years_ahead_does_not_silence_the_account_for_ten_years(open_again: OpenStore) -> None:
    house = House(*posts(20), store=open_again())
    house.network.answered = lambda: jump(house, 10 * YEAR)
    house.look()
    house.network.answered = None
    assert house.store.state("acme-x").spoke_at == START + 10 * YEAR
    jump(house, -10 * YEAR)
    live(house, 14 * DAY)
    assert len(house.network.sent) == 3
    assert all(receipt.at <= house.clock.now() for receipt in house.store.receipts())


def test_a_clock_ten_years_back_leaves_what_is_known_alone() -> None:
    house = House(*posts(20))
    live(house, DAY)
    before = house.store.state("acme-x").spoke_at
    jump(house, -10 * YEAR)
    live(house, DAY)
    assert house.store.state("acme-x").spoke_at == before


def test_a_network_that_tells_no_time_is_spoken_to_all_the_same() -> None:
    house = House(*posts(3))
    house.network.tells_time = False
    assert house.look()[0].action is Action.PUBLISHED


def test_two_clocks_what_the_network_shows_is_told_and_what_we_said_guards_the_gap() -> None:
    """Our post is nowhere to be seen: for the status the account is silent, yet nothing is said on top of it."""
    house = House(*posts(3), a_post("late", place=9))
    house.network.human_posts("Bonjour", at=START - 30 * DAY)
    house.network.hidden.add("2")
    house.look()
    house.force(HOUR)
    state = house.store.state("acme-x")
    assert (state.seen_at, state.spoke_at) == (START - 30 * DAY, START)
    house.force(18 * HOUR)
    assert len(house.network.sent) == 1


def test_a_clock_set_back_by_half_a_day_puts_no_look_off() -> None:
    house = House(*posts(20))
    live(house, 5 * DAY + 23 * HOUR)
    jump(house, 13 * HOUR)
    live(house, HOUR)
    put_off_until = house.store.next_look_at()
    assert put_off_until is not None
    jump(house, -13 * HOUR)
    assert put_off_until > house.clock.now() + 12 * HOUR
    live(house, HOUR)
    soonest = house.store.next_look_at()
    assert soonest is not None
    assert soonest <= house.clock.now() + 12 * HOUR
