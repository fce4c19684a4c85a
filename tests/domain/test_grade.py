"""The grades of a silence, as the articles of 2010 to 2013 draw the lines."""

from datetime import timedelta

import pytest

from veilleuse.domain.grade import Grade, grade, grade_of_blog


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, Grade.EMPTY),
        (0, Grade.ALIVE),
        (19.99, Grade.ALIVE),
        (20, Grade.HOLIDAY),
        (39.99, Grade.HOLIDAY),
        (40, Grade.PROBLEM),
        (299.99, Grade.PROBLEM),
        (300, Grade.DEAD),
        (4000, Grade.DEAD),
    ],
)
def test_an_account_is_graded_by_its_silence(days: float | None, expected: Grade) -> None:
    assert grade(None if days is None else timedelta(days=days)) is expected


@pytest.mark.parametrize(
    ("silent", "every", "expected"),
    [
        (None, None, Grade.EMPTY),
        (2, 7, Grade.ALIVE),
        (90, 90, Grade.ALIVE),
        (121, None, Grade.ALIVE),
        (122, None, Grade.LITTLE),
        (2, 122, Grade.LITTLE),  # one every four months is little, even on the day of it
        (182, 30, Grade.LITTLE),
        (183, 30, Grade.ASLEEP),
        (2000, None, Grade.ASLEEP),
    ],
)
def test_a_blog_is_graded_in_words_of_its_own(silent: float | None, every: float | None, expected: Grade) -> None:
    days = [None if each is None else timedelta(days=each) for each in (silent, every)]
    assert grade_of_blog(*days) is expected
