"""The forecast as tables of dates: clock changes, holidays, quiet days, a queue that runs dry, posts that expire."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.posts import a_candidate, utc
from veilleuse.domain.forecast import Forecast, forecast, until_the_end_of
from veilleuse.domain.hours import Hours, parse_week
from veilleuse.domain.line_up import LineUp
from veilleuse.domain.queue import Candidate, speakers
from veilleuse.domain.rule import Rule
from veilleuse.domain.supply import QUARTER, Care, supply

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
NOW = utc("2026-11-20 10:00")
MONDAYS = ("Mon 09:00-10:00",)


def foresee(
    *candidates: Candidate,
    hours: Iterable[str] = MONDAYS,
    last: str = "2026-11-16 08:00",
    days: int = 60,
    holidays: str | None = None,
    quiet_days: tuple[tuple[date, date], ...] = (),
) -> Forecast:
    week = parse_week(list(hours))
    rule = Rule(hours=Hours(zone=PARIS, week=week, holidays=holidays, quiet_days=quiet_days))
    at = utc(last)
    return forecast(rule, "acme-x", "x", candidates, last=at, spoke=at, now=at, end=at + days * DAY)


def plain(count: int) -> tuple[Candidate, ...]:
    return tuple(a_candidate(f"p{n}", place=n) for n in range(count))


def local(found: Forecast) -> list[str]:
    return [f"{turn.at.astimezone(PARIS):%a %d %b %H:%M}" for turn in found.turns]


@pytest.mark.parametrize(
    ("last", "mondays"),
    [
        ("2026-03-16 08:30", ["Mon 23 Mar 09:00", "Mon 30 Mar 09:00", "Mon 06 Apr 09:00"]),
        ("2026-10-12 07:30", ["Mon 19 Oct 09:00", "Mon 26 Oct 09:00", "Mon 02 Nov 09:00"]),
    ],
    ids=["into summer time", "into winter time"],
)
def test_a_clock_change_does_not_move_the_local_hour(last: str, mondays: list[str]) -> None:
    assert local(foresee(*plain(3), last=last))[:3] == mondays


def test_an_hour_that_a_clock_change_leaves_out_is_not_spoken_in() -> None:
    found = foresee(*plain(1), hours=["Sun 02:00-03:30"], last="2026-03-22 00:10")
    assert local(found)[0] == "Sun 29 Mar 03:00"  # 02:00 does not exist on that day


@pytest.mark.parametrize(
    ("quiet", "days", "moved_by"),
    [
        ((), ["Mon 21 Dec 09:00", "Mon 28 Dec 09:00", "Mon 04 Jan 09:00"], [None, None, None]),
        (
            ((date(2026, 12, 28), date(2026, 12, 28)),),
            ["Mon 21 Dec 09:00", "Mon 04 Jan 09:00", "Mon 11 Jan 09:00"],
            [None, "a quiet day", None],
        ),
    ],
)
def test_a_quiet_day_shifts_a_post_and_is_named(
    quiet: tuple[tuple[date, date], ...], days: list[str], moved_by: list[str | None]
) -> None:
    found = foresee(*plain(9), last="2026-12-14 08:10", quiet_days=quiet)
    assert local(found)[:3] == days
    assert [turn.moved_by for turn in found.turns][:3] == moved_by
    assert [turn.late for turn in found.turns][:3] == [False, bool(quiet), False]


def test_a_public_holiday_shifts_a_post_and_is_named() -> None:
    found = foresee(*plain(9), hours=["daily 08:00-20:00"], last="2026-12-18 20:00", holidays="FR")
    first = found.turns[0]
    assert local(found)[0] == "Thu 24 Dec 19:30"  # the last opening before Christmas, since the limit falls on it
    assert first.moved_by is not None
    assert first.moved_by.startswith("a public holiday (")
    assert not first.late


def test_it_runs_dry_then_on_the_reserve_then_silent() -> None:
    reserve = a_candidate("r", place=9, reserve=True, variants={"x": ("Là.", "Toujours là.")})
    found = foresee(*plain(2), reserve, days=64)
    assert [turn.post.id if turn.post else None for turn in found.turns] == ["p0", "p1", "r", None]
    assert found.queue_dry_at == found.turns[2].at
    assert found.dry_at == found.turns[3].at
    assert found.missing == 6


def test_with_enough_nothing_is_missing() -> None:
    found = foresee(*plain(60), days=365)
    assert (found.queue_dry_at, found.dry_at, found.missing) == (None, None, 0)
    assert len(found.turns) == 52


def test_missing_posts_written_nothing_is_missing() -> None:
    found = foresee(*plain(3), days=200)
    assert found.missing > 0
    assert foresee(*plain(3 + found.missing), days=200).missing == 0
    assert foresee(*plain(2 + found.missing), days=200).missing == 1


def test_a_post_whose_time_ends_before_its_turn_is_named() -> None:
    gone = a_candidate("gone", place=5, not_before=utc("2026-11-24 08:00"), not_after=utc("2026-11-28 08:00"))
    soon = a_candidate("soon", place=6, not_before=utc("2026-11-29 08:00"), not_after=utc("2026-12-02 08:00"))
    draft = a_candidate("draft", place=7, approved_by=None, not_after=utc("2026-11-28 08:00"))
    found = foresee(*plain(3), gone, soon, draft)
    assert [post.id for post in found.expiring] == ["gone"]
    assert [turn.post.id for turn in found.turns if turn.post][:3] == ["p0", "soon", "p1"]
    assert (found.queued, found.drafts) == (5, 1)


def test_a_dated_post_ends_a_silence_at_the_first_look_that_may_say_it() -> None:
    found = foresee(a_candidate("later", not_before=utc("2026-12-07 08:30")))
    assert local(found)[:2] == ["Mon 23 Nov 09:00", "Mon 14 Dec 09:00"]  # at 09:00 of the 7th it was still too early
    assert [turn.late for turn in found.turns[:2]] == [False, True]


def test_until_a_day_means_to_its_end_where_the_account_lives() -> None:
    assert until_the_end_of(date(2026, 12, 24), Rule(hours=Hours(zone=PARIS))) == utc("2026-12-24 23:00")


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    found = []
    for n in range(draw(st.integers(0, 8))):
        first = draw(st.none() | st.integers(0, 9))
        length = draw(st.none() | st.integers(1, 9))
        found.append(
            a_candidate(
                f"p{n}",
                place=n,
                approved_by=draw(st.sampled_from(["claire", None])),
                priority=draw(st.integers(0, 2)),
                reserve=draw(st.booleans()),
                reserve_gap=draw(st.integers(0, 4)) * DAY,
                max_uses=draw(st.none() | st.integers(1, 3)),
                held=draw(st.booleans()),
                released_at=draw(st.none() | st.just(NOW)),
                not_before=None if first is None else NOW + first * DAY,
                not_after=None if length is None else NOW + ((first or 0) + length) * DAY,
            )
        )
    return found


@given(found=candidates(), steps=st.lists(st.integers(0, 30), max_size=12), network=st.sampled_from(["x", "facebook"]))
def test_the_line_up_names_whom_the_order_names(found: list[Candidate], steps: list[int], network: str) -> None:
    line_up, now, pool = LineUp(found, network, NOW, most=len(steps)), NOW, list(found)
    last: datetime | None = None
    for step in steps:
        now += step * timedelta(hours=3)
        expected = next(iter(speakers(pool, network, now, last)), None)
        named = line_up.next(now, last)
        assert (named[0].post.id if named else None) == (expected.post.id if expected else None)
        if named and expected:
            last = now
            line_up.said(named[1][1], now)
            at = pool.index(expected)
            uses, said = (*expected.uses, now), expected.said | {named[1][1]}
            pool[at] = Candidate(
                post=expected.post, uses=uses, said=said, held=expected.held, released_at=expected.released_at
            )


@pytest.mark.parametrize(
    ("spent", "waiting", "by_hand", "known", "care"),
    [
        (0, 13, (), 0, Care.FED),
        (13, 0, (), 400, Care.FED),
        (0, 0, range(0, 90, 3), 400, Care.FED),
        (7, 0, (), 400, Care.SHORT),
        (0, 0, (1, 1, 1, 1, 1, 1, 1, 1), 400, Care.UNFED),  # one day's zeal breaks one silence
        (0, 0, (), 400, Care.UNFED),
        (0, 0, (), 5, Care.YOUNG),
    ],
)
def test_whether_the_last_quarter_feeds_it(
    spent: int, waiting: int, by_hand: Iterable[int], known: int, care: Care
) -> None:
    found = supply(
        Rule(hours=Hours(zone=PARIS)),
        "acme-x",
        spent=[NOW] * spent,
        waiting=waiting,
        by_hand=[NOW - ago * DAY for ago in by_hand],
        known_since=NOW - known * DAY,
        now=NOW,
    )
    assert found.needed == 13
    assert found.care is care
    assert found.known_for <= QUARTER
    assert ("better closed" in found.sentence) == (care is Care.UNFED)
