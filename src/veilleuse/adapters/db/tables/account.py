"""Accounts: what is known of each, its plan, its bill, its examination, what a person must do for it."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, Table, Text

from veilleuse.adapters.db.tables.base import metadata
from veilleuse.adapters.db.types import Duration, Moment, Said, Word
from veilleuse.domain.activity import Author
from veilleuse.domain.plan import PlanKind
from veilleuse.domain.task import TaskKind

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("network", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("setup", Text, nullable=False),  # digest of the whole configuration: a change is looked at now
    Column("enabled", Boolean, nullable=False),  # still configured
    Column("remote_id", Text),
    Column("seen_at", Moment),
    Column("seen_by", Word(Author)),
    Column("spoke_at", Moment),
    Column("read_at", Moment),
    Column("cursor", Text),
    Column("gap_at", Moment),  # a read did not reach back to what is known, and nobody has answered for it yet
    Column("failures", Integer, nullable=False),
    Column("stopped", Said),
    Column("next_look_at", Moment),  # null: never again
    Column("speaks_at", Moment),
    Column("reason", Said, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_at", Moment),
    Column("rung_at", Moment),  # somebody rang while the look was under way
    Column("attempted_at", Moment),
    Column("barred", Text),  # why no call is made until an examination is passed
    Column("awake_at", Moment),  # its hibernation ended: its silence counts from here
    Column("former_id", Text),  # its remote id until its configuration changed: whose activity this is
)
Index("accounts_by_next_look", accounts.c.next_look_at)
Index("accounts_by_remote_id", accounts.c.remote_id)

# The newest plan of each account: how it hibernates, wakes, or is closed.
plans = Table(
    "plans",
    metadata,
    Column("account", Text, primary_key=True),
    Column("kind", Word(PlanKind), nullable=False),
    Column("by", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("steps", JSON, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("until", Moment),
    Column("follow", Text, nullable=False),
    Column("says", Text),  # the post that is said: while the plan is not over, nothing else may be
    Column("stays", Duration, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("over_at", Moment),
    Column("cancelled", Boolean, nullable=False),
    Column("network", Text, nullable=False),
    Column("remote_id", Text),  # of a closed account: it is closed under any name
    Column("version", Integer, nullable=False),
)

# What networks billed, by UTC day.
charges = Table(
    "charges",
    metadata,
    Column("account", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

examinations = Table(
    "examinations",
    metadata,
    Column("account", Text, primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("at", Moment),  # of the last answer; null: none yet
    Column("remote_id", Text),
    Column("handle", Text),
    Column("may_post", Boolean),
    Column("expires_at", Moment),
    Column("limits", JSON),
    Column("warnings", JSON),
    Column("visible", Boolean),
    Column("failures", Integer, nullable=False),
    Column("trouble", Said),
    Column("refused", Boolean, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("account", Text, primary_key=True),
    Column("kind", Word(TaskKind), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_by", Text),
)
