"""The reserve: what keeps an account alive when its queue is empty, and who is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.domain.posts import a_post, utc
from tests.fake_network import Fault
from tests.services.house import RULE, START, House
from veilleuse.domain.errors import ContentRefused
from veilleuse.domain.hours import Hours, parse_week
from veilleuse.domain.post import Post

DAY = timedelta(days=1)
YEAR = START + timedelta(days=365)


def reserve(id: str, place: int, **fields: Any) -> Post:
    return a_post(id, place=place, reserve=True, **fields)


def said(house: House) -> list[str]:
    return [receipt.post_id for receipt in reversed(house.store.receipts(limit=1000))]


def test_the_reserve_speaks_only_when_nothing_else_may() -> None:
    house = House(reserve("evergreen", 0), a_post("p1", place=1), a_post("p2", place=2))
    house.live_until(START + 20 * DAY)
    assert said(house) == ["p1", "p2", "evergreen"]


def test_living_on_reserves_is_told_before_the_first_use_and_is_over_when_the_queue_is_filled() -> None:
    house = House(a_post("p1"), reserve("evergreen", 1), reserve("another", 2))
    house.look()
    assert said(house) == ["p1"]
    assert house.open_alerts()["living_on_reserves"].startswith("acme-x lives on its reserve, which lasts until ")
    assert "so acme-x/evergreen is next" in house.open_alerts()["living_on_reserves"]
    house.live_until(START + 7 * DAY)
    assert said(house) == ["p1", "evergreen"]
    assert "so acme-x/another is next" in house.open_alerts()["living_on_reserves"]
    house.feed(a_post("p2", place=3))
    house.force()
    assert "living_on_reserves" not in house.open_alerts()


def test_a_queue_that_has_a_post_for_the_next_turn_does_not_live_on_reserves() -> None:
    house = House(a_post("p1"), a_post("p2", place=1), reserve("evergreen", 2))
    house.look()
    assert "living_on_reserves" not in house.open_alerts()


def test_a_hole_in_the_calendar_that_the_reserve_fills_is_told() -> None:
    house = House(a_post("p1"), a_post("later", place=1, not_before=START + 60 * DAY), reserve("evergreen", 2))
    house.look()
    assert "living_on_reserves" in house.open_alerts()


@pytest.mark.parametrize("before", [(), (a_post("p1"),)], ids=["never active", "active"])
def test_a_queue_whose_posts_are_all_for_later_has_nothing_to_say(before: tuple[Post, ...]) -> None:
    house = House(*before, a_post("summer", place=1, not_before=utc("2027-06-01 00:00")))
    house.look()
    told = house.open_alerts()["nothing_eligible"]
    assert told.startswith("acme-x has nothing approved to say before Tuesday 1 June 2027.")


def test_a_post_whose_day_comes_before_the_limit_calls_nobody() -> None:
    house = House(a_post("p1"), a_post("just", place=1, not_before=START + 7 * DAY - timedelta(hours=3)))
    house.live_until(START + 7 * DAY - timedelta(hours=4))
    assert "nothing_eligible" not in house.open_alerts()
    house.live_until(START + 7 * DAY)
    assert said(house) == ["p1", "just"]


def test_the_last_of_the_reserve_is_told_as_what_it_is_until_it_is_said() -> None:
    house = House(a_post("p1"), reserve("evergreen", 1))
    house.look()
    assert {"runway_low", "living_on_reserves"} == house.open_alerts().keys()
    house.live_until(START + 8 * DAY)
    assert said(house) == ["p1", "evergreen"]
    assert house.open_alerts()["nothing_eligible"].startswith("acme-x has nothing approved to say. It passes its limit")


@pytest.mark.parametrize("reserved", [False, True], ids=["queue", "reserve"])
def test_hours_that_stay_closed_past_the_limit_are_told_whoever_would_speak(reserved: bool) -> None:
    mondays = Hours(zone=RULE.zone, week=parse_week(["Mon 09:00-10:00"]))
    posts = (a_post(f"p{n}", place=n, reserve=reserved) for n in range(9))
    house = House(*posts, rule=replace(RULE, hours=mondays, max_silence=5 * DAY))
    house.live_until(START + 4 * DAY)
    assert len(said(house)) == 1
    assert "its hours open next Monday 30 November at 09:00" in house.open_alerts()["hours_closed"]


def test_reserve_posts_take_turns_rest_ninety_days_and_the_account_calls_for_more() -> None:
    house = House(*(reserve(name, place) for place, name in enumerate("abc")), network="facebook")
    house.live_until(START + 80 * DAY)
    assert said(house) == ["a", "b", "c"]
    assert "nothing_eligible" in house.open_alerts()
    house.live_until(START + 115 * DAY)
    assert said(house) == ["a", "b", "c", "a", "b", "c"]
    at = {receipt.use: receipt.at for receipt in house.store.receipts(limit=99) if receipt.post_id == "a"}
    assert at[1] - at[0] >= 90 * DAY


def test_a_reserve_post_is_said_as_often_as_it_may_and_no_more() -> None:
    house = House(reserve("a", 0, max_uses=2), reserve("b", 1, max_uses=1), network="facebook")
    house.live_until(YEAR)
    assert sorted(said(house)) == ["a", "a", "b"]


def test_a_reserve_post_refused_at_its_second_use_is_told_as_at_its_first() -> None:
    house = House(*(reserve(name, place, reserve_gap=DAY) for place, name in enumerate("ab")), network="facebook")
    house.live_until(START + 8 * DAY)
    assert said(house) == ["a", "b"]
    house.network.publish_faults.append(Fault(error=ContentRefused("this text is refused.")))
    house.live_until(START + 15 * DAY)
    assert "refused the post acme-x/a: this text is refused. It is not live." in house.open_alerts()["post_refused"]


def test_alone_in_the_reserve_it_is_not_said_twice_in_a_row() -> None:
    house = House(reserve("a", 0, reserve_gap=3 * DAY), network="facebook")
    house.live_until(START + 40 * DAY)
    assert said(house) == ["a"]
    assert "nothing_eligible" in house.open_alerts()
    house.network.human_posts("Bonjour de toute l'équipe")
    house.force()
    house.live_until(START + 50 * DAY)
    assert said(house) == ["a", "a"]  # somebody spoke in between


def test_a_post_of_several_wordings_may_follow_itself_in_other_words() -> None:
    words = {"x": ("Plutôt thé ?", "Plutôt café ?", "Plutôt chocolat ?")}
    house = House(reserve("drinks", 0, reserve_gap=3 * DAY, variants=words))
    house.live_until(START + 60 * DAY)
    assert [receipt.text for receipt in reversed(house.store.receipts())] == list(words["x"])  # on X, each once
