"""The clock of the demo."""

from datetime import UTC, datetime, timedelta

from veilleuse.sandbox.clock import VirtualClock

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_it_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(START)
    assert clock.now() == clock.now() == START
    clock.move_to(START + timedelta(days=6))
    assert clock.now() == START + timedelta(days=6)


def test_it_never_goes_back() -> None:
    clock = VirtualClock(START)
    clock.move_to(START - timedelta(hours=1))
    clock.sleep(-60)
    assert clock.now() == START


def test_who_sleeps_moves_it() -> None:
    clock = VirtualClock(START)
    clock.sleep(90)
    assert clock.now() == START + timedelta(seconds=90)
