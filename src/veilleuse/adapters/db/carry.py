"""What is certain of the time since a backup: facts of the replaced database into the restored one."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, or_, select

from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import SqlStore
from veilleuse.adapters.db.tables import accounts, attempts, images
from veilleuse.domain.attempt import UNSETTLED, Fault, Outcome
from veilleuse.domain.rule import Approval
from veilleuse.ports import PostChanged

EVERYTHING = 1_000_000_000  # rows: receipts and approvals are kept for ever, and all of them count here

DOUBTS = UNSETTLED | {Outcome.HELD}
# Of all attempts, only these say something about their post.
TELLING = or_(attempts.c.outcome.in_(DOUBTS), attempts.c.fault.in_([Fault.CONTENT, Fault.ABSENT]))
BUSY = select(attempts.c.id).where(attempts.c.account == bindparam("of_account"), attempts.c.outcome.in_(UNSETTLED))


def publications(replaced: SqlStore, store: SqlStore) -> int:
    """How many were new to it."""
    known = {(receipt.network, receipt.identity, receipt.remote_id) for receipt in store.receipts(limit=EVERYTHING)}
    receipts = [
        receipt
        for receipt in replaced.receipts(limit=EVERYTHING)
        if (receipt.network, receipt.identity, receipt.remote_id) not in known
    ]
    for receipt in reversed(receipts):
        store.record_receipt(receipt)
    return len(receipts)


def doubts(replaced: Path, restored: Path) -> int:
    """What may be live, was refused or has been released, in either of them, as the replaced one knows it.

    A doubt that is forgotten is said again, wherever its text cannot be recognised. After the publications.
    """
    old, new = Database(replaced), Database(restored)
    try:
        with old.read() as reading, new.write() as writing:
            return _doubts(reading, writing, new)
    finally:
        old.close()
        new.close()


def _doubts(old: Connection, new: Connection, db: Database) -> int:
    known = {row.id: row for row in new.execute(select(attempts).where(TELLING))}
    open_here = [row.id for row in known.values() if row.outcome in DOUBTS]
    told = old.execute(select(attempts).where(or_(TELLING, attempts.c.id.in_(open_here)))).all()
    rows = [row for row in told if row.id not in known or row.outcome != known[row.id].outcome]
    if rows:
        new.execute(delete(attempts).where(attempts.c.id == bindparam("of_id")), [{"of_id": row.id} for row in rows])
    for row in rows:
        _bring(old, new, db, row)
        # Of a past that is not this one's an account may have a doubt already: the other then blocks its post alone.
        busy = row.outcome in UNSETTLED and new.execute(BUSY, {"of_account": row.account}).first() is not None
        brought = {**row._mapping, "outcome": Outcome.HELD if busy else row.outcome}
        new.execute(db.insert(attempts).values(brought).on_conflict_do_nothing())
    return len(rows)


def _bring(old: Connection, new: Connection, db: Database, attempt: Row[Any]) -> None:
    """The account and the image of an attempt, if it does not know them; nobody has claimed anything there."""
    for table, key, wanted in (
        (accounts, accounts.c.name, attempt.account),
        (images, images.c.sha256, attempt.image_sha256),
    ):
        for row in old.execute(select(table).where(key == wanted)):
            nobodys = {"claimed_by": None, "claimed_at": None} if table is accounts else {}
            new.execute(db.insert(table).values({**row._mapping, **nobodys}).on_conflict_do_nothing())


def signatures(replaced: SqlStore, store: SqlStore) -> int:
    """Those for posts that the backup knows in the same words; others are signed anew."""
    known = set(store.approvals(limit=EVERYTHING))
    carried = 0
    for record in replaced.approvals(limit=EVERYTHING):
        if record.mode is Approval.SIGNED and record not in known:
            with suppress(PostChanged):
                store.sign(record)
                carried += 1
    return carried


def plans(replaced: SqlStore, store: SqlStore) -> int:
    """What became of an account since: above all that it is closed."""
    known = {plan.account: plan for plan in store.plans()}
    newer = [plan for plan in replaced.plans() if plan != known.get(plan.account)]
    return sum(store.keep_plan(plan, known.get(plan.account)) for plan in newer)


def vetoes(replaced: SqlStore, store: SqlStore) -> int:
    """All of them: a content that is new to the backup comes back from its file, vetoed as it was."""
    known = set(store.vetoes())
    newer = [veto for veto in replaced.vetoes() if veto not in known]
    store.keep_vetoes(newer)
    return len(newer)
