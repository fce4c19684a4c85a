"""What people decided: approvals, vetoes, freezes, and the trail of what they did."""

from sqlalchemy import JSON, Column, Index, Integer, Table, Text

from veilleuse.adapters.db.tables.base import metadata
from veilleuse.adapters.db.types import Moment, Said, Word
from veilleuse.domain.deed import Act
from veilleuse.domain.rule import Approval

# Kept for ever: no foreign keys. By account and mode first: a look reads the signatures, and not every name in a file.
approvals = Table(
    "approvals",
    metadata,
    Column("account", Text, primary_key=True),
    Column("mode", Word(Approval), primary_key=True),
    Column("post_id", Text, primary_key=True),
    Column("digest", Text, primary_key=True),  # of what was approved: any change voids it
    Column("approver", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

# Whose yes counts for each account, as the daemon that registered it last was configured.
approval_policies = Table(
    "approval_policies",
    metadata,
    Column("account", Text, primary_key=True),
    Column("mode", Word(Approval), nullable=False),
    Column("approvers", JSON, nullable=False),
)

vetoes = Table(
    "vetoes",
    metadata,
    Column("account", Text, primary_key=True),
    Column("post_id", Text, primary_key=True),
    Column("digest", Text, primary_key=True),  # a changed text is judged anew
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)

freezes = Table(
    "freezes",
    metadata,
    Column("account", Text, primary_key=True),  # "" for all
    Column("network", Text, primary_key=True),  # "" for all
    Column("origin", Text, primary_key=True),
    Column("frozen_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
)

# What people did: kept for ever, so no foreign keys.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Word(Act), nullable=False),
    Column("account", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Said, nullable=False),
)
Index("audit_by_time", audit.c.at)
