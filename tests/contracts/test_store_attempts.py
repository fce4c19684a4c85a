"""The store's contract: what may be attempted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import OpenStore
from tests.contracts.samples import (
    HOUR,
    ME,
    MINUTE,
    NOW,
    OTHER,
    a_receipt,
    already_said,
    an_attempt,
    feed,
    furnish,
    guard,
    publish,
)
from tests.domain.posts import a_post
from veilleuse.domain.attempt import Attempt, Fault, Outcome
from veilleuse.domain.content import SyncChange
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.post import Image
from veilleuse.ports import AttemptRefused, Store

POST = a_post("p1")
NEXT = a_post("p2", place=1)
STOP = Freeze(account="acme-x", origin="STOP acme-x/STOP", by="a file", reason="crisis", since=NOW)


def refused(store: Store, attempt: Attempt, **guarded: Any) -> str:
    with pytest.raises(AttemptRefused) as refusal:
        store.open_attempt(attempt, guard(**guarded))
    assert attempt.id not in {kept.id for kept in store.attempts()}
    return str(refusal.value)


def test_an_attempt_is_kept_whole(store: Store) -> None:
    image = Image(sha256="a" * 64, media_type="image/png", size=3, name="photo.png")
    post = a_post("p1", image=image, alt="Une photo", link="https://acme.test/été", content_warning="Chiffres")
    store.apply(SyncChange(images={image.sha256: b"png"}), NOW)
    furnish(store, posts=(post,))
    attempt = an_attempt("a1", post, prepared={"media": "7"}, approved_by="claire")
    store.open_attempt(attempt, guard())
    assert store.unsettled("acme-x") == store.unsettled() == [attempt]
    assert store.attempts() == [attempt]


def test_dates_written_since_it_was_chosen_forbid_it(store: Store) -> None:
    furnish(store, posts=(a_post("p1", not_before=NOW + MINUTE),))
    assert refused(store, an_attempt("a1", POST)) == "its dates do not allow it now."
    feed(store, a_post("p1", not_after=NOW))
    assert refused(store, an_attempt("a1", POST)) == "its dates do not allow it now."
    feed(store, a_post("p1", not_before=NOW, not_after=NOW + MINUTE))
    store.open_attempt(an_attempt("a1", POST), guard())


def test_a_reserve_post_that_has_become_an_ordinary_one_or_is_used_up_is_not_said_again(store: Store) -> None:
    furnish(store, posts=(POST,))
    assert refused(store, an_attempt("a1", POST, use=1)) == "the post is already published."
    once, twice = (a_post("p1", reserve=True, max_uses=most) for most in (1, 2))
    assert refused(store, an_attempt("a1", once, use=1)) == "the post changed since it was chosen."
    feed(store, once)
    assert refused(store, an_attempt("a1", once, use=1)) == "the post is already published."
    feed(store, twice)
    store.open_attempt(an_attempt("a1", twice, use=1), guard())


def test_a_closed_attempt_tells_how_it_ended(store: Store) -> None:
    furnish(store, posts=(POST,))
    attempt = an_attempt("a1", POST)
    store.open_attempt(attempt, guard())
    store.close_attempt("a1", Outcome.REFUSED, now=NOW + MINUTE, fault=Fault.RATE, detail="Too many calls.")
    ended = replace(
        attempt, outcome=Outcome.REFUSED, fault=Fault.RATE, closed_at=NOW + MINUTE, detail="Too many calls."
    )
    assert store.attempts("acme-x") == [ended]
    assert store.attempts("nobody") == []
    assert store.unsettled("acme-x") == store.unsettled() == []


def test_open_unknown_and_held_are_unsettled_oldest_first(store: Store) -> None:
    furnish(store, posts=(POST, NEXT))
    store.open_attempt(an_attempt("a2", POST, at=NOW - HOUR), guard())
    store.close_attempt("a2", Outcome.HELD, now=NOW, detail="who knows")
    store.open_attempt(an_attempt("a1", NEXT), guard())
    assert [a.id for a in store.unsettled("acme-x")] == ["a2", "a1"]
    store.close_attempt("a1", Outcome.UNKNOWN, now=NOW, detail="no answer")
    assert [a.outcome for a in store.unsettled("acme-x")] == [Outcome.HELD, Outcome.UNKNOWN]
    assert [a.id for a in store.attempts(limit=1)] == ["a1"]


def test_attempts_are_counted_by_account_and_outcome(store: Store) -> None:
    furnish(store, posts=(POST, NEXT))
    store.open_attempt(an_attempt("a1", POST), guard())
    store.close_attempt("a1", Outcome.REFUSED, now=NOW, fault=Fault.CONTENT, detail="no.")
    store.open_attempt(an_attempt("a2", NEXT), guard())
    assert store.outcomes() == {("acme-x", Outcome.REFUSED): 1, ("acme-x", Outcome.OPEN): 1}


def test_reads_that_showed_nothing_are_counted(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.open_attempt(an_attempt("a1", POST), guard())
    store.count_empty_read("a1")
    store.count_empty_read("a1")
    assert store.unsettled("acme-x")[0].empty_reads == 2


def mid_attempt(store: Store) -> Attempt:
    store.open_attempt(an_attempt("before", NEXT, at=NOW), guard())
    return an_attempt("a1", POST)


def doubt(store: Store) -> Attempt:
    attempt = mid_attempt(store)
    store.close_attempt("before", Outcome.UNKNOWN, now=NOW)
    return attempt


def held_post(store: Store) -> Attempt:
    store.open_attempt(an_attempt("before", POST), guard())
    store.close_attempt("before", Outcome.HELD, now=NOW)
    return an_attempt("a1", POST)


def changed_post(store: Store) -> Attempt:
    feed(store, replace(POST, text="Un autre texte."))
    return an_attempt("a1", POST)


def draft(store: Store) -> Attempt:
    feed(store, replace(POST, approved_by=None))
    return an_attempt("a1", POST)


def missing_post(store: Store) -> Attempt:
    store.apply(SyncChange(missing=frozenset({("acme-x", "p1")})), NOW)
    return an_attempt("a1", POST)


def withdrawn_post(store: Store) -> Attempt:
    store.apply(SyncChange(withdrawn=frozenset({("acme-x", "p1")})), NOW)
    return an_attempt("a1", POST)


def unknown_post(store: Store) -> Attempt:
    return an_attempt("a1", a_post("p9"))


def frozen_account(store: Store) -> Attempt:
    store.set_stops([STOP])
    return an_attempt("a1", POST)


def frozen_house(store: Store) -> Attempt:
    store.set_stops([replace(STOP, account="", reason="", until=NOW + HOUR)])
    return an_attempt("a1", POST)


def already_published(store: Store) -> Attempt:
    store.record_receipt(already_said(POST, "77", at=NOW - 100 * HOUR))
    return an_attempt("a1", POST)


def said_under_another_name(store: Store) -> Attempt:
    store.record_receipt(replace(already_said(POST, "77", at=NOW - 100 * HOUR), account="acme-before"))
    return an_attempt("a1", POST)


def spoke_within_the_gap(store: Store) -> Attempt:
    publish(store, NEXT, "77", at=NOW - 20 * HOUR + MINUTE)
    return an_attempt("a1", POST)


def taken_out(store: Store) -> Attempt:
    store.register([], NOW)
    return an_attempt("a1", POST)


def given_back(store: Store) -> Attempt:
    store.retire(ME)
    return an_attempt("a1", POST)


@pytest.mark.parametrize(
    ("arrange", "why"),
    [
        (mid_attempt, "not settled"),
        (doubt, "not settled"),
        (held_post, "not settled"),
        (changed_post, "changed"),
        (draft, "no longer approved"),
        (missing_post, "no longer stands"),
        (withdrawn_post, "no longer stands"),
        (unknown_post, "no longer stands"),
        (frozen_account, "frozen: crisis"),
        (frozen_house, "frozen"),
        (already_published, "already published"),
        (said_under_another_name, "already published"),
        (spoke_within_the_gap, "minimum gap"),
        (taken_out, "no longer in the configuration"),
        (given_back, "another daemon"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_forbids_an_attempt(store: Store, arrange: Callable[[Store], Attempt], why: str) -> None:
    furnish(store, posts=(POST, NEXT))
    assert why in refused(store, arrange(store))


def test_only_the_daemon_that_holds_the_claim_may_attempt(store: Store) -> None:
    furnish(store, posts=(POST,))
    assert "another daemon" in refused(store, an_attempt("a1", POST), daemon=OTHER)


def test_a_maximum_a_day_is_kept(store: Store) -> None:
    furnish(store, posts=(POST, NEXT))
    publish(store, NEXT, "77", at=NOW - 2 * HOUR)
    assert "times today" in refused(store, an_attempt("a1", POST), gap=HOUR, max_per_day=1)
    store.open_attempt(an_attempt("a1", POST), guard(gap=HOUR, max_per_day=2))


def test_what_no_longer_forbids_an_attempt(store: Store) -> None:
    furnish(store, posts=(POST, NEXT, a_post("p3", place=2)))
    publish(store, NEXT, "77", at=NOW - 20 * HOUR)
    store.open_attempt(an_attempt("held", a_post("p3", place=2)), guard())
    store.close_attempt("held", Outcome.HELD, now=NOW)
    store.open_attempt(an_attempt("refused", POST), guard())
    store.close_attempt("refused", Outcome.REFUSED, now=NOW, fault=Fault.UNREACHABLE)
    store.set_stops([replace(STOP, until=NOW)])
    store.open_attempt(an_attempt("a1", POST), guard())
    assert {a.id for a in store.unsettled("acme-x")} == {"held", "a1"}


def test_of_many_at_once_one_attempt_is_written(open_again: OpenStore) -> None:
    stores = [open_again(), open_again()]
    posts = tuple(a_post(f"p{n}", place=n) for n in range(8))
    furnish(stores[0], posts=posts)

    def attempt(n: int) -> bool:
        try:
            stores[n % 2].open_attempt(an_attempt(f"a{n}", posts[n]), guard())
        except AttemptRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, range(8))) == 1
    assert len(stores[0].attempts()) == 1


def test_the_gap_holds_however_many_try_at_once(open_again: OpenStore) -> None:
    stores = [open_again(), open_again()]
    posts = tuple(a_post(f"p{n}", place=n) for n in range(8))
    furnish(stores[0], posts=posts)

    def speak(n: int) -> bool:
        attempt = an_attempt(f"a{n}", posts[n])
        try:
            stores[n % 2].open_attempt(attempt, guard())
        except AttemptRefused:
            return False
        stores[n % 2].record_receipt(a_receipt(attempt, f"90{n}"))
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(speak, range(8))) == 1
    assert len(stores[0].receipts()) == 1
