"""An audit as tables of dates: what an account said, and what is to be said of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.posts import utc
from veilleuse.domain.activity import Author
from veilleuse.domain.audit import TWELVE_MONTHS, Audit, Subject, audit
from veilleuse.domain.grade import Grade

NOW = utc("2026-11-20 10:00")
PARIS = ZoneInfo("Europe/Paris")
ACME = Subject(name="acme-x", network="X", handle="acme", own=True, max_silence=timedelta(days=7))
RIVAL = Subject(name="https://x.com/rival", network="X", handle="rival", own=False)
BLOG = Subject(name="https://blog.test", network="Feed", handle="blog.test", own=False, blog=True)
HUMAN, OURS = Author.HUMAN, Author.VEILLEUSE


def days_ago(*days: float, by: Author = HUMAN) -> list[tuple[datetime, Author]]:
    return [(NOW - timedelta(days=each), by) for each in days]


def judge(subject: Subject, *days: float, whole: bool = True, read: bool = True) -> Audit:
    known_from = NOW - TWELVE_MONTHS if whole else None
    return audit(subject, days_ago(*days), known_from=known_from, zone=PARIS, now=NOW, read=read)


@pytest.mark.parametrize(
    ("subject", "days", "grade", "silent", "longest", "posts"),
    [
        (ACME, (3, 10, 17, 24), Grade.ALIVE, 3, 7, 4),  # perhaps it was opened then: what came before is no silence
        (ACME, (25, 30, 400), Grade.HOLIDAY, 25, 370, 2),
        (RIVAL, (299,), Grade.PROBLEM, 299, 299, 1),
        (RIVAL, (300, 310), Grade.DEAD, 300, 300, 2),
        (RIVAL, (900,), Grade.DEAD, 900, 900, 0),
        (RIVAL, (), Grade.EMPTY, None, None, 0),
        (BLOG, (5, 12, 60, 100, 160, 250, 330, 400), Grade.ALIVE, 5, 90, 7),
        (BLOG, (5, 200), Grade.LITTLE, 5, 195, 2),
        (BLOG, (190, 200, 210, 220), Grade.ASLEEP, 190, 190, 4),
    ],
)
def test_the_figures_of_a_year(
    subject: Subject, days: tuple[float, ...], grade: Grade, silent: float | None, longest: float | None, posts: int
) -> None:
    found = judge(subject, *days)
    assert found.grade is grade
    assert found.silence == (None if silent is None else timedelta(days=silent))
    assert (found.longest and found.longest.length) == (None if longest is None else timedelta(days=longest))
    assert found.posts == posts


def test_an_account_never_read_is_not_called_empty() -> None:
    assert judge(ACME, whole=False, read=False).grade is None
    assert judge(ACME, read=True).grade is Grade.EMPTY


def test_the_share_of_people_is_of_ones_own_accounts_only() -> None:
    said = [*days_ago(1, 2, 3), *days_ago(10, by=OURS)]
    told: dict[str, Any] = {"known_from": None, "zone": PARIS, "now": NOW}
    own = audit(ACME, said, **told)
    assert own.by_hand == 0.75
    assert own.last_by is HUMAN
    others = audit(RIVAL, said, **told)
    assert others.by_hand is None
    assert others.last_by is None


@pytest.mark.parametrize(
    ("days", "whole", "per_week"),
    [
        ((1, 8, 15, 22), False, 4 / (22 / 7)),  # known for three weeks: of those
        ((1, 8, 15, 22), True, 4 / (365 / 7)),
        ((1, 2, 3), False, None),  # three days tell no rhythm
        ((), False, None),
    ],
)
def test_posts_a_week_are_of_the_time_that_is_known(
    days: tuple[float, ...], whole: bool, per_week: float | None
) -> None:
    assert judge(ACME, *days, whole=whole).per_week == pytest.approx(per_week)


def test_since_when_it_is_known_is_told_only_when_that_is_less_than_a_year() -> None:
    assert judge(ACME, 3, 40, whole=False).known_from == NOW - timedelta(days=40)
    assert judge(ACME, 3, 40, whole=True).known_from is None
    assert judge(ACME, 3, 400, whole=False).known_from is None


def test_days_on_which_nothing_was_missed_are_silent_and_not_unknown() -> None:
    for whole, known in ((True, True), (False, False)):
        weeks = judge(ACME, 3, whole=whole).year.weeks
        assert weeks[5][0].known is known


@pytest.mark.parametrize(("days", "limit", "too_long"), [(8, 7, True), (6, 7, False), (8, 20, False)])
def test_its_own_rule_is_a_question_of_its_own(days: float, limit: int, too_long: bool) -> None:
    subject = replace(ACME, max_silence=timedelta(days=limit))
    assert judge(subject, days).too_long is too_long
    assert judge(RIVAL, days).too_long is False


@given(st.lists(st.floats(0, 700), max_size=40), st.booleans())
def test_whatever_was_said_the_figures_agree_with_each_other(days: list[float], whole: bool) -> None:
    found = judge(ACME, *days, whole=whole)
    assert found.posts == sum(timedelta(days=each) <= TWELVE_MONTHS for each in days)
    assert (found.silence is None) == (not days)
    if found.silence is not None:
        assert found.longest is not None
        assert found.longest.length >= found.silence
    assert found.per_week is None or found.per_week >= 0
