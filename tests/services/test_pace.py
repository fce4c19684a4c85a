"""A pace per network: turns are promised once, kept, and survive a clock set back."""

from datetime import timedelta

from tests.domain.posts import utc
from veilleuse.services.pace import Pace

NOW = utc("2026-11-20 10:00")
SECOND = timedelta(seconds=1)
NONE = timedelta(0)


def test_the_first_speaks_at_once_and_the_others_wait_one_behind_the_other() -> None:
    pace = Pace(5 * SECOND)
    assert [pace.wait("x", name, NOW) / SECOND for name in "abcd"] == [0, 5, 10, 15]


def test_who_waits_keeps_its_place_however_often_it_asks() -> None:
    pace = Pace(5 * SECOND)
    for name in "abc":
        pace.wait("x", name, NOW)
    assert [pace.wait("x", name, NOW + 2 * SECOND) / SECOND for name in "cbc"] == [8, 3, 8]
    assert pace.wait("x", "b", NOW + 5 * SECOND) == NONE
    assert pace.wait("x", "c", NOW + 5 * SECOND) == 5 * SECOND


def test_two_that_come_late_still_speak_one_after_the_other() -> None:
    pace = Pace(5 * SECOND)
    for name in "abc":
        pace.wait("x", name, NOW)
    late = NOW + 60 * SECOND
    assert pace.wait("x", "b", late) == NONE
    assert pace.wait("x", "c", late) == 5 * SECOND


def test_networks_do_not_wait_for_each_other() -> None:
    pace = Pace(5 * SECOND)
    assert [pace.wait(network, "a", NOW) for network in ("x", "facebook")] == [NONE, NONE]


def test_a_clock_set_back_by_years_stops_nobody() -> None:
    pace = Pace(5 * SECOND)
    for name in "abc":
        pace.wait("x", name, NOW)
    before = NOW - timedelta(days=3650)
    assert [pace.wait("x", name, before) / SECOND for name in "abc"] == [0, 5, 10]
