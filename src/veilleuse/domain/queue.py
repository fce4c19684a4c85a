"""The queue: which approved post speaks next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain.network import with_link
from veilleuse.domain.post import Post
from veilleuse.language import N_

SAME_MOMENT = timedelta(minutes=5)  # our clock and the network's may tell one publication's time so far apart
RELEASED_WAIT = timedelta(hours=24)  # a post released after a doubt waits so long, behind the others
NO_REASON = N_("no reason was given.")  # of a refusal; translated where a candidate is made


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored post and what has happened to it. Times aware UTC."""

    post: Post
    uses: tuple[datetime, ...] = ()  # its receipts, oldest first
    said: frozenset[str] = frozenset()  # the texts of those receipts
    held: bool = False
    refused: str | None = None  # the network's refusal of exactly this content, in a sentence
    vetoed_by: str | None = None  # who does not want exactly this content said
    released_at: datetime | None = None  # a doubt about it was settled as "never appeared"
    released_from: str | None = None  # the cursor where the reads of that doubt began


class Block(StrEnum):
    """Why a post cannot be said at some moment, in words for people; translated where they are shown."""

    DRAFT = N_("waits for approval")
    PUBLISHED = N_("already published")
    USED_UP = N_("used as often as it may be")
    HELD = N_("held: perhaps published; a human must settle it")
    REFUSED = N_("refused by the network")
    VETOED = N_("vetoed: somebody does not want it said")
    EARLY = N_("not yet: it has a date")
    EXPIRED = N_("expired: its last day has passed")
    RELEASED = N_("waits a day after a doubt")
    RESTING = N_("reserve: used too recently")
    REPEATS = N_("reserve: said last, and never said twice in a row")
    WORDLESS = N_("reserve: every wording is said, and X refuses identical texts; write another")


PASSING = frozenset({Block.EARLY, Block.RELEASED, Block.RESTING})  # time alone will lift these


def blocked(candidate: Candidate, at: datetime) -> Block | None:
    """Why it cannot be said at that aware moment; None: it is eligible."""
    post = candidate.post
    if candidate.uses and not post.reserve:
        return Block.PUBLISHED
    if post.reserve and post.max_uses is not None and len(candidate.uses) >= post.max_uses:
        return Block.USED_UP
    if post.not_after is not None and at >= post.not_after:
        return Block.EXPIRED
    if candidate.held:
        return Block.HELD
    if candidate.refused:
        return Block.REFUSED
    if candidate.vetoed_by is not None:
        return Block.VETOED
    if post.approved_by is None:
        return Block.DRAFT
    if post.not_before is not None and at < post.not_before:
        return Block.EARLY
    if candidate.released_at is not None and at < candidate.released_at + RELEASED_WAIT:
        return Block.RELEASED
    if post.reserve and candidate.uses and at < candidate.uses[-1] + post.reserve_gap:
        return Block.RESTING
    return None


def eligible_ever(candidate: Candidate, now: datetime) -> bool:
    """Whether it can be said now or at some later moment, with nobody's help."""
    why = blocked(candidate, now)
    return why is None or why in PASSING


def mute(candidate: Candidate, network: str, last: datetime | None) -> Block | None:
    """Why a post that is eligible has no words to say now. `last` is the account's newest activity, aware UTC.

    A reserve post of one wording is not said right after itself; on X no wording is ever said twice.
    """
    if wording(candidate, network) is None:
        return Block.WORDLESS
    said_last = candidate.uses and last is not None and candidate.uses[-1] >= last - SAME_MOMENT
    if candidate.post.reserve and said_last and len(candidate.post.wordings(network)) == 1:
        return Block.REPEATS
    return None


def speakers(candidates: Iterable[Candidate], network: str, at: datetime, last: datetime | None) -> list[Candidate]:
    """Those who may speak at that moment, the next first. `last` is the account's newest activity, aware UTC."""
    return [candidate for candidate in order(candidates, at) if mute(candidate, network, last) is None]


def wakes(candidate: Candidate) -> datetime | None:
    """When the last block that time alone lifts is over, aware UTC; None: none was there."""
    post = candidate.post
    moments = [post.not_before] if post.not_before else []
    if candidate.released_at is not None:
        moments.append(candidate.released_at + RELEASED_WAIT)
    if post.reserve and candidate.uses:
        moments.append(candidate.uses[-1] + post.reserve_gap)
    return max(moments, default=None)


def order(candidates: Iterable[Candidate], at: datetime) -> list[Candidate]:
    """Those eligible at that moment, the next to speak first.

    Queued before reserve; dated posts inside their time first, the soonest to expire leading; then priority; then the
    order of the files. A released post goes behind all others, the reserve by least recent use.
    """
    return sorted((c for c in candidates if blocked(c, at) is None), key=rank)


def rank(candidate: Candidate) -> tuple[bool, float, bool, bool, float, int, tuple[str, int]]:
    """Its place among those eligible, the smallest first. It does not depend on the moment."""
    post = candidate.post
    last_use = candidate.uses[-1].timestamp() if candidate.uses else 0.0
    return (
        post.reserve,
        last_use if post.reserve else 0.0,
        candidate.released_at is not None,
        not post.dated,
        post.not_after.timestamp() if post.not_after else float("inf"),
        -post.priority,
        post.order,
    )


def wording(candidate: Candidate, network: str) -> tuple[int, str] | None:
    """Which use this would be, and its text: the next wording not yet said.

    A reserve post may say a wording again, except on X, which refuses identical text; there None when all are said.
    """
    texts: Sequence[str] = candidate.post.wordings(network)
    use = len(candidate.uses)
    link = candidate.post.link
    fresh = [text for text in texts if not {text, with_link(text, link)} & candidate.said]  # receipts may hold the link
    if fresh:
        return use, fresh[0]
    if network == "x" or not candidate.post.reserve:
        return None
    return use, texts[use % len(texts)]
