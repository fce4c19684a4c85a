"""The store's contract: an account under a new name, proven to be the presence that it was under the old one."""

from dataclasses import replace

import pytest

from tests.contracts.samples import HOUR, ME, NOW, an_account, an_attempt, an_entry, feed, furnish, guard
from tests.domain.posts import a_post
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Fault, Outcome
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.domain.plan import PlanKind, plan_for
from veilleuse.domain.veto import Veto
from veilleuse.ports import AttemptRefused, Store

POSTS = tuple(a_post(f"p{n}", place=n) for n in range(4))
UNDER_THE_NEW = tuple(replace(post, account="acme") for post in POSTS)
FROZEN = Freeze(account="acme-x", origin=COMMAND, by="claire", reason="recall", since=NOW)


@pytest.fixture
def renamed(store: Store) -> Store:
    """acme-x, its posts in the queue; `under_its_new_name` makes it acme."""
    furnish(store, posts=POSTS)
    store.bind("acme-x", "42")
    return store


def under_its_new_name(store: Store, name: str = "acme") -> None:
    store.register([an_account(name, identity="acme-x")], NOW)
    feed(store, *(replace(post, account=name) for post in POSTS))
    store.bind(name, "42")
    assert store.claim_due(ME, NOW, 10) == [name]


def refusal(store: Store, post: int) -> str:
    with pytest.raises(AttemptRefused) as refused:
        store.open_attempt(an_attempt("again", UNDER_THE_NEW[post]), guard())
    return str(refused.value)


def test_a_doubt_goes_on_as_held_and_its_post_is_not_said_again(renamed: Store) -> None:
    renamed.open_attempt(an_attempt("a1", POSTS[0]), guard())
    under_its_new_name(renamed)
    (doubt,) = renamed.unsettled("acme")
    assert (doubt.ref, doubt.outcome, renamed.unsettled("acme-x")) == ("acme/p0", Outcome.HELD, [])
    assert [candidate.post.id for candidate in renamed.candidates("acme") if candidate.held] == ["p0"]
    assert refusal(renamed, 0) == "another attempt is not settled yet."
    renamed.open_attempt(an_attempt("a2", UNDER_THE_NEW[1]), guard())


def test_a_post_released_after_a_doubt_waits_on(renamed: Store) -> None:
    renamed.open_attempt(an_attempt("a1", POSTS[0]), guard())
    renamed.close_attempt("a1", Outcome.REFUSED, now=NOW, fault=Fault.ABSENT)
    under_its_new_name(renamed)
    assert renamed.candidates("acme")[0].released_at == NOW


def test_vetoes_freezes_plans_and_gaps_hold_on(renamed: Store) -> None:
    renamed.veto(Veto(account="acme-x", post_id="p0", digest=POSTS[0].digest, by="claire", at=NOW))
    renamed.freeze(FROZEN)
    renamed.note_gap("acme-x", NOW)
    under_its_new_name(renamed)
    assert renamed.candidates("acme")[0].vetoed_by == "claire"
    assert refusal(renamed, 1) == "frozen: recall"
    assert renamed.state("acme").gap_at == NOW
    assert renamed.thaw(replace(FROZEN, account="acme"))
    asleep = plan_for(PlanKind.HIBERNATE, "acme", "claire", NOW)
    renamed.keep_plan(asleep, None)
    under_its_new_name(renamed, "acme-twice")
    assert [plan.account for plan in renamed.plans()] == ["acme-twice"]


def test_what_its_timeline_has_shown_is_known(renamed: Store) -> None:
    renamed.record_reading("acme-x", [an_entry("7", NOW - HOUR, "Bonjour à tous")], [Kind.POST], NOW)
    under_its_new_name(renamed)
    assert renamed.known_ids("acme") == {"7"}
    assert [entry.text for entry in renamed.timeline("acme", NOW - HOUR, NOW)] == ["Bonjour à tous"]


def test_back_under_its_old_name_it_proves_anew_who_it_is_and_brings_its_doubts_along(renamed: Store) -> None:
    renamed.open_attempt(an_attempt("a0", POSTS[0]), guard())
    renamed.close_attempt("a0", Outcome.REFUSED, now=NOW, fault=Fault.RATE)
    under_its_new_name(renamed)
    renamed.open_attempt(an_attempt("a1", UNDER_THE_NEW[0]), guard())
    renamed.register([an_account()], NOW)
    assert renamed.state("acme-x").remote_id is None
    renamed.bind("acme-x", "42")
    assert [doubt.ref for doubt in renamed.unsettled()] == ["acme-x/p0"]


def test_another_presence_and_an_account_still_configured_are_left_alone(renamed: Store) -> None:
    renamed.open_attempt(an_attempt("a1", POSTS[0]), guard())
    renamed.freeze(FROZEN)
    renamed.register([an_account(), an_account("acme")], NOW)
    renamed.bind("acme", "42")  # a mistake: two names of one presence at once
    assert [doubt.ref for doubt in renamed.unsettled()] == ["acme-x/p0"]
    renamed.register([an_account("acme")], NOW)
    renamed.bind("acme", "43")
    assert [doubt.ref for doubt in renamed.unsettled()] == ["acme-x/p0"]
    assert renamed.freezes(NOW) == [FROZEN]
