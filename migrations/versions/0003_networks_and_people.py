"""What the other networks, the money they cost, the people and their pages need."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Each part below stands alone."""
