"""How long a text is where neither letters nor X's weights count: Mastodon and Bluesky."""

from math import ceil

import regex

MASTODON_LINK = 23  # `characters_reserved_per_url` of /api/v2/instance, the same on every server that did not change it
BLUESKY_GRAPHEMES, BLUESKY_BYTES = 300, 3000  # lexicon app.bsky.feed.post: maxGraphemes, maxLength

_GRAPHEME = regex.compile(r"\X")
# Mastodon shortens what its text says with a scheme only, and shows a remote mention without its domain.
_LINK = regex.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?…»'’)\]]", regex.IGNORECASE)
_REMOTE_MENTION = regex.compile(
    r"(?<![/\p{L}\p{N}_])@([a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[\p{L}\p{N}.-]+[\p{L}\p{N}]", regex.IGNORECASE
)


def graphemes(text: str) -> int:
    """What a reader sees as characters: an emoji of several parts is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def measure_mastodon(text: str) -> int:
    """As Mastodon counts: graphemes; a link 23; `@user@server` only `@user`. The limit is each server's."""
    plain = _LINK.sub("x" * MASTODON_LINK, text)
    return graphemes(_REMOTE_MENTION.sub(r"@\1", plain))


def measure_bluesky(text: str) -> int:
    """Graphemes, or a tenth of the UTF-8 bytes where that is more: within 300, both of Bluesky's limits are kept."""
    per_grapheme = BLUESKY_BYTES // BLUESKY_GRAPHEMES
    return max(graphemes(text), ceil(len(text.encode()) / per_grapheme))
