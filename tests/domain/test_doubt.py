"""A doubt is settled by reading, never by sending again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.posts import utc
from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.attempt import Attempt, Outcome, Payload
from veilleuse.domain.doubt import Absent, Found, Held, Settlement, Waits, next_read, settle

SENT = utc("2026-11-20 10:00")
HOUR = timedelta(hours=1)
ATTEMPT = Attempt(
    id="a1",
    account="acme-x",
    post_id="noel",
    use=0,
    digest="d",
    approved_by="claire",
    payload=Payload(text="Fermés le 12 décembre 🎄 https://acme.example/noel"),
    key="k",
    baseline=frozenset({"1", "2"}),
    cursor="2",
    created_at=SENT,
    send_before=SENT + timedelta(seconds=30),
    outcome=Outcome.UNKNOWN,
)


def entry(remote_id: str, text: str) -> Entry:
    return Entry(remote_id=remote_id, text=text, created_at=SENT)


def judged(
    entries: Sequence[Entry],
    *,
    after: timedelta = timedelta(minutes=10),
    attempt: Attempt = ATTEMPT,
    complete: bool = True,
    bound: frozenset[str] = frozenset(),
    absence_after: timedelta | None = 2 * HOUR,
    shown: Sequence[Entry] = (),
) -> Settlement:
    reading = Reading(entries=tuple(entries), complete=complete, cursor=None, server_time=None)
    return settle(attempt, reading, bound=bound, absence_after=absence_after, now=SENT + after, shown=shown)


OURS = "Fermés le 12 décembre 🎄 https://acme.example/noel"


def test_the_same_text_under_a_new_id_is_found() -> None:
    assert judged([entry("3", OURS)]) == Found(entry=entry("3", OURS))


@pytest.mark.parametrize(
    "shown",
    [
        "Ferm\u0065\u0301s le 12 d\u0065\u0301cembre 🎄 https://acme.example/noel",  # decomposed accents
        "Fermés le 12 décembre 🎄️ https://acme.example/noel/",  # a variation selector, a trailing slash
        "Fermés le 12 décembre 🎄 acme.example/noel",
        "Fermés&nbsp;le 12 décembre 🎄\nhttps://www.acme.example/noel",
    ],
)
def test_a_text_the_network_rewrote_is_still_found(shown: str) -> None:
    assert isinstance(judged([entry("3", shown)]), Found)


def test_the_12th_of_december_is_not_the_19th() -> None:
    assert not isinstance(judged([entry("3", OURS.replace("12", "19"))]), Found)


@pytest.mark.parametrize("taken", ["1", "2", "7"])
def test_an_id_seen_before_or_bound_to_another_receipt_is_not_this_post(taken: str) -> None:
    assert not isinstance(judged([entry(taken, OURS)], bound=frozenset({"7"})), Found)


@pytest.mark.parametrize(
    ("reads", "after", "complete", "absence_after", "verdict"),
    [
        (2, 2 * HOUR + timedelta(minutes=2), True, 2 * HOUR, Absent()),
        (1, 2 * HOUR + timedelta(minutes=2), True, 2 * HOUR, Waits(empty=True)),  # too few reads
        (9, timedelta(minutes=90), True, 2 * HOUR, Waits(empty=True)),  # too early
        (9, 2 * HOUR + timedelta(minutes=2), False, 2 * HOUR, Waits(empty=False)),  # the read had a gap
        (9, 2 * HOUR + timedelta(minutes=2), True, None, Waits(empty=True)),  # this network is never sure
        (0, timedelta(seconds=60), True, 2 * HOUR, Waits(empty=False)),  # bytes may still be under way
    ],
)
def test_when_a_post_is_surely_absent(
    reads: int, after: timedelta, complete: bool, absence_after: timedelta | None, verdict: Settlement
) -> None:
    attempt = replace(ATTEMPT, empty_reads=reads)
    assert judged([], after=after, attempt=attempt, complete=complete, absence_after=absence_after) == verdict


def test_something_new_that_is_not_this_post_holds_it() -> None:
    assert isinstance(judged([entry("3", "Bonjour !")]), Held)


def test_three_hours_of_doubt_hold_the_post_and_free_the_account() -> None:
    assert isinstance(judged([], after=3 * HOUR, complete=False), Held)


def test_a_held_post_is_still_found_and_still_released() -> None:
    held = replace(ATTEMPT, outcome=Outcome.HELD, empty_reads=2)
    assert isinstance(judged([entry("3", OURS)], attempt=held, after=30 * HOUR), Found)
    assert judged([], attempt=held, after=30 * HOUR) == Absent()
    assert judged([entry("9", "Autre chose")], attempt=held, after=30 * HOUR) == Waits(empty=False)


def test_what_stood_there_for_a_while_may_have_been_this_post() -> None:
    gone = [entry("2", "Bonjour !"), entry("3", "Fermés le 12 décembre")]
    held = replace(ATTEMPT, outcome=Outcome.HELD, empty_reads=2)
    assert isinstance(judged([], shown=gone), Held)
    assert judged([], attempt=held, after=30 * HOUR, shown=gone) == Waits(empty=False)
    assert judged([], attempt=held, after=30 * HOUR, shown=gone, bound=frozenset({"3"})) == Absent()


@pytest.mark.parametrize(
    ("age", "next_age"),
    [(0, 10), (9, 10), (10, 60), (59, 60), (60, 300), (301, 1800), (1800, 3600), (7200, 9000)],
)
def test_it_is_read_at_growing_intervals(age: int, next_age: int) -> None:
    assert next_read(ATTEMPT, SENT + timedelta(seconds=age)) == SENT + timedelta(seconds=next_age)
