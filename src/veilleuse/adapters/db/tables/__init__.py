"""The tables, in the words of the house. What they forbid is design section 6, rule 12.

A change here needs a migration beside the others; a test holds the two equal. Indexes of some rows are declared for
SQLite and hold on Postgres too (see schema.py).
"""

from veilleuse.adapters.db.tables.account import accounts, charges, examinations, plans, tasks
from veilleuse.adapters.db.tables.base import REVISION, metadata
from veilleuse.adapters.db.tables.daemon import VERSION_TABLE, daemons, version
from veilleuse.adapters.db.tables.messages import alerts, letters, notifications
from veilleuse.adapters.db.tables.people import approval_policies, approvals, audit, freezes, vetoes
from veilleuse.adapters.db.tables.post import content_files, images, posts
from veilleuse.adapters.db.tables.publishing import activities, attempts, receipts

__all__ = [
    "REVISION",
    "VERSION_TABLE",
    "accounts",
    "activities",
    "alerts",
    "approval_policies",
    "approvals",
    "attempts",
    "audit",
    "charges",
    "content_files",
    "daemons",
    "examinations",
    "freezes",
    "images",
    "letters",
    "metadata",
    "notifications",
    "plans",
    "posts",
    "receipts",
    "tasks",
    "version",
    "vetoes",
]
