"""A company of very many accounts, laid into a database at once, each with one approved post."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, update

from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import SqlStore, open_store
from veilleuse.adapters.db.tables import accounts as account_rows
from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.attempt import Attempt, Payload, Proof, Receipt, receipt_of
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import Post, Source
from veilleuse.domain.rule import Rule
from veilleuse.ports import Guard

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
DAY = timedelta(days=1)
RULE = Rule()
ME = "daemon-1"


def name_of(number: int) -> str:
    return f"account-{number}"


def an_account(number: int) -> Account:
    name = name_of(number)
    return Account(name=name, network="x", identity=name, owner="claire", rule=RULE)


def a_post(number: int) -> Post:
    return Post(
        account=name_of(number),
        id="hello",
        text=f"Conseil n° {number} : une chaudière révisée à l'automne, c'est un hiver tranquille. Et la vôtre ?",
        source=Source(file="posts.csv", line=number + 2),
        order=("posts.csv", number),
        approved_by="claire",
    )


def queue_of(number: int, length: int) -> Iterator[Post]:
    """The post that is said first, and others that wait behind it."""
    first = a_post(number)
    yield first
    for place in range(1, length):
        text = f"{first.text} ({place + 1})"
        yield replace(first, id=f"later-{place}", text=text, order=("posts.csv", 1_000_000 * place + number))


def lay(address: str | Path, accounts: int, due: int, queued: int = 1) -> None:
    """A new database. `due` of the accounts are to be looked at now, with so many posts each; others in three days."""
    store = open_store(address, create=True)
    store.register((an_account(number) for number in range(accounts)), NOW)
    posts = tuple(post for number in range(due) for post in queue_of(number, queued))
    store.apply(SyncChange(upserts=posts), NOW)
    rows = [
        {"of_name": name_of(number), "look": NOW if number < due else LATER, "said": NOW - 7 * DAY}
        for number in range(accounts)
    ]
    known = account_rows.update().where(account_rows.c.name == bindparam("of_name"))
    store.close()
    database = Database(address)
    with database.write() as connection:
        connection.execute(
            known.values(next_look_at=bindparam("look"), seen_at=bindparam("said"), read_at=bindparam("said")), rows
        )
        connection.execute(update(account_rows).values(remote_id=account_rows.c.name))
    database.close()


def an_attempt(post: Post) -> Attempt:
    return Attempt(
        id=f"attempt-{post.account}",
        account=post.account,
        post_id=post.id,
        use=0,
        digest=post.digest,
        approved_by="claire",
        payload=Payload(text=post.text),
        key=f"key-{post.account}",
        baseline=frozenset({"1", "2"}),
        cursor="2",
        created_at=NOW,
        send_before=NOW + timedelta(seconds=30),
    )


def a_receipt(attempt: Attempt) -> Receipt:
    return receipt_of(
        attempt,
        network="x",
        identity=attempt.account,
        remote_id=f"remote-{attempt.account}",
        url=None,
        at=NOW,
        proof=Proof.ANSWER,
    )


def guard(daemon: str = ME) -> Guard:
    return Guard(daemon=daemon, now=NOW, spoke_before=NOW - DAY, day_start=NOW - DAY / 2, max_per_day=1)


def dispatch(store: SqlStore, daemon: str = ME) -> Iterator[str]:
    """Claim what is due and say it all, every step as durable as the daemon's own; each account as it is done."""
    while claimed := store.claim_due(daemon, NOW, 100):
        for name in claimed:
            attempt = an_attempt(a_post(int(name.rpartition("-")[2])))
            store.open_attempt(attempt, guard(daemon))
            store.record_receipt(a_receipt(attempt))
            state = store.state(name)
            store.finish_look(daemon, finished(state))
            yield name


def finished(state: AccountState) -> AccountState:
    return replace(state, next_look_at=LATER, speaks_at=LATER, reason="kept alive: published")
