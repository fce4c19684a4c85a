"""When an account may speak."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.hours import ALWAYS, DAILY_8_TO_20, Hours, parse_week

PARIS = ZoneInfo("Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("entries", "monday", "sunday"),
    [
        (["always"], ((0, 1440),), ((0, 1440),)),
        (["daily 08:00-20:00"], ((480, 1200),), ((480, 1200),)),
        (["Mon-Fri 09:00-18:00"], ((540, 1080),), ()),
        (["Mon,Wed 09:00-12:00,14:00-24:00"], ((540, 720), (840, 1440)), ()),
        (["Mon-Fri 09:00-18:00", "Sun 10:00-12:00"], ((540, 1080),), ((600, 720),)),
    ],
)
def test_hours_are_read_as_written(entries: list[str], monday: object, sunday: object) -> None:
    week = parse_week(entries)
    assert (week[0], week[6]) == (monday, sunday)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("22:00-02:00", "has no days"),
        ("daily 22:00-02:00", "crosses midnight"),
        ("daily 9:00-18:00", "is not HH:MM-HH:MM"),
        ("daily 09:00-25:00", "is not a time of day"),
        ("daily 09:61-10:00", "is not a time of day"),
        ("Lun-Ven 09:00-18:00", "is no day"),
        ("Fri-Mon 09:00-18:00", "runs backwards"),
        ("Mon 09:00-12:00,11:00-13:00", "overlap"),
    ],
)
def test_wrong_hours_are_refused_with_the_mend(entry: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_week([entry])


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-20 10:00", "2026-11-20 10:00"),  # open: now
        ("2026-11-20 19:00", "2026-11-21 07:00"),  # 20:00 in Paris is closed; next 08:00 CET
        ("2026-11-20 18:59", "2026-11-20 18:59"),  # the last minute
        ("2026-03-28 20:00", "2026-03-29 06:00"),  # the night clocks go forward: 08:00 CEST
        ("2026-10-24 20:00", "2026-10-25 07:00"),  # the night they go back: 08:00 CET
        ("2028-02-28 20:00", "2028-02-29 07:00"),  # a leap day is a day
        ("2026-12-31 20:00", "2027-01-02 07:00"),  # New Year is a public holiday in France
        ("2026-12-23 20:00", "2026-12-24 07:00"),
    ],
)
def test_the_next_opening_in_paris(now: str, opens: str) -> None:
    hours = Hours(zone=PARIS, week=DAILY_8_TO_20, holidays="FR")
    assert hours.next_open(utc(now)) == utc(opens)


def test_a_window_inside_the_hour_that_clocks_skip_stays_closed() -> None:
    hours = Hours(zone=PARIS, week=parse_week(["daily 02:00-03:00"]))
    assert hours.next_open(utc("2026-03-29 00:00")) == utc("2026-03-30 00:00")


def test_a_window_inside_the_hour_that_clocks_repeat_is_open_both_times() -> None:
    hours = Hours(zone=PARIS, week=parse_week(["daily 02:00-03:00"]))
    assert hours.is_open(utc("2026-10-25 00:30"))
    assert hours.is_open(utc("2026-10-25 01:30"))
    assert not hours.is_open(utc("2026-10-25 02:00"))


def test_quiet_days_are_closed_to_their_last_evening() -> None:
    hours = Hours(zone=PARIS, quiet_days=((date(2026, 12, 24), date(2027, 1, 2)),))
    assert hours.next_open(utc("2026-12-23 20:00")) == utc("2027-01-03 07:00")
    assert hours.closed_because(date(2026, 12, 30)) == "a quiet day"


def test_hours_that_never_open_say_so() -> None:
    hours = Hours(zone=PARIS, week=((),) * 7)
    assert hours.next_open(utc("2026-11-20 10:00")) is None


def test_the_last_span_before_a_long_closing() -> None:
    hours = Hours(zone=PARIS, week=parse_week(["Mon-Fri 09:00-18:00"]))
    span = hours.last_span(after=utc("2026-11-18 00:00"), before=utc("2026-11-22 10:00"))
    assert span == (utc("2026-11-20 08:00"), utc("2026-11-20 17:00"))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"])
weeks = st.sampled_from([ALWAYS, DAILY_8_TO_20, parse_week(["Mon-Fri 02:00-03:00"]), parse_week(["Sun 00:00-24:00"])])


@given(moment=moments, zone=zones, week=weeks)
def test_the_next_opening_is_open_and_none_is_missed(moment: datetime, zone: str, week: object) -> None:
    hours = Hours(zone=ZoneInfo(zone), week=week)  # type: ignore[arg-type]
    opens = hours.next_open(moment)
    assert opens is not None
    assert opens >= moment
    assert hours.is_open(opens)
    if opens > moment:
        assert not hours.is_open(opens - timedelta(seconds=1))
        assert not hours.is_open(moment)
