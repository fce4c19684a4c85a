"""Ids that grow with time, as X and Mastodon make them (other Mastodon-like servers use letters: the order holds)."""

from datetime import UTC, datetime, timedelta

_MILLISECOND = timedelta(milliseconds=1)
_X_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def id_order(post_id: str) -> tuple[int, str]:
    """Sort by this: newest last."""
    return len(post_id), post_id


def x_id(at: datetime) -> str:
    """The first id that X may give at that aware moment: milliseconds, then 22 bits of machine and sequence."""
    return str((at - _X_EPOCH) // _MILLISECOND << 22)


def mastodon_id(at: datetime) -> str:
    """The same of Mastodon (lib/mastodon/snowflake.rb): milliseconds since 1970, then 16 bits."""
    return str((at - _EPOCH) // _MILLISECOND << 16)
