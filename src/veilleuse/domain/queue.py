"""The queue: which approved post speaks next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain.post import Post

RELEASED_WAIT = timedelta(hours=24)  # a post released after a doubt waits so long, behind the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored post and what has happened to it. Times aware UTC."""

    post: Post
    uses: tuple[datetime, ...] = ()  # its receipts, oldest first
    said: frozenset[str] = frozenset()  # the texts of those receipts
    held: bool = False
    refused: str | None = None  # the network's refusal of exactly this content, in a sentence
    released_at: datetime | None = None  # a doubt about it was settled as "never appeared"


def spoken_for(candidate: Candidate) -> bool:
    """Whether it has been said as often as it may be."""
    if not candidate.post.reserve:
        return bool(candidate.uses)
    limit = candidate.post.max_uses
    return limit is not None and len(candidate.uses) >= limit


def blocked_because(candidate: Candidate, at: datetime) -> str | None:
    """Why it cannot be said at that aware moment, in words for people; None: it is eligible."""
    post = candidate.post
    if post.approved_by is None:
        return "waits for approval"
    if spoken_for(candidate):
        return "already published" if not post.reserve else "used as often as it may be"
    if candidate.held:
        return "held: perhaps published; a human must settle it"
    if candidate.refused:
        return f"refused: {candidate.refused}"
    if post.not_before is not None and at < post.not_before:
        return f"not before {post.not_before:%Y-%m-%d}"
    if post.not_after is not None and at >= post.not_after:
        return "expired"
    if candidate.released_at is not None and at < candidate.released_at + RELEASED_WAIT:
        return "waits a day after a doubt"
    if post.reserve and candidate.uses and at < candidate.uses[-1] + post.reserve_gap:
        return "reserve: used too recently"
    return None


def order(candidates: Iterable[Candidate], at: datetime) -> list[Candidate]:
    """Those eligible at that moment, the next to speak first.

    Queued before reserve; dated posts inside their time first, the soonest to expire leading; then priority; then the
    order of the files. A released post goes behind all others, the reserve by least recent use.
    """
    eligible = [c for c in candidates if blocked_because(c, at) is None]

    def rank(candidate: Candidate) -> tuple[object, ...]:
        post = candidate.post
        dated = post.not_before is not None or post.not_after is not None
        last_use = candidate.uses[-1].timestamp() if candidate.uses else 0.0
        return (
            post.reserve,
            last_use if post.reserve else 0.0,
            candidate.released_at is not None,
            not dated,
            post.not_after.timestamp() if post.not_after else float("inf"),
            -post.priority,
            post.order,
        )

    return sorted(eligible, key=rank)


def wording(candidate: Candidate, network: str) -> tuple[int, str] | None:
    """Which use this would be, and its text: the next wording not yet said.

    A reserve post may say a wording again, except on X, which refuses identical text; there None when all are said.
    """
    texts: Sequence[str] = candidate.post.wordings(network)
    use = len(candidate.uses)
    fresh = [text for text in texts if text not in candidate.said]
    if fresh:
        return use, fresh[0]
    if network == "x" or not candidate.post.reserve:
        return None
    return use, texts[use % len(texts)]
