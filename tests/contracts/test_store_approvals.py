"""The store's contract: who approved what, kept for ever, and what it lets speak."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.contracts.samples import HOUR, NOW, RULE, an_account, an_attempt, feed, furnish, guard
from tests.domain.posts import a_post
from veilleuse.domain.approval import ApprovalRecord
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import Image, Post
from veilleuse.domain.rule import Approval
from veilleuse.ports import AttemptRefused, PostChanged, Store

SIGNED = replace(RULE, approval=Approval.SIGNED)
DRAFT = a_post("p1", approved_by=None, link="https://acme.test", variants={"x": ("Un", "Deux")})
GONE = frozenset({("acme-x", "p1")})


def signature(post: Post = DRAFT, by: str = "claire", at: datetime = NOW) -> ApprovalRecord:
    return ApprovalRecord(
        account=post.account, post_id=post.id, approver=by, mode=Approval.SIGNED, digest=post.digest, at=at
    )


def named(post: Post, at: datetime = NOW) -> ApprovalRecord:
    return replace(signature(post, post.approved_by or "", at), mode=Approval.FILE)


def approved_by(store: Store) -> str | None:
    (candidate,) = store.candidates("acme-x")
    return candidate.post.approved_by


def wants_signatures(store: Store, *approvers: str) -> None:
    store.register([an_account(rule=SIGNED, approvers=approvers)], NOW)


def refused(store: Store, post: Post) -> str:
    with pytest.raises(AttemptRefused) as refusal:
        store.open_attempt(an_attempt("a1", post), guard())
    return str(refusal.value)


@pytest.mark.parametrize("rule", [SIGNED, RULE], ids=["signed", "file"])
def test_a_signature_under_exactly_this_content_approves_it(store: Store, rule: object) -> None:
    furnish(store, posts=(DRAFT,))
    store.register([an_account(rule=rule)], NOW)
    assert approved_by(store) is None
    assert refused(store, DRAFT) == "the post is no longer approved."
    store.sign(signature())
    assert approved_by(store) == "claire"
    store.open_attempt(an_attempt("a1", DRAFT), guard())


def test_where_signatures_are_wanted_a_name_in_the_file_approves_nothing(store: Store) -> None:
    post = a_post("p1")
    furnish(store, posts=(post,))
    wants_signatures(store)
    assert approved_by(store) is None
    assert refused(store, post) == "the post is no longer approved."


@pytest.mark.parametrize(
    "change",
    [
        {"text": f"{DRAFT.text}."},
        {"link": "https://acme.test/"},
        {"alt": "Une photo"},
        {"image": Image(sha256="a" * 64, media_type="image/png", size=3, name="photo.png")},
        {"variants": {"x": ("Un", "deux")}},
        {"variants": {"x": ("Deux", "Un")}},
        {"variants": {"x": ("Un", "Deux"), "facebook": ("Un",)}},
    ],
    ids=str,
)
def test_any_change_of_the_content_voids_a_signature(store: Store, change: dict[str, Any]) -> None:
    furnish(store, posts=(DRAFT,))
    wants_signatures(store)
    store.sign(signature())
    changed = replace(DRAFT, **change)
    store.apply(SyncChange(upserts=(changed,), images={"a" * 64: b"png"}), NOW)
    assert approved_by(store) is None
    assert refused(store, changed) == "the post is no longer approved."
    feed(store, DRAFT)
    assert approved_by(store) == "claire"  # exactly what was signed stands again


def test_dates_and_priority_are_not_what_was_signed(store: Store) -> None:
    furnish(store, posts=(DRAFT,))
    wants_signatures(store)
    store.sign(signature())
    feed(store, replace(DRAFT, priority=3, not_before=NOW + HOUR))
    assert approved_by(store) == "claire"


@pytest.mark.parametrize("mode", [SIGNED, RULE], ids=["signed", "file"])
def test_who_may_not_approve_any_more_has_approved_nothing(store: Store, mode: object) -> None:
    by_file = a_post("p1")
    furnish(store, posts=(by_file,))
    store.sign(signature(by_file))
    store.register([an_account(rule=mode, approvers=("anna",))], NOW)
    assert approved_by(store) is None
    assert refused(store, by_file) == "the post is no longer approved."
    store.sign(signature(by_file, by="anna"))
    assert approved_by(store) == "anna"


def test_only_what_stands_in_the_queue_can_be_signed(store: Store) -> None:
    furnish(store)
    with pytest.raises(PostChanged, match="acme-x/p1"):
        store.sign(signature())
    feed(store, replace(DRAFT, text="Un autre texte."))
    with pytest.raises(PostChanged):
        store.sign(signature())
    feed(store, DRAFT)
    store.apply(SyncChange(missing=GONE), NOW)
    with pytest.raises(PostChanged):
        store.sign(signature())
    assert store.approvals() == []


def test_who_signed_what_and_when_is_kept_whatever_becomes_of_the_post(store: Store) -> None:
    furnish(store, posts=(DRAFT,))
    store.sign(signature())
    store.sign(signature(at=NOW + HOUR))  # again: the first stands
    store.sign(signature(by="anna", at=NOW + 2 * HOUR))
    store.apply(SyncChange(missing=GONE), NOW)
    store.apply(SyncChange(withdrawn=GONE), NOW)
    assert store.approvals() == [signature(by="anna", at=NOW + 2 * HOUR), signature()]
    assert store.approvals("acme-x", limit=1) == [signature(by="anna", at=NOW + 2 * HOUR)]
    assert store.approvals("acme-facebook") == []


def test_a_name_in_a_file_is_recorded_with_what_it_stood_behind_when_first_seen(store: Store) -> None:
    post = a_post("p1")
    changed = replace(post, text="Un autre texte.")
    feed(store, post, a_post("draft", approved_by=None))
    feed(store, post, at=NOW + HOUR)
    feed(store, changed, at=NOW + 2 * HOUR)
    assert store.approvals() == [named(changed, NOW + 2 * HOUR), named(post)]


def test_a_signature_is_for_one_post_of_one_account(store: Store) -> None:
    twin = replace(DRAFT, id="p2")
    furnish(store, "acme-x", "acme-y", posts=(DRAFT, twin, replace(DRAFT, account="acme-y")))
    store.sign(signature())
    assert {c.post.id: c.post.approved_by for c in store.candidates("acme-x")} == {"p1": "claire", "p2": None}
    assert [c.post.approved_by for c in store.candidates("acme-y")] == [None]
    assert refused(store, twin) == "the post is no longer approved."
