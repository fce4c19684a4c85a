"""Publishing: what each timeline has shown, every try to publish, every proof of it."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text

from veilleuse.adapters.db.tables.base import metadata
from veilleuse.adapters.db.types import Moment, Said, Word
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.attempt import Fault, Outcome, Proof

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
