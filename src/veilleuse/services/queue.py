"""The queue as people see it: what speaks next, what waits, and why."""

from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec, with_link
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Block, Candidate, blocked, mute, speakers, wording
from veilleuse.language import _
from veilleuse.ports import LookStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One wording as the network will hold it; `length` as the network counts it."""

    text: str
    length: int
    said: bool
    next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One post. `place` counts from 1 among those eligible now; None: it waits, `why` says for what."""

    post: Post
    place: int | None
    why: str
    text: str  # as the network will hold it
    length: int  # as the network counts it
    limit: int
    uses: int  # how often it was said
    wordings: tuple[Wording, ...]  # all it may be said in on this network, in order
    block: Block | None = None  # what it waits for


def queue(account: Account, spec: NetworkSpec, store: LookStore, now: datetime) -> list[QueueRow]:
    """Every post standing in the account's files: the eligible in the order they speak, then the others by file."""
    candidates, last = store.candidates(account.name), store.state(account.name).last_activity
    eligible = speakers(candidates, spec.name, now, last)
    waiting = ((c, blocked(c, now) or mute(c, spec.name, last)) for c in sorted(candidates, key=lambda c: c.post.order))
    return [
        *(_row(c, spec, place, _place(place, c)) for place, c in enumerate(eligible, start=1)),
        *(_row(c, spec, None, _why(c, block), block) for c, block in waiting if block is not None),
    ]


def wordings(candidate: Candidate, spec: NetworkSpec) -> tuple[Wording, ...]:
    """Each wording of a post, which of them are said, and which is next."""
    post, following = candidate.post, wording(candidate, spec.name)
    comes = following[1] if following and (post.reserve or not candidate.uses) else None
    found = []
    for each in post.wordings(spec.name):
        text = spec.compose(each, post.link)
        said = bool({each, with_link(each, post.link)} & candidate.said)
        found.append(Wording(text=text, length=spec.length(text, post.content_warning), said=said, next=each == comes))
    return tuple(found)


def fresh(post: Post, spec: NetworkSpec) -> QueueRow:
    """A post that has never stood in the queue, as it would be said."""
    return _row(Candidate(post=post), spec, None, "")


def _row(candidate: Candidate, spec: NetworkSpec, place: int | None, why: str, block: Block | None = None) -> QueueRow:
    known = wordings(candidate, spec)
    shown = next((each for each in known if each.next), known[0])
    return QueueRow(
        post=candidate.post,
        place=place,
        why=why,
        text=shown.text,
        length=shown.length,
        limit=spec.limit,
        uses=len(candidate.uses),
        wordings=known,
        block=block,
    )


def _place(place: int, candidate: Candidate) -> str:
    if candidate.post.reserve:
        return _("reserve: speaks only when the queue is empty")
    return _("speaks next") if place == 1 else _("in the queue")


def _why(candidate: Candidate, block: Block) -> str:
    detail = f" ({candidate.refused})" if candidate.refused and not candidate.uses else ""
    if block is Block.VETOED:
        detail = f" ({candidate.vetoed_by})"
    return f"{_(block.value)}{detail}"
