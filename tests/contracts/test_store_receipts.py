"""The store's contract: what a receipt changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.samples import (
    HOUR,
    MINUTE,
    NOW,
    a_receipt,
    already_said,
    an_account,
    an_attempt,
    an_entry,
    feed,
    furnish,
    guard,
    publish,
)
from tests.domain.posts import a_post
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.attempt import Fault, Outcome, Proof
from veilleuse.ports import Store

POST = a_post("p1")
NEXT = a_post("p2", place=1)


def test_a_receipt_closes_its_attempt_and_moves_our_clock(store: Store) -> None:
    furnish(store, posts=(POST,))
    attempt = an_attempt("a1", POST)
    store.open_attempt(attempt, guard())
    receipt = a_receipt(attempt, "900", at=NOW + MINUTE)
    store.record_receipt(receipt)
    assert store.receipts() == [receipt]
    assert store.receipts("acme-x") == [receipt]
    assert store.receipts("nobody") == []
    assert store.unsettled("acme-x") == []
    assert [(a.outcome, a.closed_at) for a in store.attempts()] == [(Outcome.PUBLISHED, NOW + MINUTE)]
    state = store.state("acme-x")
    assert (state.spoke_at, state.seen_at) == (NOW + MINUTE, None)
    assert store.bound_ids("acme-x") == {"900"}
    assert store.known_ids("acme-x") == {"900"}
    assert store.published_keys() == {("acme-x", "p1")}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_receipt_is_accepted_in_any_state_of_its_attempt(store: Store, outcome: Outcome) -> None:
    furnish(store, posts=(POST,))
    attempt = an_attempt("a1", POST)
    store.open_attempt(attempt, guard())
    store.close_attempt("a1", outcome, now=NOW, fault=Fault.ABSENT, detail="never appeared")
    store.record_receipt(a_receipt(attempt, proof=Proof.READ_BACK))
    assert [a.outcome for a in store.attempts()] == [Outcome.PUBLISHED]
    assert len(store.receipts()) == 1


def test_what_is_published_stays_published(store: Store) -> None:
    furnish(store, posts=(POST,))
    publish(store, POST, "900", at=NOW)
    store.close_attempt("attempt-900", Outcome.UNKNOWN, now=NOW + MINUTE, detail="late")
    assert [a.outcome for a in store.attempts()] == [Outcome.PUBLISHED]


def test_the_same_receipt_twice_is_one(store: Store) -> None:
    furnish(store, posts=(POST,))
    receipt = publish(store, POST, "900", at=NOW)
    store.record_receipt(receipt)
    store.record_receipt(replace(receipt, remote_id="901"))
    store.record_receipt(replace(receipt, attempt_id=None, proof=Proof.ALREADY_SAID, post_id="p2"))
    assert store.receipts() == [receipt]


def test_a_receipt_is_taken_even_if_nothing_is_known_of_its_attempt(store: Store) -> None:
    store.register([an_account()], NOW)
    receipt = a_receipt(an_attempt("lost-with-the-backup", POST))
    store.record_receipt(receipt)
    store.record_receipt(replace(receipt, account="never-registered", remote_id="901", attempt_id="x", post_id="p2"))
    assert len(store.receipts()) == 2
    assert store.state("acme-x").spoke_at == NOW


def test_a_post_that_went_out_twice_has_two_receipts(store: Store) -> None:
    furnish(store, posts=(POST,))
    publish(store, POST, "900", at=NOW)
    store.record_receipt(already_said(POST, "901", at=NOW + HOUR))
    assert [(r.remote_id, r.use) for r in store.receipts()] == [("901", 1), ("900", 0)]


def test_our_clock_never_goes_back(store: Store) -> None:
    furnish(store, posts=(POST, NEXT))
    publish(store, POST, "900", at=NOW)
    store.record_receipt(a_receipt(an_attempt("late", NEXT), "800", at=NOW - HOUR))
    assert store.state("acme-x").spoke_at == NOW


def test_our_own_post_on_the_timeline_is_ours(store: Store) -> None:
    furnish(store, posts=(POST,))
    publish(store, POST, "900", at=NOW)
    store.record_reading("acme-x", [an_entry("900", NOW - MINUTE)], [Kind.POST], NOW + MINUTE)
    state = store.state("acme-x")
    assert (state.seen_at, state.seen_by) == (NOW, Author.VEILLEUSE)


def test_a_post_read_before_its_receipt_becomes_ours(store: Store) -> None:
    furnish(store, posts=(POST,))
    attempt = an_attempt("a1", POST)
    store.open_attempt(attempt, guard())
    store.record_reading("acme-x", [an_entry("900", NOW), an_entry("1", NOW - HOUR)], [Kind.POST], NOW + MINUTE)
    assert store.state("acme-x").seen_by is Author.HUMAN
    store.record_receipt(a_receipt(attempt, "900", proof=Proof.READ_BACK))
    assert store.state("acme-x").seen_by is Author.VEILLEUSE


def test_what_a_human_pasted_stays_a_humans(store: Store) -> None:
    furnish(store, posts=(POST,))
    entry = an_entry("77", NOW - HOUR, text=POST.text)
    store.record_receipt(already_said(POST, "77", at=NOW - HOUR))
    store.record_reading("acme-x", [entry], [Kind.POST], NOW)
    state = store.state("acme-x")
    assert (state.seen_at, state.seen_by, state.spoke_at) == (NOW - HOUR, Author.HUMAN, None)
    assert store.bound_ids("acme-x") == {"77"}


def test_a_renamed_account_keeps_its_receipts(store: Store) -> None:
    furnish(store, posts=(POST,))
    publish(store, POST, "900", at=NOW)
    store.register([an_account("acme-france")], NOW)
    renamed = replace(POST, account="acme-france")
    feed(store, renamed)
    assert store.bound_ids("acme-france") == set()
    store.bind("acme-france", "42")
    assert store.bound_ids("acme-france") == {"900"}
    assert [c.uses for c in store.candidates("acme-france")] == [(NOW,)]
    assert store.published_keys() >= {("acme-france", "p1")}


def test_another_presence_under_the_same_name_has_said_nothing(store: Store) -> None:
    furnish(store, posts=(POST,))
    publish(store, POST, "900", at=NOW)
    store.register([an_account(identity="acme-france")], NOW)
    store.bind("acme-x", "43")
    assert store.bound_ids("acme-x") == set()
    assert [c.uses for c in store.candidates("acme-x")] == [()]
    assert store.published_keys() == set()


def test_receipts_come_newest_first(store: Store) -> None:
    furnish(store, posts=(POST, NEXT))
    publish(store, POST, "900", at=NOW - timedelta(days=7))
    publish(store, NEXT, "800", at=NOW)
    assert [r.post_id for r in store.receipts()] == ["p2", "p1"]
    assert [r.post_id for r in store.receipts(limit=1)] == ["p2"]
