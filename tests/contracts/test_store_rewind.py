"""The store's contract: what a wrong clock has noted is put right, and what was left unread is remembered."""

from dataclasses import replace
from datetime import timedelta

from tests.contracts.samples import (
    HOUR,
    ME,
    NOW,
    a_receipt,
    an_account,
    an_attempt,
    an_entry,
    feed,
    furnish,
    guard,
    publish,
)
from tests.domain.posts import a_post
from veilleuse.domain.account import AccountState
from veilleuse.domain.attempt import Outcome
from veilleuse.ports import Store

POST, NEXT = a_post("p1"), a_post("p2", place=1)
DECADE = timedelta(days=3650)


def test_looks_put_off_beyond_all_measure_are_due_now_and_the_others_are_left(store: Store) -> None:
    furnish(store, "acme-x", "acme-y")
    store.finish_look(ME, AccountState(name="acme-x", next_look_at=NOW + DECADE))
    store.finish_look(ME, AccountState(name="acme-y", next_look_at=NOW + HOUR))
    assert store.ring_beyond(NOW + 24 * HOUR, NOW) == 1
    assert store.ring_beyond(NOW + 24 * HOUR, NOW) == 0
    assert store.claim_due(ME, NOW, 10) == ["acme-x"]


def test_an_account_no_longer_configured_is_not_rung(store: Store) -> None:
    furnish(store)
    store.finish_look(ME, AccountState(name="acme-x", next_look_at=NOW + DECADE))
    store.register([an_account("acme-y")], NOW)
    assert store.ring_beyond(NOW + HOUR, NOW) == 0


def test_what_was_noted_in_the_future_becomes_now_and_the_past_stays(store: Store) -> None:
    furnish(store, posts=(POST, NEXT))
    publish(store, POST, "900", at=NOW - 50 * HOUR)
    publish(store, NEXT, "901", at=NOW + DECADE)
    store.record_reading("acme-x", [an_entry("7", NOW + DECADE)], {"post"}, NOW + DECADE)
    store.rewind("acme-x", NOW)
    state = store.state("acme-x")
    assert (state.seen_at, state.spoke_at) == (NOW, NOW)
    assert [receipt.at for receipt in store.receipts()] == [NOW, NOW - 50 * HOUR]
    assert [attempt.created_at for attempt in store.attempts()] == [NOW, NOW - 50 * HOUR]
    assert {entry.remote_id for entry in store.timeline("acme-x", NOW, NOW)} == {"7", "901"}


def test_a_doubt_noted_in_the_future_can_be_settled_by_the_right_clock(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.open_attempt(an_attempt("a1", POST, at=NOW + DECADE), guard(NOW + DECADE))
    store.rewind("acme-x", NOW)
    (attempt,) = store.unsettled("acme-x")
    assert (attempt.created_at, attempt.send_before, attempt.outcome) == (NOW, NOW, Outcome.OPEN)


def test_rewinding_one_account_leaves_the_others_alone(store: Store) -> None:
    furnish(store, "acme-x", "acme-y", posts=(POST,))
    feed(store, replace(POST, account="acme-y"))
    publish(store, POST, "900", at=NOW + DECADE)
    store.rewind("acme-y", NOW)
    assert store.state("acme-x").spoke_at == NOW + DECADE


def test_a_claim_made_by_a_clock_ten_years_ahead_is_free_again(store: Store) -> None:
    furnish(store, now=NOW)
    store.retire(ME)
    store.beat(ME, NOW + DECADE, 2 * DECADE)
    assert store.claim_due(ME, NOW + DECADE, 10) == ["acme-x"]
    assert store.claim_due(ME, NOW, 10) == ["acme-x"]


def test_a_gap_is_remembered_until_it_is_answered_for_whatever_a_look_in_between_stores(store: Store) -> None:
    furnish(store)
    before = store.state("acme-x")
    store.note_gap("acme-x", NOW)
    store.finish_look(ME, replace(before, next_look_at=NOW))
    assert store.state("acme-x").gap_at == NOW
    store.note_gap("acme-x", None)
    assert store.state("acme-x").gap_at is None


def test_another_presence_has_no_gap(store: Store) -> None:
    furnish(store)
    store.bind("acme-x", "42")
    store.note_gap("acme-x", NOW)
    store.register([an_account(identity="acme2")], NOW)
    store.bind("acme-x", "43")
    assert store.state("acme-x").gap_at is None


def test_a_timeline_is_told_between_two_moments_the_oldest_first(store: Store) -> None:
    furnish(store, posts=(POST,))
    entries = [an_entry(str(n), NOW - n * HOUR, f"numéro {n}", url=f"https://x.test/{n}") for n in range(5)]
    store.record_reading("acme-x", entries, {"post"}, NOW)
    assert store.timeline("acme-x", NOW - 3 * HOUR, NOW - HOUR) == [entries[3], entries[2], entries[1]]
    assert store.timeline("acme-y", NOW - 3 * HOUR, NOW) == []


def test_our_own_post_stands_on_the_timeline_before_any_read_shows_it(store: Store) -> None:
    furnish(store, posts=(POST,))
    publish(store, POST, "900", at=NOW)
    assert [entry.text for entry in store.timeline("acme-x", NOW, NOW)] == [POST.text]


def test_how_a_doubt_was_settled_stays_beside_its_receipt(store: Store) -> None:
    furnish(store, posts=(POST,))
    attempt = an_attempt("a1", POST)
    store.open_attempt(attempt, guard())
    store.close_attempt("a1", Outcome.HELD, now=NOW, detail="claire found it.")
    store.record_receipt(a_receipt(attempt))
    assert store.attempts()[0].detail == "claire found it."
    assert store.attempts()[0].outcome is Outcome.PUBLISHED
