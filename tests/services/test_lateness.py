"""After an outage, after a date has passed, while the network cannot be read: late, never in a burst, never mute."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post, utc
from tests.fake_network import Fault
from tests.services.house import RULE, START, House, posts
from veilleuse.domain.errors import CredentialsRefused, NetworkError, RateLimited, Unreachable
from veilleuse.domain.rule import WhenBlind
from veilleuse.services.look import Action

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT = Unreachable("X does not answer.")


def texts(house: House) -> list[str]:
    return [payload.text for payload in house.network.sent]


def told(house: House, condition: str) -> list[str]:
    """Openings and all-clears; reminders aside."""
    words = [n.what.value for n in house.store.all_notifications() if n.condition.value == condition]
    return [word for word in words if word in ("opened", "cleared")]


def live(house: House, span: timedelta) -> None:
    house.live_until(house.clock.now() + span)


@pytest.mark.parametrize("refusal", [SILENT, RateLimited("X wants fewer calls.")])
def test_an_account_that_never_posted_and_cannot_has_no_limit_to_pass_and_calls_its_owner_all_the_same(
    refusal: NetworkError,
) -> None:
    house = House(*posts(30))
    house.network.publish_faults.extend(Fault(refusal) for _ in range(99))
    live(house, HOUR)
    assert f"acme-x/p0 was not published: {refusal.sentence}" in house.open_alerts()["network_unreadable"]
    house.network.publish_faults.clear()
    live(house, HOUR)
    house.clock.advance(HOUR)
    house.alerts.ripen()
    assert (texts(house), told(house, "network_unreadable")) == (["Bonjour de p0 !"], ["opened", "cleared"])


@pytest.mark.parametrize("away", [2 * HOUR, 7 * DAY, 100 * DAY, 4 * 365 * DAY])
def test_an_outage_of_any_length_costs_one_post_at_most(open_again: OpenStore, away: timedelta) -> None:
    house = House(*posts(20), store=open_again())
    house.look()
    house.clock.advance(6 * DAY + away)
    house.look()
    live(house, 5 * DAY)
    assert len(texts(house)) == 2


def test_dated_posts_missed_in_an_outage_are_not_made_up_for() -> None:
    dated = [
        a_post(f"d{n}", place=n, not_before=START + n * DAY, not_after=START + (n + 1) * DAY) for n in range(1, 20)
    ]
    house = House(*dated, *posts(3))
    house.look()
    house.clock.advance(15 * DAY + HOUR)
    house.look()
    live(house, 5 * DAY)
    assert texts(house) == ["Bonjour de p0 !", "Bonjour de d15 !"]


def test_a_post_whose_last_day_has_passed_is_said_to_have_expired_once() -> None:
    house = House(a_post("voeux", not_before=START + DAY, not_after=utc("2026-11-22 23:00")), *posts(5)[1:])
    house.look()
    live(house, 2 * DAY)
    assert "post_expired" not in house.open_alerts()
    live(house, 2 * DAY)
    text = house.open_alerts()["post_expired"]
    assert text == "acme-x/voeux has expired and is not said any more: its last day was Sunday 22 November."
    live(house, 20 * DAY)
    assert told(house, "post_expired") == ["opened"]
    assert "post_expired" not in house.open_alerts()
    assert "Bonjour de voeux !" not in texts(house)


@pytest.mark.parametrize(
    "post",
    [
        a_post("old", not_after=START - 30 * DAY),
        a_post("draft", not_after=START - HOUR, approved_by=None),
        a_post("reserve", not_after=START - HOUR, reserve=True),
    ],
    ids=lambda post: post.id,
)
def test_an_old_date_a_draft_or_a_reserve_that_expired_calls_nobody(post: object) -> None:
    house = House(post, *posts(2))  # type: ignore[arg-type]
    house.look()
    assert "post_expired" not in house.open_alerts()


def test_a_post_said_in_time_does_not_expire() -> None:
    house = House(a_post("voeux", not_after=START + DAY))
    house.look()
    live(house, 3 * DAY)
    assert texts(house) == ["Bonjour de voeux !"]
    assert "post_expired" not in house.open_alerts()


def test_a_network_that_cannot_be_read_calls_a_human_when_the_account_is_due_and_again_at_its_limit() -> None:
    house = House(*posts(9))
    house.look()
    house.network.read_faults.extend([SILENT] * 10_000)
    live(house, 6 * DAY)
    assert told(house, "network_unreadable") == []  # it is not due: nobody reads, nobody is called
    live(house, DAY - HOUR)
    assert told(house, "network_unreadable") == ["opened"]
    assert told(house, "limit_passed") == []
    house.live_until(START + 7 * DAY)
    assert told(house, "limit_passed") == ["opened"]
    assert len(texts(house)) == 1


def test_when_it_can_be_read_again_it_speaks_once_and_both_alerts_end() -> None:
    house = House(*posts(9))
    house.look()
    house.network.read_faults.extend([SILENT] * 60)
    live(house, 9 * DAY)
    assert len(texts(house)) == 2
    assert house.open_alerts().keys() <= {"runway_low"}
    assert told(house, "network_unreadable") == ["opened", "cleared"]
    assert told(house, "limit_passed") == ["opened", "cleared"]


@pytest.mark.parametrize(
    "error",
    [RateLimited("slow down.", retry_at=START + 400 * DAY), CredentialsRefused("the token was revoked."), SILENT],
    ids=lambda error: type(error).__name__,
)
def test_no_answer_puts_a_look_off_by_more_than_half_a_day(error: NetworkError) -> None:
    house = House(*posts(1))
    house.network.read_faults.append(error)
    assert house.look()[0].action is Action.BLIND
    live(house, DAY)
    assert texts(house) == ["Bonjour de p0 !"]


def test_an_account_told_to_speak_blind_speaks_in_its_time_and_not_oftener() -> None:
    house = House(*posts(9), rule=replace(RULE, when_blind=WhenBlind.SPEAK))
    house.look()
    house.network.read_faults.extend([SILENT] * 10_000)
    live(house, 20 * DAY)
    assert len(texts(house)) == 4
    spoken = [entry.created_at for entry in house.network.timeline]
    assert all(6 * DAY <= later - sooner <= 7 * DAY for sooner, later in pairwise(spoken))
    assert told(house, "network_unreadable") == ["opened"]


def test_an_account_told_to_speak_blind_says_nothing_by_a_wrong_clock() -> None:
    house = House(*posts(9), rule=replace(RULE, when_blind=WhenBlind.SPEAK))
    house.look()
    house.network.clock_error = HOUR
    live(house, 20 * DAY)
    assert len(texts(house)) == 1
