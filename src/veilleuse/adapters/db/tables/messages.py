"""Alerts, the messages about them, and letters."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from veilleuse.adapters.db.tables.base import metadata
from veilleuse.adapters.db.types import Moment, Said, Word
from veilleuse.domain.alert import Condition, Told
from veilleuse.domain.letter import LetterKind

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
