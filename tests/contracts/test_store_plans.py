"""The store's contract: plans, and what they forbid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.samples import HOUR, NOW, an_account, an_attempt, furnish, guard
from tests.domain.posts import a_post
from veilleuse.domain.content import SyncChange
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.farewell import PLACE, as_farewell
from veilleuse.domain.plan import Plan, PlanKind, StepState, plan_for, settle
from veilleuse.language import Sentence, sentence
from veilleuse.ports import AttemptRefused, Store

POST, LAST = a_post("p1"), as_farewell(a_post("p9", text="Au revoir, et merci !"))
ASLEEP = plan_for(PlanKind.HIBERNATE, "acme-x", "claire", NOW, until=NOW + 90 * 24 * HOUR)
FAREWELL = plan_for(
    PlanKind.FAREWELL, "acme-x", "claire", NOW, follow="https://acme.test", says=LAST.id, stays=timedelta(days=30)
)
CLOSED = replace(FAREWELL, over_at=NOW, network="x", remote_id="42")


def forbidden(store: Store, *, post: str = "p1") -> str | None:
    """Why an attempt at that post is refused; None: it is written."""
    standing = {candidate.post.id: candidate.post for candidate in store.candidates("acme-x")}
    try:
        store.open_attempt(an_attempt(f"a-{post}", standing[post]), guard())
    except AttemptRefused as refusal:
        return str(refusal)
    return None


def test_a_plan_is_kept_whole_with_its_sentences_in_every_language(store: Store) -> None:
    said = sentence("strangers do not see its newest post yet")
    plan = settle(ASLEEP, StepState.HUMAN, NOW, NOW, by="claire", detail=said)
    assert store.keep_plan(plan, None)
    (kept,) = store.plans()
    assert kept == plan
    detail = kept.steps[0].detail
    assert isinstance(detail, Sentence)
    assert detail.by_language == said.by_language


def test_a_plan_and_who_began_it_are_kept_together(store: Store) -> None:
    deed = Deed(at=NOW, by="claire", act=Act.HIBERNATED, account="acme-x")
    assert store.keep_plan(ASLEEP, None, deed)
    assert store.deeds("acme-x") == [deed]
    assert not store.keep_plan(ASLEEP, None, deed)
    assert store.deeds("acme-x") == [deed]


def test_only_who_has_seen_the_plan_as_it_stands_replaces_it(store: Store) -> None:
    store.keep_plan(ASLEEP, None)
    mine, theirs = (replace(ASLEEP, tries=tries, version=2) for tries in (1, 2))
    assert store.keep_plan(mine, ASLEEP)
    assert not store.keep_plan(theirs, ASLEEP)
    assert store.plans() == [mine]


def test_the_plan_of_a_closed_account_is_never_replaced(store: Store) -> None:
    store.keep_plan(CLOSED, None)
    assert not store.keep_plan(replace(ASLEEP, version=2), CLOSED)
    assert store.plans() == [CLOSED]


@pytest.mark.parametrize("plan", [ASLEEP, plan_for(PlanKind.WAKE, "acme-x", "claire", NOW), FAREWELL])
def test_while_a_plan_is_not_over_nothing_else_is_attempted(store: Store, plan: Plan) -> None:
    furnish(store, posts=(POST,))
    assert store.keep_plan(plan, None)
    assert forbidden(store) is not None


def test_the_post_that_a_plan_names_is_attempted(store: Store) -> None:
    furnish(store, posts=(POST, LAST))
    store.keep_plan(FAREWELL, None)
    assert forbidden(store) is not None
    assert forbidden(store, post=LAST.id) is None


def test_the_plan_of_one_account_forbids_nothing_to_another(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.keep_plan(replace(ASLEEP, account="acme-facebook"), None)
    assert forbidden(store) is None


@pytest.mark.parametrize("post", [POST.id, LAST.id])
def test_a_closed_account_never_posts_again_whatever_is_approved(store: Store, post: str) -> None:
    furnish(store, posts=(POST, LAST))
    store.keep_plan(CLOSED, None)
    assert "closed" in str(forbidden(store, post=post))


def test_a_closed_presence_never_posts_again_under_another_name_either(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.bind("acme-x", "42")
    store.keep_plan(replace(CLOSED, account="acme-old"), None)
    assert "closed" in str(forbidden(store))


def test_another_presence_under_a_name_that_was_never_closed_may_post(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.bind("acme-x", "43")
    store.keep_plan(replace(CLOSED, account="acme-old"), None)
    assert forbidden(store) is None


def test_a_plan_that_is_over_forbids_nothing_and_starts_the_clock(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.keep_plan(ASLEEP, None)
    store.keep_plan(replace(ASLEEP, over_at=NOW + HOUR, cancelled=True, version=2), ASLEEP)
    assert store.state("acme-x").awake_at == NOW + HOUR
    assert forbidden(store) is None


def test_another_presence_does_not_inherit_the_clock(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.bind("acme-x", "42")
    store.keep_plan(replace(ASLEEP, over_at=NOW, cancelled=True), None)
    store.register([an_account(identity="acme-other")], NOW)
    store.bind("acme-x", "43")
    assert store.state("acme-x").awake_at is None


def test_a_farewell_stands_in_no_file_and_no_scan_misses_it(store: Store) -> None:
    furnish(store, posts=(POST, LAST))
    assert {key for key, _ in store.index().items()} == {("acme-x", "p1")}
    assert LAST.source.file == PLACE
    store.apply(SyncChange(withdrawn=frozenset({("acme-x", LAST.id)})), NOW)
    assert [candidate.post.id for candidate in store.candidates("acme-x")] == ["p1"]
