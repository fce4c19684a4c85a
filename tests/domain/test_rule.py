"""The rule as a table of dates: when an account must speak."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.hours import ALWAYS, Hours, parse_week
from veilleuse.domain.rule import Due, Rule, due, spread

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(**hours: Any) -> Rule:
    return Rule(hours=Hours(zone=PARIS, **hours))


def test_it_speaks_six_days_and_the_spread_after_the_last_activity() -> None:
    last = utc("2026-11-20 10:00")
    found = due(weekly(week=ALWAYS), "acme-x", last, last)
    assert found.at == last + 6 * DAY + spread("acme-x", last, DAY)
    assert found.limit == last + 7 * DAY
    assert not found.overdue


def test_a_human_s_own_post_moves_the_moment_by_as_much() -> None:
    rule = weekly(week=ALWAYS)
    first, second = utc("2026-11-20 10:00"), utc("2026-11-23 09:00")
    after_first, after_second = due(rule, "a", first, first).at, due(rule, "a", second, second).at
    assert after_first is not None
    assert after_second is not None
    assert timedelta(days=2) < after_second - after_first < timedelta(days=4)


@pytest.mark.parametrize("last", [None, utc("2025-01-01 00:00"), utc("2026-11-13 10:00")])
def test_never_active_or_long_silent_speaks_at_the_next_opening(last: datetime | None) -> None:
    night = utc("2026-11-20 23:00")
    found = due(weekly(), "acme-x", last, night)
    assert found.at == utc("2026-11-21 07:00")
    assert found.overdue


def test_if_hours_stay_closed_past_the_limit_it_speaks_at_the_last_opening_before() -> None:
    rule = weekly(quiet_days=((date(2026, 12, 24), date(2027, 1, 3)),))
    found = due(rule, "acme-x", utc("2026-12-18 10:00"), utc("2026-12-18 10:00"))
    assert found.at == utc("2026-12-23 18:30")  # half an hour before 20:00 in Paris
    assert not found.breach


def test_if_the_gap_forbids_that_the_breach_is_announced_and_the_first_opening_after_serves() -> None:
    rule = weekly(quiet_days=((date(2026, 12, 24), date(2027, 1, 3)),))
    found = due(rule, "acme-x", utc("2026-12-23 10:00"), utc("2026-12-23 10:00"))
    assert found == Due(at=utc("2027-01-04 07:00"), limit=utc("2026-12-30 10:00"), overdue=False, breach=True)


def test_in_that_last_half_hour_it_speaks_now() -> None:
    rule = weekly(quiet_days=((date(2026, 12, 24), date(2027, 1, 3)),))
    late = utc("2026-12-23 18:50")
    assert due(rule, "acme-x", utc("2026-12-18 10:00"), late).at == late


def test_two_clock_steps_back_do_not_make_it_speak_early() -> None:
    last = utc("2026-11-20 10:00")
    rule = weekly(week=ALWAYS)
    assert due(rule, "a", last, last - 400 * DAY).at == due(rule, "a", last, last).at


def test_a_lead_as_long_as_the_silence_is_an_error() -> None:
    with pytest.raises(ValueError, match="lead"):
        Rule(max_silence=DAY, lead=DAY)


@given(st.text(max_size=20), st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_the_spread_is_10_to_60_percent_of_the_lead_and_always_the_same(account: str, last: datetime) -> None:
    first = spread(account, last, DAY)
    assert 0.1 * DAY <= first <= 0.6 * DAY
    assert spread(account, last, DAY) == first


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
offices = st.sampled_from([ALWAYS, parse_week(["Mon-Fri 09:00-18:00"]), parse_week(["Sun 10:00-11:00"])])


@given(last=moments, after=st.timedeltas(timedelta(0), timedelta(days=20)), week=offices)
def test_it_never_speaks_in_closed_hours_nor_in_the_past(last: datetime, after: timedelta, week: object) -> None:
    rule, now = weekly(week=week), last + after
    found = due(rule, "a", last, now)
    assert found.at is not None
    assert found.at >= now
    assert rule.hours.is_open(found.at)


@given(last=moments, week=offices)
def test_a_daemon_that_always_looks_in_time_passes_no_limit_it_does_not_announce(last: datetime, week: object) -> None:
    rule = weekly(week=week)
    found = due(rule, "a", last, last)
    assert found.at is not None
    assert found.limit is not None
    assert found.breach == (found.at > found.limit)


@given(last=moments, week=offices, steps=st.lists(st.floats(0.01, 0.9), max_size=5))
def test_looking_more_often_does_not_make_it_speak_later(last: datetime, week: object, steps: list[float]) -> None:
    """Level-triggered: however often one asks, the answer never runs away."""
    rule, now = weekly(week=week), last
    promised = due(rule, "a", last, now).at
    for step in steps:
        assert promised is not None
        now += (promised - now) * step
        again = due(rule, "a", last, now).at
        assert again is not None
        assert again <= max(promised, now)
