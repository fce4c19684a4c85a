"""What a look has decided is sent soon, or not at all: a machine may sleep between reading and sending."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post, utc
from tests.services.house import RULE, START, House, posts
from veilleuse.domain.attempt import Fault as Why
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.hours import Hours
from veilleuse.services.look import Action

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BY_DAY = replace(RULE, hours=Hours(zone=ZoneInfo("Europe/Paris")))  # 08:00-20:00
CLOSING = utc("2026-11-20 19:00")

Slow = Callable[..., None]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Once, time passes around a call of the store, and something happens meanwhile."""

    def pass_time(house: House, call: str, by: timedelta, deed: Callable[[], object] = lambda: None) -> None:
        own = getattr(house.store, call)

        def called(*given: object) -> object:
            monkeypatch.setattr(house.store, call, own)
            answer = own(*given)
            house.clock.advance(by)
            deed()
            return answer

        monkeypatch.setattr(house.store, call, called)

    return pass_time


def test_a_machine_that_slept_between_reading_and_sending_reads_again_and_hears_whoever_spoke(slow: Slow) -> None:
    house = House(*posts(3))
    slow(house, "candidates", 9 * HOUR, lambda: house.network.human_posts("Bonjour à tous"))
    (report,) = house.look()
    assert "acme-x/p0 was not published: more than 5 minutes passed" in report.reason
    house.live_until(START + 4 * DAY)
    assert house.network.sent == []


def test_an_account_whose_hours_close_while_its_image_is_brought_waits_for_the_morning(slow: Slow) -> None:
    house = House(*posts(3), rule=BY_DAY)
    house.clock.at = CLOSING - 30 * SECOND
    slow(house, "candidates", MINUTE)
    house.look()
    assert house.network.sent == []
    house.live_until(CLOSING + 13 * HOUR)
    assert [said.created_at for said in house.network.timeline] == [utc("2026-11-21 07:00")]


def test_hours_that_close_between_the_attempt_and_the_call_are_kept(slow: Slow) -> None:
    house = House(*posts(3), rule=BY_DAY)
    house.clock.at = CLOSING - 10 * SECOND
    slow(house, "open_attempt", 20 * SECOND)
    (report,) = house.look()
    assert (house.network.sent, report.action) == ([], Action.NEEDS_HUMAN)
    (attempt,) = house.store.attempts()
    assert (attempt.outcome, attempt.fault) == (Outcome.REFUSED, Why.TOO_LATE)


def test_a_post_whose_last_day_ends_meanwhile_is_not_said_and_the_next_one_is(slow: Slow) -> None:
    house = House(a_post("p0", not_after=START + 30 * SECOND), a_post("p1", place=1))
    slow(house, "candidates", MINUTE)
    house.look()
    assert house.network.sent == []
    house.live_until(START + HOUR)
    assert [said.text for said in house.network.sent] == ["Bonjour de p1 !"]


def test_a_date_written_into_its_file_meanwhile_holds(open_again: OpenStore, slow: Slow) -> None:
    house = House(a_post("p0"), store=open_again())
    slow(house, "candidates", SECOND, lambda: house.feed(a_post("p0", not_before=START + 3 * DAY)))
    house.live_until(START + 2 * DAY)
    assert house.network.sent == []
    house.live_until(START + 4 * DAY)
    assert len(house.network.sent) == 1
