"""`domain.durations`: what people write, read and spelled back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.durations import LONGEST, parse_duration, spell_duration

GOOD = [
    ("7 days", timedelta(days=7)),
    ("1 day", timedelta(days=1)),
    ("20 hours", timedelta(hours=20)),
    ("30 minutes", timedelta(minutes=30)),
    ("7d", timedelta(days=7)),
    ("20h", timedelta(hours=20)),
    ("30m", timedelta(minutes=30)),
    ("  36 Hours ", timedelta(hours=36)),
    ("3650 days", LONGEST),
]
BAD = ["", "7", "days", "-1 day", "1.5 days", "7 weeks", "7 days 3 hours", "0h", "3651 days", "٣ days", "9" * 30 + "d"]


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_a_duration_is_read(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_duration_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(ValueError, match="; write"):
        parse_duration(text)


@given(st.integers(1, int(LONGEST / timedelta(minutes=1))))
def test_a_duration_spelled_is_read_as_the_same(minutes: int) -> None:
    span = timedelta(minutes=minutes)
    assert parse_duration(spell_duration(span)) == span


@given(st.text())
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        span = parse_duration(text)
    except ValueError:
        return
    assert timedelta(0) < span <= LONGEST
