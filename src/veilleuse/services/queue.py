"""The queue as people see it: what speaks next, what waits, and why."""

from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Candidate, blocked, order, wording
from veilleuse.ports import LookStore


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One post. `place` counts from 1 among those eligible now; None: it waits, `why` says for what."""

    post: Post
    place: int | None
    why: str
    text: str  # as the network will hold it
    length: int  # as the network counts it
    limit: int


def queue(account: Account, spec: NetworkSpec, store: LookStore, now: datetime) -> list[QueueRow]:
    """Every post standing in the account's files: the eligible in the order they speak, then the others by file."""
    candidates = store.candidates(account.name)
    eligible = order(candidates, now)
    waiting = sorted((c for c in candidates if blocked(c, now)), key=lambda c: c.post.order)
    return [
        *(_row(c, spec, place, _place(place, c)) for place, c in enumerate(eligible, start=1)),
        *(_row(c, spec, None, _why(c, now)) for c in waiting),
    ]


def _row(candidate: Candidate, spec: NetworkSpec, place: int | None, why: str) -> QueueRow:
    worded = wording(candidate, spec.name)
    text = spec.compose(worded[1] if worded else candidate.post.text, candidate.post.link)
    return QueueRow(post=candidate.post, place=place, why=why, text=text, length=spec.measure(text), limit=spec.limit)


def _place(place: int, candidate: Candidate) -> str:
    if candidate.post.reserve:
        return "reserve: speaks only when the queue is empty"
    return "speaks next" if place == 1 else "in the queue"


def _why(candidate: Candidate, now: datetime) -> str:
    block = blocked(candidate, now)
    assert block is not None
    detail = f" ({candidate.refused})" if candidate.refused and not candidate.uses else ""
    return f"{block}{detail}"
