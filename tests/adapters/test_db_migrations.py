"""Every migration with data in it: a row in every table, of every older schema, read back through the store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from tests.conftest import PostgresServer
from tests.contracts.samples import HOUR, NOW
from tests.domain.posts import a_post, utc
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.tables import REVISION, VERSION_TABLE, metadata
from veilleuse.adapters.db.upgrade import migrate, upgrade
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.rule import Approval
from veilleuse.ports import Store

BYTES = b"\x89PNG"
SHA = "a" * 64
POST = a_post("bonjour")
FOR_EVER = utc("2999-01-01 00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What an older program wrote, by the columns there were in `since`; and what the store must say of it now."""

    since: str
    values: dict[str, Any]
    told: Callable[[Store], object]
    is_: object


def an_attempt(id: str, outcome: str, use: int) -> dict[str, Any]:
    return {
        "id": id, "account": "acme-x", "post_id": "bonjour", "use": use, "digest": POST.digest, "text": POST.text,
        "approved_by": "claire", "key": f"key-{id}", "baseline": ["1", "2"], "cursor": "2", "prepared": {},
           "image_sha256": SHA, "image_type": "image/png", "image_size": 4, "image_name": "a.png", "alt": "Une flamme",
        "created_at": NOW, "send_before": NOW + HOUR, "outcome": outcome, "detail": "gone", "empty_reads": 2,
    }  # fmt: skip


# In the order in which rows refer to each other. A table that is missing here fails the test below.
ROWS = {
    "accounts": Row(
        since="0001",
        values={
            "name": "acme-x", "network": "x", "identity": "acme", "setup": "digest", "enabled": True, "failures": 2,
            "remote_id": "42", "seen_at": NOW - HOUR, "seen_by": "human", "spoke_at": NOW - 2 * HOUR,
            "next_look_at": NOW, "reason": "waits", "claimed_by": "old", "claimed_at": NOW, "stopped": "by hand",
        },
        told=lambda store: [(s.name, s.remote_id, s.seen_at, s.spoke_at, s.stopped, s.failures, s.awake_at)
                            for s in store.states()],
        is_=[("acme-x", "42", NOW - HOUR, NOW - 2 * HOUR, "by hand", 2, None)],
    ),
    "daemons": Row(
        since="0001",
        values={"name": "old", "alive_until": FOR_EVER},
        told=lambda store: store.claim_due("me", NOW, 9),  # what a living daemon has claimed is not given away
        is_=[],
    ),
    "images": Row(
        since="0001",
        values={"sha256": SHA, "bytes": BYTES},
        told=lambda store: store.image(SHA),
        is_=BYTES,
    ),
    "posts": Row(
        since="0001",
        values={
            "account": "acme-x", "id": "bonjour", "text": POST.text, "file": "acme-x.toml", "line": 1,
            "named": True, "variants": {}, "priority": 0, "reserve": False, "reserve_gap": timedelta(days=90),
            "approved_by": "claire", "order_file": "acme-x.toml", "order_position": 0, "digest": POST.digest,
            "row_digest": "r", "image_sha256": SHA, "image_type": "image/png", "image_size": 4,
               "image_name": "a.png", "alt": "Une flamme",
        },
        told=lambda store: [(c.post.id, c.post.text, c.post.approved_by, c.post.alt, c.post.content_warning, c.held)
                            for c in store.candidates("acme-x")],
        is_=[("bonjour", POST.text, "claire", "Une flamme", None, True)],
    ),
    "content_files": Row(
        since="0001",
        values={"path": "acme-x.toml", "fingerprint": "f", "verdicts": [], "accounts": ["acme-x"]},
        told=lambda store: {path: record.fingerprint for path, record in store.files().items()},
        is_={"acme-x.toml": "f"},
    ),
    "activities": Row(
        since="0001",
        values={
            "account": "acme-x", "remote_id": "7", "at": NOW, "created_at": NOW, "first_seen_at": NOW,
            "kind": "post", "author": "human", "text": "À la main", "url": "https://x.test/7",
        },
        told=lambda store: [e.text for e in store.timeline("acme-x", NOW - HOUR, NOW + HOUR)],
        is_=["À la main"],
    ),
    "attempts": Row(
        since="0001",
        values=an_attempt("doubt", "held", 1),
        told=lambda store: [(a.id, a.payload.alt, a.payload.content_warning) for a in store.unsettled("acme-x")],
        is_=[("doubt", "Une flamme", None)],
    ),
    "receipts": Row(
        since="0001",
        values={
            "id": 1, "account": "acme-x", "network": "x", "identity": "42", "remote_id": "900", "url": None,
            "post_id": "bonjour", "use": 0, "digest": POST.digest, "text": POST.text, "approved_by": "claire",
            "at": NOW - 2 * HOUR, "proof": "answer", "attempt_id": "said",
        },
        told=lambda store: [(r.remote_id, r.at) for r in store.receipts()],
        is_=[("900", NOW - 2 * HOUR)],
    ),
    "freezes": Row(
        since="0001",
        values={
            "account": "", "network": "x", "origin": "command", "frozen_by": "claire", "reason": "un rappel",
            "since": NOW - HOUR, "until": None,
        },
        told=lambda store: [(f.by, f.reason) for f in store.freezes(NOW)],
        is_=[("claire", "un rappel")],
    ),
    "alerts": Row(
        since="0001",
        values={
            "id": 1, "condition": "runway_low", "account": "acme-x", "subject": "", "text": "Bientôt vide.",
            "remedy": "Écrire.", "person": "claire", "strikes": 1, "opened_at": NOW, "seen_at": NOW,
        },
        told=lambda store: [(a.finding.text, a.repeats, a.escalated_at) for a in store.alerts()],
        is_=[("Bientôt vide.", 0, None)],
    ),
    "notifications": Row(
        since="0001",
        values={
            "id": 1, "alert_id": 1, "person": "claire", "channel": 0, "what": "opened", "condition": "runway_low",
            "account": "acme-x", "text": "Bientôt vide.", "remedy": "Écrire.", "created_at": NOW, "tries": 3,
            "next_try_at": NOW,
        },
        told=lambda store: [(n.text, n.tries) for n in store.due_notifications(NOW)],
        is_=[("Bientôt vide.", 3)],
    ),
    "approvals": Row(
        since="0002",
        values={
            "account": "acme-x", "mode": "file", "post_id": "bonjour", "digest": POST.digest,
            "approver": "claire", "at": NOW,
        },
        told=lambda store: [(a.ref, a.approver, a.mode) for a in store.approvals()],
        is_=[("acme-x/bonjour", "claire", Approval.FILE)],
    ),
    "approval_policies": Row(
        since="0002",
        values={"account": "acme-x", "mode": "signed", "approvers": ["claire"]},
        # Nobody has signed: the name in the file counts for nothing there.
        told=lambda store: [c.post.approved_by for c in store.candidates("acme-x")],
        is_=[None],
    ),
}  # fmt: skip

UNDER_A_POLICY = {"posts": [("bonjour", POST.text, None, "Une flamme", None, True)]}
OLDER = [f"{number:04}" for number in range(1, int(REVISION))]


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "house.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


def fill(address: str, revision: str) -> None:
    """As a program of that schema would have: every table there was, one row in it."""
    db = Database(address)
    migrate(db, revision)
    with db.write() as connection:
        there = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
        rows = {name: row for name, row in ROWS.items() if row.since <= revision}
        assert rows.keys() == there, "a table without a row in this test, or a row without its table"
        for name, row in rows.items():
            connection.execute(metadata.tables[name].insert().values(row.values))
    db.close()


@pytest.mark.parametrize("revision", OLDER)
def test_every_row_of_an_older_schema_is_read_back_after_the_upgrade(empty: str, revision: str) -> None:
    fill(empty, revision)
    report = upgrade(empty, NOW)
    assert (report.before, report.after) == (revision, REVISION)
    store = open_store(empty)
    try:
        policies = revision >= ROWS["approval_policies"].since
        for name, row in ROWS.items():
            if row.since <= revision:
                expected = UNDER_A_POLICY.get(name, row.is_) if policies else row.is_
                assert row.told(store) == expected, name
        assert store.outcomes() == {("acme-x", Outcome.HELD): 1}
    finally:
        store.close()


@pytest.mark.parametrize("revision", OLDER)
def test_what_an_older_schema_forbade_is_forbidden_after_the_upgrade(empty: str, revision: str) -> None:
    fill(empty, revision)
    upgrade(empty, NOW)
    db = Database(empty)
    for name, key in (("receipts", {"id": 2, "attempt_id": "other"}), ("alerts", {"id": 2}), ("attempts", {"id": "b"})):
        with pytest.raises(Exception, match=r"(?i)unique"), db.write() as connection:
            connection.execute(metadata.tables[name].insert().values({**ROWS[name].values, **key}))
    db.close()
