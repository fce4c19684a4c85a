"""Who approved which content, by which mode, kept for ever; and whose yes counts for each account."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
NOW = {"sqlite": "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')", "postgresql": "now()"}

COLUMNS = ("account", "mode", "post_id", "digest", "approver", "at")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "mode", "post_id", "digest", "approver", name="pk_approvals"),
    )
    op.create_table(
        "approval_policies",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("approvers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_approval_policies"),
    )
    # The names that stand in files already: first seen, as far as anybody can say, at this upgrade.
    posts = sa.table("posts", *map(sa.column, ("account", "id", "digest", "approved_by")))
    named = sa.select(
        posts.c.account,
        sa.literal("file"),
        posts.c.id,
        posts.c.digest,
        posts.c.approved_by,
        sa.literal_column(NOW[op.get_context().dialect.name]),
    ).where(posts.c.approved_by.is_not(None))
    approvals = sa.table("approvals", *map(sa.column, COLUMNS))
    op.execute(sa.insert(approvals).from_select(COLUMNS, named))
