"""The tables, in the words of the house. What they forbid is design section 6, rule 12.

A change here needs a migration beside the others; a test holds the two equal. Indexes of some rows are declared for
SQLite and hold on Postgres too (see schema.py).
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from veilleuse.adapters.db.types import Duration, Moment, Said, Word
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.alert import Condition, Told
from veilleuse.domain.attempt import Fault, Outcome, Proof
from veilleuse.domain.deed import Act
from veilleuse.domain.letter import LetterKind
from veilleuse.domain.plan import PlanKind
from veilleuse.domain.rule import Approval
from veilleuse.domain.task import TaskKind

REVISION = "0003"  # the newest migration: what this program reads and writes

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})

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
)
Index("accounts_by_next_look", accounts.c.next_look_at)

images = Table(
    "images",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer),
    Column("named", Boolean, nullable=False),
    Column("link", Text),
    Column("image_sha256", Text, ForeignKey("images.sha256")),
    Column("image_type", Text),
    Column("image_size", Integer),
    Column("image_name", Text),
    Column("alt", Text),
    Column("variants", JSON, nullable=False),
    Column("not_before", Moment),
    Column("not_after", Moment),
    Column("priority", Integer, nullable=False),
    Column("reserve", Boolean, nullable=False),
    Column("reserve_gap", Duration, nullable=False),
    Column("max_uses", Integer),
    Column("approved_by", Text),
    Column("order_file", Text, nullable=False),
    Column("order_position", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # what was approved
    Column("row_digest", Text, nullable=False),  # every field
    Column("missing_since", Moment),
    Column("withdrawn_at", Moment),
    Column("content_warning", Text),
)

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

content_files = Table(
    "content_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("verdicts", JSON, nullable=False),
    Column("accounts", JSON, nullable=False),
)

activities = Table(
    "activities",
    metadata,
    Column("account", Text, primary_key=True),
    Column("remote_id", Text, primary_key=True),
    Column("at", Moment, nullable=False),  # min(created_at, first seen): a date of 2099 silences nothing
    Column("created_at", Moment, nullable=False),  # as the network says
    Column("first_seen_at", Moment, nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("author", Word(Author), nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text),
)
Index("activities_newest", activities.c.account, activities.c.first_seen_at, activities.c.at)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.name"), nullable=False),
    Column("post_id", Text, nullable=False),
    Column("use", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text),
    Column("image_sha256", Text, ForeignKey("images.sha256")),
    Column("image_type", Text),
    Column("image_size", Integer),
    Column("image_name", Text),
    Column("alt", Text),
    Column("key", Text, nullable=False),
    Column("baseline", JSON, nullable=False),
    Column("cursor", Text),
    Column("created_at", Moment, nullable=False),
    Column("send_before", Moment, nullable=False),
    Column("prepared", JSON, nullable=False),
    Column("outcome", Word(Outcome), nullable=False),
    Column("fault", Word(Fault)),
    Column("closed_at", Moment),
    Column("detail", Said, nullable=False),
    Column("empty_reads", Integer, nullable=False),
    Column("content_warning", Text),
)
Index("attempts_by_account", attempts.c.account, attempts.c.created_at)
_undecided = attempts.c.outcome.in_([Outcome.OPEN, Outcome.UNKNOWN])
_doubtful = attempts.c.outcome.in_([Outcome.OPEN, Outcome.UNKNOWN, Outcome.HELD])
Index(
    "one_attempt_per_account",
    attempts.c.account,
    unique=True,
    sqlite_where=_undecided,
)
Index(
    "one_doubt_per_use",
    attempts.c.account,
    attempts.c.post_id,
    attempts.c.use,
    unique=True,
    sqlite_where=_doubtful,
)

# A receipt is a fact, even if a restored backup knows nothing of its attempt or account: no foreign keys.
receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("remote_id", Text, nullable=False),
    Column("post_id", Text, nullable=False),
    Column("use", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text),
    Column("image_sha256", Text),
    Column("approved_by", Text, nullable=False),
    Column("url", Text),
    Column("at", Moment, nullable=False),
    Column("proof", Word(Proof), nullable=False),
    Column("attempt_id", Text),
)
Index("receipts_by_account", receipts.c.account, receipts.c.at)
Index("one_receipt_per_remote_id", receipts.c.network, receipts.c.identity, receipts.c.remote_id, unique=True)
Index(
    "one_publication_per_use",
    receipts.c.network,
    receipts.c.identity,
    receipts.c.post_id,
    receipts.c.use,
    unique=True,
)
Index("one_receipt_per_attempt", receipts.c.attempt_id, unique=True)

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

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("condition", Word(Condition), nullable=False),
    Column("account", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Said, nullable=False),
    Column("remedy", Said, nullable=False),
    Column("person", Text, nullable=False),
    Column("strikes", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("absent_since", Moment),
    Column("acked_at", Moment),
    Column("acked_by", Text),
    Column("resolved_at", Moment),
    Column("repeats", Integer, nullable=False, server_default="0"),
    Column("escalated_at", Moment),
)
Index(
    "one_open_alert",
    alerts.c.condition,
    alerts.c.account,
    alerts.c.subject,
    unique=True,
    sqlite_where=alerts.c.resolved_at.is_(None),
)
Index("alerts_by_account", alerts.c.account)
Index("alerts_by_resolution", alerts.c.resolved_at)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", Integer, ForeignKey("alerts.id"), nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", Integer, nullable=False),
    Column("what", Word(Told), nullable=False),
    Column("condition", Word(Condition), nullable=False),
    Column("account", Text, nullable=False),
    Column("text", Said, nullable=False),
    Column("remedy", Said, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Moment),  # null: delivered
)
Index("notifications_due", notifications.c.next_try_at)

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
    Column("detail", Text, nullable=False),
)
Index("audit_by_time", audit.c.at)

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

# Messages that are no alerts: each is written once, whoever asks for it and how often.
letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Word(LetterKind), nullable=False),
    Column("about", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Moment),  # null: delivered
)
Index(
    "one_letter",
    letters.c.kind,
    letters.c.person,
    letters.c.about,
    letters.c.channel,
    unique=True,
)
Index("letters_due", letters.c.next_try_at)

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

daemons = Table(
    "daemons",
    metadata,
    Column("name", Text, primary_key=True),
    Column("alive_until", Moment, nullable=False),
)

# Alembic's own, under our name so that another program's may stand in the same Postgres database.
VERSION_TABLE = "veilleuse_version"
version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
