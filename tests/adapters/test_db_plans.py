"""However many accounts there are, a look reads only its own rows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.contracts.samples import ME, NOW, OTHER, a_receipt, an_account, an_attempt, an_entry, furnish, guard
from tests.domain.posts import a_post
from veilleuse.adapters.db.claims import CLAIM_LIFE
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import SqlStore, open_store
from veilleuse.domain.account import AccountState
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Outcome

POST = a_post("p1")
ATTEMPT = an_attempt("a1", POST)
GROWING = ("accounts", "posts", "receipts", "attempts", "activities", "notifications", "alerts", "images")


class Watched(SqlStore):
    """A store that keeps every statement it sends."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        self.sent: list[tuple[str, Any]] = []
        for engine in (db.writer, db.reader):
            event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        self.sent.append((statement, parameters[0] if many else parameters))

    def scans(self) -> list[str]:
        """Steps that read a growing table from end to end."""
        found = []
        with self._db.read() as connection:
            for statement, parameters in list(self.sent):
                if statement.startswith("BEGIN"):
                    continue
                for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                    whole = any(step.detail == f"SCAN {table}" for table in GROWING)
                    found += [f"{step.detail}: {statement}"] if whole else []
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    path = tmp_path / "house.db"
    first = open_store(path, create=True)
    furnish(first, posts=(POST,))
    first.close()
    store = Watched(Database(path))
    yield store
    store.close()


CALLS: dict[str, Callable[[SqlStore], object]] = {
    "claim_due": lambda store: store.claim_due(OTHER, NOW + CLAIM_LIFE, 10),
    "next_look_at": lambda store: store.next_look_at(),
    "ring": lambda store: store.ring(["acme-x"], NOW),
    "state": lambda store: store.state("acme-x"),
    "bind": lambda store: store.bind("acme-x", "42"),
    "finish_look": lambda store: store.finish_look(ME, AccountState(name="acme-x")),
    "record_reading": lambda store: store.record_reading("acme-x", [an_entry("1", NOW)], [Kind.POST], NOW),
    "known_ids": lambda store: store.known_ids("acme-x"),
    "bound_ids": lambda store: store.bound_ids("acme-x"),
    "candidates": lambda store: store.candidates("acme-x"),
    "unsettled": lambda store: store.unsettled("acme-x"),
    "open_attempt": lambda store: store.open_attempt(ATTEMPT, guard()),
    "close_attempt": lambda store: store.close_attempt("a1", Outcome.UNKNOWN, now=NOW),
    "count_empty_read": lambda store: store.count_empty_read("a1"),
    "record_receipt": lambda store: store.record_receipt(a_receipt(ATTEMPT)),
    "alerts": lambda store: store.alerts(since=NOW, account="acme-x"),
    "open_alerts": lambda store: store.alerts(),
    "due_notifications": lambda store: store.due_notifications(NOW),
    "acknowledge": lambda store: store.acknowledge(1, "anna", NOW),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_look_reads_a_whole_table(watched: Watched, name: str) -> None:
    CALLS[name](watched)
    assert watched.sent
    assert watched.scans() == []


def test_an_idle_poll_takes_no_lock(watched: Watched) -> None:
    assert watched.claim_due(ME, NOW, 10) == []
    assert [statement for statement, _ in watched.sent if not statement.startswith("SELECT")] == []


def test_a_daemon_dies_by_the_passed_clock_on_sqlite(tmp_path: Path) -> None:
    store = open_store(tmp_path / "house.db", create=True)
    store.register([an_account()], NOW)
    life = timedelta(seconds=45)
    store.beat(ME, NOW, life)
    store.claim_due(ME, NOW, 10)
    assert store.claim_due(OTHER, NOW + life - timedelta(seconds=1), 10) == []
    assert store.claim_due(OTHER, NOW + life, 10) == ["acme-x"]
    store.close()
