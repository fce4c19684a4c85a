"""The store's contract: which accounts are looked at, when, and by whom."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest

from tests.conftest import OpenStore
from tests.contracts.samples import HOUR, LIFE, ME, MINUTE, NOW, OTHER, an_account, an_entry
from veilleuse.adapters.db.claims import CLAIM_LIFE
from veilleuse.domain.account import AccountState
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.rule import Rule
from veilleuse.ports import Store

LATER = NOW + 5 * HOUR


def looked(store: Store, name: str = "acme-x", **found: Any) -> AccountState:
    """One look at it that found this; the next is due at LATER unless `found` says otherwise."""
    state = replace(store.state(name), **{"next_look_at": LATER, **found})
    store.beat(ME, NOW, timedelta(days=1))
    assert name in store.claim_due(ME, NOW, 100)
    store.finish_look(ME, state)
    return state


def test_a_new_account_is_looked_at_now(store: Store) -> None:
    store.register([an_account()], NOW)
    assert store.next_look_at() == NOW
    assert store.claim_due(ME, NOW, 10) == ["acme-x"]
    assert store.state("acme-x") == AccountState(name="acme-x", next_look_at=NOW)


def test_an_account_nobody_registered_is_a_blank(store: Store) -> None:
    assert store.state("nobody") == AccountState(name="nobody")
    assert store.states() == []
    assert store.next_look_at() is None


def test_what_a_look_found_is_kept(store: Store) -> None:
    store.register([an_account()], NOW)
    found = looked(
        store,
        remote_id="42",
        read_at=NOW,
        cursor="c9",
        failures=3,
        stopped="no rights",
        speaks_at=LATER,
        reason="quiet: Anna posted 2 days ago",
    )
    assert store.state("acme-x") == found
    assert store.states() == [found]


def test_an_account_known_and_unchanged_keeps_its_next_look(store: Store) -> None:
    store.register([an_account()], NOW)
    found = looked(store)
    store.register([an_account()], NOW + HOUR)
    assert store.state("acme-x") == found


@pytest.mark.parametrize(
    "change",
    [
        {"rule": Rule(max_silence=timedelta(days=3))},
        {"options": {"base_url": "http://127.0.0.1:1"}},
        {"approvers": ("anna",)},
    ],
    ids=str,
)
def test_a_changed_account_is_looked_at_now_and_keeps_what_is_known(store: Store, change: dict[str, Any]) -> None:
    store.register([an_account()], NOW)
    found = looked(store, remote_id="42", cursor="c9", read_at=NOW)
    store.register([replace(an_account(), **change)], NOW + HOUR)
    assert store.state("acme-x") == replace(found, next_look_at=NOW + HOUR)


def test_a_stopped_account_is_looked_at_again_when_the_daemon_starts(store: Store) -> None:
    store.register([an_account()], NOW)
    looked(store, stopped="the token is dead")
    store.register([an_account()], NOW + HOUR)
    assert store.claim_due(ME, NOW + HOUR, 10) == ["acme-x"]


def test_an_account_naming_another_presence_forgets_what_the_old_one_showed(store: Store) -> None:
    store.register([an_account()], NOW)
    store.record_reading("acme-x", [an_entry("1", NOW)], [Kind.POST], NOW)
    looked(store, remote_id="42", cursor="c9", read_at=NOW)
    store.register([an_account(identity="acme-france")], NOW + HOUR)
    assert (store.state("acme-x").remote_id, store.state("acme-x").next_look_at) == (None, NOW + HOUR)
    store.bind("acme-x", "43")
    state = store.state("acme-x")
    assert (state.remote_id, state.seen_at, state.read_at, state.cursor) == ("43", None, None, None)
    assert store.known_ids("acme-x") == frozenset()


def test_an_account_with_a_new_handle_that_proves_to_be_the_same_presence_goes_on_where_it_was(store: Store) -> None:
    store.register([an_account()], NOW)
    store.record_reading("acme-x", [an_entry("1", NOW)], [Kind.POST], NOW)
    found = looked(store, remote_id="42", cursor="c9", read_at=NOW)
    store.note_gap("acme-x", NOW)
    store.register([an_account(identity="acme-france")], NOW + HOUR)
    store.register([an_account(identity="acme-monde")], NOW + HOUR)
    store.bind("acme-x", "42")
    assert store.state("acme-x") == replace(found, gap_at=NOW, next_look_at=NOW + HOUR)
    assert store.known_ids("acme-x") == {"1"}


def test_an_account_no_longer_configured_is_kept_but_not_looked_at(store: Store) -> None:
    store.register([an_account("a"), an_account("b")], NOW)
    store.register([an_account("b")], NOW + MINUTE)
    store.ring(["a"], NOW + HOUR)
    assert store.claim_due(ME, NOW + 2 * HOUR, 10) == ["b"]
    assert [state.name for state in store.states()] == ["a", "b"]
    store.register([an_account("a"), an_account("b")], NOW + 3 * HOUR)
    assert store.state("a").next_look_at == NOW + 3 * HOUR


def test_an_account_taken_out_during_its_look_is_not_looked_at_again(store: Store) -> None:
    store.register([an_account()], NOW)
    store.claim_due(ME, NOW, 10)
    store.register([], NOW)
    store.finish_look(ME, AccountState(name="acme-x", next_look_at=NOW))
    assert store.claim_due(ME, NOW + HOUR, 10) == []


def test_the_most_overdue_are_claimed_first_and_no_more_than_asked(store: Store) -> None:
    names = ["c", "a", "b", "d"]
    for hour in range(4):
        store.register(map(an_account, names[: hour + 1]), NOW + hour * HOUR)
    assert store.claim_due(ME, NOW + 2 * HOUR, 2) == ["c", "a"]
    assert store.claim_due(ME, NOW + 2 * HOUR, 2) == ["b"]
    assert store.next_look_at() == NOW + 3 * HOUR


def test_a_claimed_account_is_nobody_elses_until_it_is_given_back(open_again: OpenStore) -> None:
    mine, other = open_again(), open_again()
    mine.register([an_account()], NOW)
    for store, daemon in ((mine, ME), (other, OTHER)):
        store.beat(daemon, NOW, LIFE)
    assert mine.claim_due(ME, NOW, 10) == ["acme-x"]
    assert mine.claim_due(ME, NOW, 10) == []
    assert other.claim_due(OTHER, NOW, 10) == []
    mine.finish_look(ME, AccountState(name="acme-x", next_look_at=NOW + MINUTE))
    assert other.claim_due(OTHER, NOW, 10) == []
    assert other.claim_due(OTHER, NOW + MINUTE, 10) == ["acme-x"]


def test_a_dead_daemons_claims_are_free(open_again: OpenStore) -> None:
    mine, other = open_again(), open_again()
    mine.register([an_account()], NOW)
    mine.beat(ME, NOW, timedelta(0))
    mine.claim_due(ME, NOW, 10)
    other.beat(OTHER, NOW, LIFE)
    assert other.claim_due(OTHER, NOW, 10) == ["acme-x"]


def test_a_claim_nobody_gave_back_is_free_after_a_while(store: Store) -> None:
    """Its daemon lives on, but the write that should have freed the account was lost."""
    store.register([an_account()], NOW)
    store.beat(ME, NOW, timedelta(days=1))
    assert store.claim_due(ME, NOW, 10) == ["acme-x"]
    assert store.claim_due(ME, NOW + CLAIM_LIFE / 2, 10) == []
    assert store.claim_due(ME, NOW + CLAIM_LIFE, 10) == ["acme-x"]


def test_a_claim_whose_answer_was_lost_is_made_anew_by_its_own_daemon_alone(open_again: OpenStore) -> None:
    mine, other = open_again(), open_again()
    mine.register([an_account("a"), an_account("b"), an_account("c")], NOW)
    for store, daemon in ((mine, ME), (other, OTHER)):
        store.beat(daemon, NOW, LIFE)
    mine.claim_due(ME, NOW, 2)
    other.claim_due(OTHER, NOW, 1)
    assert mine.claim_due(ME, NOW, 10, under_way={"b"}) == ["a"]
    assert mine.claim_due(ME, NOW, 10, under_way={"a", "b"}) == []
    assert mine.claim_due(ME, NOW, 10, under_way=set()) == ["a", "b"]


def test_a_daemon_that_has_retired_leaves_nothing_claimed(store: Store) -> None:
    store.register([an_account()], NOW)
    store.beat(ME, NOW, LIFE)
    store.claim_due(ME, NOW, 10)
    assert store.next_look_at() is None
    store.retire(ME)
    assert store.next_look_at() == NOW
    assert store.claim_due(OTHER, NOW, 10) == ["acme-x"]


def test_who_lost_its_claim_changes_nothing(store: Store) -> None:
    store.register([an_account()], NOW)
    store.beat(ME, NOW, timedelta(0))
    store.claim_due(ME, NOW, 10)
    store.beat(OTHER, NOW, LIFE)
    store.claim_due(OTHER, NOW, 10)
    store.finish_look(ME, AccountState(name="acme-x", reason="stale", next_look_at=LATER))
    assert store.state("acme-x").reason == ""
    store.finish_look(OTHER, AccountState(name="acme-x", reason="fresh", next_look_at=LATER))
    assert store.state("acme-x").reason == "fresh"


def test_the_bell_brings_the_next_look_forward_never_back(store: Store) -> None:
    store.register([an_account("a"), an_account("b")], NOW)
    looked(store, "a", next_look_at=LATER)
    store.ring(["a", "b", "nobody"], NOW + HOUR)
    assert store.state("a").next_look_at == NOW + HOUR
    assert store.state("b").next_look_at == NOW


def test_the_bell_is_heard_though_it_rings_during_a_look(store: Store) -> None:
    store.register([an_account()], NOW)
    store.beat(ME, NOW, LIFE)
    store.claim_due(ME, NOW, 10)
    store.ring(["acme-x"], NOW + MINUTE)
    store.finish_look(ME, AccountState(name="acme-x", next_look_at=LATER))
    assert store.claim_due(ME, NOW + MINUTE, 10) == ["acme-x"]
    store.finish_look(ME, AccountState(name="acme-x", next_look_at=LATER))
    assert store.next_look_at() == LATER


def test_a_bell_before_the_look_is_answered_by_it(store: Store) -> None:
    store.register([an_account()], NOW)
    store.ring(["acme-x"], NOW)
    looked(store)
    assert store.next_look_at() == LATER


def test_daemons_and_threads_claim_without_overlap(open_again: OpenStore) -> None:
    names = {f"account-{n:03}" for n in range(60)}
    stores = {"one": open_again(), "two": open_again()}
    stores["one"].register([an_account(name) for name in names], NOW)
    for daemon, store in stores.items():
        store.beat(daemon, NOW, timedelta(hours=1))

    def claim_all(daemon: str) -> list[str]:
        claimed: list[str] = []
        while batch := stores[daemon].claim_due(daemon, NOW, 7):
            claimed += batch
        return claimed

    with ThreadPoolExecutor(4) as threads:
        claims = list(chain(*threads.map(claim_all, ["one", "two", "one", "two"])))
    # Postgres skips what another daemon has locked at that moment: what is left comes with the next poll.
    claims += claim_all("one")
    assert sorted(claims) == sorted(names)


def test_a_timeline_tells_when_the_account_was_last_active_and_who_it_was(store: Store) -> None:
    store.register([an_account()], NOW)
    entries = [an_entry("2", NOW - HOUR), an_entry("1", NOW - 3 * HOUR)]
    store.record_reading("acme-x", entries, [Kind.POST], NOW)
    state = store.state("acme-x")
    assert (state.seen_at, state.seen_by) == (NOW - HOUR, Author.HUMAN)
    assert store.known_ids("acme-x") == {"1", "2"}


def test_a_post_dated_2099_silences_nothing(store: Store) -> None:
    store.register([an_account()], NOW)
    for hour in range(3):
        store.record_reading("acme-x", [an_entry("1", NOW + 700_000 * HOUR)], [Kind.POST], NOW + hour * HOUR)
    assert store.state("acme-x").seen_at == NOW


def test_only_the_kinds_of_the_rule_break_a_silence(store: Store) -> None:
    store.register([an_account()], NOW)
    reply = an_entry("2", NOW, kind=Kind.REPLY)
    store.record_reading("acme-x", [reply, an_entry("1", NOW - HOUR)], [Kind.POST], NOW)
    assert store.state("acme-x").seen_at == NOW - HOUR
    assert store.known_ids("acme-x") == {"1", "2"}
    store.record_reading("acme-x", [reply], [Kind.POST, Kind.REPLY], NOW)
    assert store.state("acme-x").seen_at == NOW


def test_activity_never_becomes_older(store: Store) -> None:
    store.register([an_account()], NOW)
    store.record_reading("acme-x", [an_entry("2", NOW)], [Kind.POST], NOW)
    store.record_reading("acme-x", [an_entry("1", NOW - HOUR)], [Kind.POST], NOW + HOUR)
    store.record_reading("acme-x", [], [Kind.POST], NOW + HOUR)
    assert store.state("acme-x").seen_at == NOW


def test_the_newest_two_hundred_ids_are_remembered_by_when_they_were_seen(store: Store) -> None:
    store.register([an_account()], NOW)
    old = [an_entry(f"old-{n}", NOW - n * MINUTE) for n in range(150)]
    store.record_reading("acme-x", old, [Kind.POST], NOW)
    new = [an_entry(f"new-{n}", NOW - 9999 * HOUR) for n in range(100)]
    store.record_reading("acme-x", new, [Kind.POST], NOW + HOUR)
    known = store.known_ids("acme-x")
    assert len(known) == 200
    assert known >= {entry.remote_id for entry in new}
    assert known >= {f"old-{n}" for n in range(100)}


def test_what_strangers_wrote_cannot_break_the_store(store: Store) -> None:
    store.register([an_account()], NOW)
    entry = an_entry("1", NOW, text="a\0b \ud800 𝄞 é 🎉")
    store.record_reading("acme-x", [entry], [Kind.POST], NOW)
    assert store.known_ids("acme-x") == {"1"}


def test_a_moment_without_time_zone_is_refused(open_again: OpenStore) -> None:
    store = open_again()
    naive = NOW.replace(tzinfo=None)
    with pytest.raises((ValueError, TypeError)):
        store.record_reading("acme-x", [an_entry("1", naive)], [Kind.POST], NOW)


def test_a_claim_may_be_for_one_network_and_leaves_the_others(store: Store) -> None:
    store.register([an_account("f", network="facebook"), an_account("x")], NOW)
    store.beat(ME, NOW, LIFE)
    assert store.claim_due(ME, NOW, 10, None, "facebook") == ["f"]
    assert store.claim_due(ME, NOW, 10, {"f"}, "facebook") == []
    assert store.claim_due(ME, NOW, 10, {"f"}) == ["x"]
