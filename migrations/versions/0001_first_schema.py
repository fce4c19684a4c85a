"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def only(rows: str) -> dict[str, sa.TextClause]:
    """An index of some rows, on either database."""
    return {"sqlite_where": sa.text(rows), "postgresql_where": sa.text(rows)}


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("setup", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("remote_id", sa.Text()),
        sa.Column("seen_at", MOMENT),
        sa.Column("seen_by", sa.Text()),
        sa.Column("spoke_at", MOMENT),
        sa.Column("read_at", MOMENT),
        sa.Column("cursor", sa.Text()),
        sa.Column("gap_at", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Text()),
        sa.Column("next_look_at", MOMENT),
        sa.Column("speaks_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("claimed_at", MOMENT),
        sa.Column("rung_at", MOMENT),
        sa.Column("attempted_at", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
    )
    op.create_index("accounts_by_next_look", "accounts", ["next_look_at"])
    op.create_table(
        "activities",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.PrimaryKeyConstraint("account", "remote_id", name="pk_activities"),
    )
    op.create_index("activities_newest", "activities", ["account", "first_seen_at", "at"])
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("absent_since", MOMENT),
        sa.Column("acked_at", MOMENT),
        sa.Column("acked_by", sa.Text()),
        sa.Column("resolved_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("alerts_by_account", "alerts", ["account"])
    op.create_index("alerts_by_resolution", "alerts", ["resolved_at"])
    op.create_index(
        "one_open_alert", "alerts", ["condition", "account", "subject"], unique=True, **only("resolved_at IS NULL")
    )
    op.create_table(
        "content_files",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_content_files"),
    )
    op.create_table(
        "daemons",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alive_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_daemons"),
    )
    op.create_table(
        "freezes",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("frozen_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.PrimaryKeyConstraint("account", "network", "origin", name="pk_freezes"),
    )
    op.create_table(
        "images",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_images"),
    )
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("use", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("image_sha256", sa.Text()),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("one_publication_per_use", "receipts", ["network", "identity", "post_id", "use"], unique=True)
    op.create_index("one_receipt_per_attempt", "receipts", ["attempt_id"], unique=True)
    op.create_index("one_receipt_per_remote_id", "receipts", ["network", "identity", "remote_id"], unique=True)
    op.create_index("receipts_by_account", "receipts", ["account", "at"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("use", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("image_sha256", sa.Text()),
        sa.Column("image_type", sa.Text()),
        sa.Column("image_size", sa.Integer()),
        sa.Column("image_name", sa.Text()),
        sa.Column("alt", sa.Text()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("baseline", sa.JSON(), nullable=False),
        sa.Column("cursor", sa.Text()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("send_before", MOMENT, nullable=False),
        sa.Column("prepared", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.Column("closed_at", MOMENT),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("empty_reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name="fk_attempts_account"),
        sa.ForeignKeyConstraint(["image_sha256"], ["images.sha256"], name="fk_attempts_image_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("attempts_by_account", "attempts", ["account", "created_at"])
    op.create_index(
        "one_attempt_per_account", "attempts", ["account"], unique=True, **only("outcome IN ('open', 'unknown')")
    )
    op.create_index(
        "one_doubt_per_use",
        "attempts",
        ["account", "post_id", "use"],
        unique=True,
        **only("outcome IN ('open', 'unknown', 'held')"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_notifications_alert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index("notifications_due", "notifications", ["next_try_at"])
    op.create_table(
        "posts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer()),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("image_sha256", sa.Text()),
        sa.Column("image_type", sa.Text()),
        sa.Column("image_size", sa.Integer()),
        sa.Column("image_name", sa.Text()),
        sa.Column("alt", sa.Text()),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("not_before", MOMENT),
        sa.Column("not_after", MOMENT),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.Column("reserve_gap", sa.BigInteger(), nullable=False),
        sa.Column("max_uses", sa.Integer()),
        sa.Column("approved_by", sa.Text()),
        sa.Column("order_file", sa.Text(), nullable=False),
        sa.Column("order_position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("row_digest", sa.Text(), nullable=False),
        sa.Column("missing_since", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.ForeignKeyConstraint(["image_sha256"], ["images.sha256"], name="fk_posts_image_sha256"),
        sa.PrimaryKeyConstraint("account", "id", name="pk_posts"),
    )
