"""Accounts, posts, attempts and receipts for the store's contract, made in one line each."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.domain.posts import utc
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Attempt, Payload, Proof, Receipt, receipt_of
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Rule
from veilleuse.ports import Guard, Store

NOW = utc("2026-11-20 10:00")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LIFE = timedelta(seconds=45)
ME = "daemon-1"
OTHER = "daemon-2"
RULE = Rule()


def an_account(name: str = "acme-x", **fields: Any) -> Account:
    values: dict[str, Any] = {"network": "x", "identity": name, "owner": "claire", "rule": RULE}
    return Account(name=name, **values | fields)


def an_entry(remote_id: str, at: datetime, text: str = "Bonjour", **fields: Any) -> Entry:
    return Entry(remote_id=remote_id, text=text, created_at=at, **fields)


def an_attempt(id: str, post: Post, *, use: int = 0, at: datetime = NOW, **fields: Any) -> Attempt:
    attempt = Attempt(
        id=id,
        account=post.account,
        post_id=post.id,
        use=use,
        digest=post.digest,
        approved_by=post.approved_by or "",
        payload=Payload(
            text=post.text, link=post.link, image=post.image, alt=post.alt, content_warning=post.content_warning
        ),
        key=f"key-{id}",
        baseline=frozenset({"1", "2"}),
        cursor="2",
        created_at=at,
        send_before=at + timedelta(seconds=30),
    )
    return replace(attempt, **fields)


def a_receipt(
    attempt: Attempt,
    remote_id: str = "900",
    *,
    at: datetime = NOW,
    identity: str = "42",
    network: str = "x",
    proof: Proof = Proof.ANSWER,
) -> Receipt:
    url = f"https://x.test/{remote_id}"
    return receipt_of(attempt, network=network, identity=identity, remote_id=remote_id, url=url, at=at, proof=proof)


def already_said(post: Post, remote_id: str, *, at: datetime, use: int = 0) -> Receipt:
    receipt = a_receipt(an_attempt("none", post, use=use), remote_id, at=at, proof=Proof.ALREADY_SAID)
    return replace(receipt, attempt_id=None)


def guard(now: datetime = NOW, *, daemon: str = ME, gap: timedelta = 20 * HOUR, max_per_day: int = 2) -> Guard:
    day_start = now.replace(hour=0, minute=0)
    return Guard(daemon=daemon, now=now, spoke_before=now - gap, day_start=day_start, max_per_day=max_per_day)


def feed(store: Store, *posts: Post, at: datetime = NOW) -> None:
    store.apply(SyncChange(upserts=posts), at)


def furnish(store: Store, *names: str, posts: tuple[Post, ...] = (), daemon: str = ME, now: datetime = NOW) -> None:
    """Accounts registered, proven to be identity 42, claimed by a living daemon, with their posts."""
    names = names or ("acme-x",)
    store.register([an_account(name) for name in names], now)
    for name in names:
        store.bind(name, "42")
    feed(store, *posts, at=now)
    store.beat(daemon, now, timedelta(days=1))
    assert len(store.claim_due(daemon, now, len(names))) == len(names)


def publish(store: Store, post: Post, remote_id: str, *, at: datetime, use: int = 0) -> Receipt:
    """A post said by us, as if the look had run through."""
    attempt = an_attempt(f"attempt-{remote_id}", post, use=use, at=at)
    store.open_attempt(attempt, guard(at, max_per_day=99, gap=timedelta(0)))
    receipt = a_receipt(attempt, remote_id, at=at)
    store.record_receipt(receipt)
    return receipt
