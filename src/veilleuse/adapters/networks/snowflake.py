"""Ids that grow with time, as X and Mastodon make them (other Mastodon-like servers use letters: the order holds)."""


def id_order(post_id: str) -> tuple[int, str]:
    """Sort by this: newest last."""
    return len(post_id), post_id
