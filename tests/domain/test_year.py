"""The year behind: days, hands, silences."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.domain.posts import utc
from veilleuse.domain.activity import Author
from veilleuse.domain.grade import Grade
from veilleuse.domain.year import Silence, Year, year

NOW = utc("2026-11-20 10:00")  # a Friday
PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)


def lived(*moments: tuple[str, Author]) -> Year:
    return year([(utc(at), author) for at, author in moments], zone=PARIS, longest=WEEK, now=NOW)


def test_it_is_53_whole_weeks_and_the_last_of_them_is_this_one() -> None:
    weeks = lived().weeks
    assert len(weeks) == 53
    assert {len(week) for week in weeks} == {7}
    assert (weeks[-1][0].date, weeks[-1][4].date) == (date(2026, 11, 16), date(2026, 11, 20))


def test_a_day_is_local_and_tells_hands_apart() -> None:
    known = lived(("2026-11-18 23:30", Author.HUMAN), ("2026-11-19 09:00", Author.VEILLEUSE))
    day = known.weeks[-1][3]
    assert (day.date, day.human, day.ours) == (date(2026, 11, 19), 1, 1)
    assert (known.human, known.ours) == (1, 1)
    assert known.months[-1] == (date(2026, 11, 1), 1, 1)


def test_what_lies_before_the_first_thing_known_and_after_today_is_not_known() -> None:
    week = lived(("2026-11-18 09:00", Author.HUMAN)).weeks[-1]
    assert [day.known for day in week] == [False, False, True, True, True, False, False]


def test_the_longest_silence_comes_first_and_the_present_one_has_no_end() -> None:
    known = lived(
        ("2026-10-01 09:00", Author.HUMAN), ("2026-11-10 09:00", Author.VEILLEUSE), ("2026-11-19 10:00", Author.HUMAN)
    )
    assert [(s.length.days, s.broken_by, s.too_long) for s in known.silences] == [
        (40, Author.VEILLEUSE, True),
        (9, Author.HUMAN, True),
        (1, None, False),
    ]
    assert known.silences[-1].until is None


def test_a_post_dated_in_the_future_is_no_activity_yet() -> None:
    assert lived(("2099-01-01 00:00", Author.HUMAN)).silences == ()


@pytest.mark.parametrize(
    ("days", "grade"),
    [
        (19, Grade.ALIVE),
        (20, Grade.HOLIDAY),
        (39, Grade.HOLIDAY),
        (40, Grade.PROBLEM),
        (299, Grade.PROBLEM),
        (300, Grade.DEAD),
    ],
)
def test_a_silence_is_graded_by_the_figures_of_the_first_article(days: int, grade: Grade) -> None:
    silence = Silence(since=NOW, until=None, length=timedelta(days=days), broken_by=None, too_long=True)
    assert silence.grade is grade
