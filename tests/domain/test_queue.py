"""Which post speaks next, and why the others wait."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.posts import a_candidate, utc
from veilleuse.domain.queue import Block, Candidate, blocked, order, wording

NOW = utc("2026-11-20 10:00")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (a_candidate("plain"), None),
        (a_candidate("draft", approved_by=None), Block.DRAFT),
        (a_candidate("said", uses=(NOW - 30 * DAY,)), Block.PUBLISHED),
        (a_candidate("held", held=True), Block.HELD),
        (a_candidate("refused", refused="text too long."), Block.REFUSED),
        (a_candidate("early", not_before=NOW + DAY), Block.EARLY),
        (a_candidate("on its first moment", not_before=NOW), None),
        (a_candidate("on its first moment too late", not_after=NOW), Block.EXPIRED),
        (a_candidate("last moment", not_after=NOW + timedelta(seconds=1)), None),
        (a_candidate("released", released_at=NOW - timedelta(hours=23)), Block.RELEASED),
        (a_candidate("released a day ago", released_at=NOW - DAY), None),
        (a_candidate("reserve", reserve=True, uses=(NOW - 89 * DAY,)), Block.RESTING),
        (a_candidate("rested reserve", reserve=True, uses=(NOW - 90 * DAY,)), None),
        (a_candidate("used up", reserve=True, max_uses=1, uses=(NOW - 900 * DAY,)), Block.USED_UP),
    ],
    ids=lambda value: value.post.id if isinstance(value, Candidate) else str(value),
)
def test_why_a_post_waits(candidate: Candidate, why: Block | None) -> None:
    assert blocked(candidate, NOW) == why


def test_dated_posts_inside_their_time_come_first_then_priority_then_the_order_of_the_file() -> None:
    queue = [
        a_candidate("first-line", place=0),
        a_candidate("important", place=1, priority=5),
        a_candidate("christmas", place=2, not_after=NOW + 30 * DAY),
        a_candidate("advent", place=3, not_after=NOW + 5 * DAY),
        a_candidate("evergreen", place=4, reserve=True),
        a_candidate("after-a-doubt", place=5, released_at=NOW - 2 * DAY, priority=9),
        a_candidate("last-line", place=6),
    ]
    names = [candidate.post.id for candidate in order(queue, NOW)]
    assert names == ["advent", "christmas", "important", "first-line", "last-line", "after-a-doubt", "evergreen"]


def test_the_least_recently_used_reserve_post_comes_first() -> None:
    reserve = [
        a_candidate("a", reserve=True, uses=(NOW - 100 * DAY,)),
        a_candidate("b", reserve=True, uses=(NOW - 200 * DAY,)),
        a_candidate("never", reserve=True),
    ]
    assert [c.post.id for c in order(reserve, NOW)] == ["never", "b", "a"]


def test_on_x_a_reserve_post_never_says_the_same_words_twice() -> None:
    words = {"x": ("Un café ?", "Thé ou café ?")}
    once = a_candidate("r", reserve=True, variants=words, uses=(NOW,), said=frozenset({"Un café ?"}))
    both = a_candidate("r", reserve=True, variants=words, uses=(NOW, NOW), said=frozenset(words["x"]))
    assert wording(once, "x") == (1, "Thé ou café ?")
    assert wording(both, "x") is None
    assert wording(both, "facebook") == (2, "Bonjour de r !")


def test_words_said_with_their_link_behind_them_are_said() -> None:
    said = frozenset({"Un café ?\nhttps://acme.example"})
    reserve = a_candidate("r", text="Un café ?", reserve=True, link="https://acme.example", uses=(NOW,), said=said)
    assert wording(reserve, "x") is None


@given(st.permutations([a_candidate(str(n), place=n, priority=n % 3) for n in range(8)]))
def test_the_order_does_not_depend_on_how_the_database_returned_them(shuffled: list[Candidate]) -> None:
    assert order(shuffled, NOW) == order(sorted(shuffled, key=lambda c: c.post.order), NOW)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_what_no_approver_approved_is_never_eligible(moment: datetime) -> None:
    at = moment.replace(tzinfo=NOW.tzinfo)
    drafts = [a_candidate("d", approved_by=None), a_candidate("r", approved_by=None, reserve=True)]
    assert order(drafts, at) == []
