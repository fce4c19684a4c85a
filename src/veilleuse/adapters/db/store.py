"""The store: every part of it, on one database."""

from pathlib import Path

from veilleuse.adapters.db import schema
from veilleuse.adapters.db.accounts import SqlAccounts
from veilleuse.adapters.db.activities import SqlActivities
from veilleuse.adapters.db.alerts import SqlAlerts
from veilleuse.adapters.db.approvals import SqlApprovals
from veilleuse.adapters.db.archive import SqlArchive
from veilleuse.adapters.db.attempts import SqlAttempts
from veilleuse.adapters.db.audit import SqlAudit
from veilleuse.adapters.db.care import SqlCare
from veilleuse.adapters.db.claims import SqlClaims
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.freezes import SqlFreezes
from veilleuse.adapters.db.letters import SqlLetters
from veilleuse.adapters.db.plans import SqlPlans
from veilleuse.adapters.db.posts import SqlPosts
from veilleuse.adapters.db.queue import SqlQueue
from veilleuse.adapters.db.receipts import SqlReceipts
from veilleuse.adapters.db.rewind import SqlRewind
from veilleuse.adapters.db.vetoes import SqlVetoes


class SqlStore(
    SqlPosts,
    SqlApprovals,
    SqlFreezes,
    SqlAccounts,
    SqlClaims,
    SqlActivities,
    SqlQueue,
    SqlAttempts,
    SqlReceipts,
    SqlAlerts,
    SqlAudit,
    SqlCare,
    SqlVetoes,
    SqlLetters,
    SqlPlans,
    SqlRewind,
    SqlArchive,
):
    """Fulfils ports.Store. Every method is one transaction, and any of them may raise StoreUnavailable."""

    def close(self) -> None:
        self._db.close()


def open_store(database: str | Path, *, create: bool = False) -> SqlStore:
    """The store at a file's path or a `postgresql://` address.

    With `create`, a new one is made where there is none. Raises DatabaseMissing, SchemaOlder, SchemaNewer,
    StoreUnfit (an address nobody understands, a driver not installed), StoreUnavailable.
    """
    db = Database(database)
    try:
        if create and schema.stored_schema(db) is None:
            schema.create(db)
        schema.require(db)
    except BaseException:
        db.close()
        raise
    return SqlStore(db)
