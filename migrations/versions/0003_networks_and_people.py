"""What the other networks, the money they cost, the people and their pages need."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Each part below stands alone."""
    _what_people_did()
    _care_of_accounts()
    _alerts_that_insist()
    _vetoes_and_letters()
    _content_warnings()
    _plans()
    _presences_proven_anew()


def _what_people_did() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("audit_by_time", "audit", ["at"])


def _care_of_accounts() -> None:
    op.add_column("accounts", sa.Column("barred", sa.Text()))
    op.create_table(
        "charges",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "day", "item", name="pk_charges"),
    )
    op.create_table(
        "examinations",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT),
        sa.Column("remote_id", sa.Text()),
        sa.Column("handle", sa.Text()),
        sa.Column("may_post", sa.Boolean()),
        sa.Column("expires_at", MOMENT),
        sa.Column("limits", sa.JSON()),
        sa.Column("warnings", sa.JSON()),
        sa.Column("visible", sa.Boolean()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_examinations"),
    )
    op.create_table(
        "tasks",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("done_by", sa.Text()),
        sa.PrimaryKeyConstraint("account", "kind", name="pk_tasks"),
    )


def _alerts_that_insist() -> None:
    op.add_column("alerts", sa.Column("repeats", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alerts", sa.Column("escalated_at", MOMENT))


def _content_warnings() -> None:
    op.add_column("posts", sa.Column("content_warning", sa.Text()))
    op.add_column("attempts", sa.Column("content_warning", sa.Text()))


def _vetoes_and_letters() -> None:
    op.create_table(
        "vetoes",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "post_id", "digest", name="pk_vetoes"),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
    )
    op.create_index("one_letter", "letters", ["kind", "person", "about", "channel"], unique=True)
    op.create_index("letters_due", "letters", ["next_try_at"])


def _plans() -> None:
    op.add_column("accounts", sa.Column("awake_at", MOMENT))
    op.create_table(
        "plans",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("follow", sa.Text(), nullable=False),
        sa.Column("says", sa.Text()),
        sa.Column("stays", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("over_at", MOMENT),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_plans"),
    )


def _presences_proven_anew() -> None:
    op.add_column("accounts", sa.Column("former_id", sa.Text()))
    op.create_index("accounts_by_remote_id", "accounts", ["remote_id"])
