"""Who waits: people, not words; whoever waits longest is linked; what is answered waits no longer."""

from datetime import timedelta

import pytest

from tests.domain.posts import utc
from veilleuse.domain.waiting import Awaited, Wait, Word, waits

NOW = utc("2026-11-20 10:00")


def said(id: str, author: str, minutes_ago: int) -> Word:
    return Word(id=id, author=author, at=NOW - timedelta(minutes=minutes_ago), link=f"https://there.example/{id}")


WORDS = [said("4", "marie", 1), said("3", "hugo", 2), said("2", "marie", 3), said("1", "hugo", 3)]


@pytest.mark.parametrize(
    ("answered", "count", "first"),
    [
        ((), 2, "1"),
        ({"1"}, 2, "2"),
        ({"1", "3"}, 1, "2"),
        ({"2", "4"}, 1, "1"),
        ({"of somebody else"}, 2, "1"),
    ],
)
def test_people_wait_until_each_of_their_words_is_answered(answered: set[str], count: int, first: str) -> None:
    link = f"https://there.example/{first}"
    assert waits(WORDS, answered, whole=True) == (Wait(awaited=Awaited.ANSWER, count=count, link=link),)


@pytest.mark.parametrize("words", [[], WORDS])
def test_where_all_is_answered_nobody_waits(words: list[Word]) -> None:
    assert waits(words, {word.id for word in words}, whole=True) == ()


def test_what_was_not_read_whole_is_told_so() -> None:
    (wait,) = waits(WORDS, (), whole=False)
    assert not wait.whole
