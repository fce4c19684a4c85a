"""The line-up: who speaks at one moment after the other, without sorting a hundred thousand posts each time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from heapq import heapify, heappop, heappush, nsmallest

from veilleuse.domain.queue import Candidate, blocked, eligible_ever, mute, rank, wakes, wording

_ALWAYS = datetime.min.replace(tzinfo=UTC)


class LineUp:
    """The order of `queue.order` at moments that never go back; each post leaves when it is said or has expired."""

    def __init__(self, candidates: Sequence[Candidate], network: str, now: datetime, *, most: int) -> None:
        """`most`: how many posts will be said at most; undated ones behind as many others are left out."""
        self._network = network
        plain: list[tuple[int, Candidate]] = []
        special: list[tuple[int, Candidate]] = []
        for n, candidate in enumerate(candidates):
            if eligible_ever(candidate, now):
                post = candidate.post
                (special if post.dated or post.reserve or candidate.released_at else plain).append((n, candidate))
        first = nsmallest(most, plain, key=lambda entry: (-entry[1].post.priority, entry[1].post.order))
        waiting = [(wakes(c) or _ALWAYS, n, c) for n, c in (*special, *first)]
        self._asleep = [entry for entry in waiting if entry[0] > now]
        self._awake = [(rank(c), n, c) for wake, n, c in waiting if wake <= now]
        heapify(self._asleep)
        heapify(self._awake)

    @property
    def wakes(self) -> datetime | None:
        """When the next post can be said that now cannot, aware UTC."""
        return self._asleep[0][0] if self._asleep else None

    def next(self, at: datetime, last: datetime | None) -> tuple[Candidate, tuple[int, str]] | None:
        """Who speaks at that aware moment, which use it is and in which words. `last`: the newest activity."""
        while self._asleep and self._asleep[0][0] <= at:
            _, n, candidate = heappop(self._asleep)
            heappush(self._awake, (rank(candidate), n, candidate))
        while self._awake:
            candidate = self._awake[0][2]
            worded = wording(candidate, self._network)
            if worded is not None and blocked(candidate, at) is None:
                # The reserve said last ranks behind all others: if it may not repeat itself, nobody is left.
                return None if mute(candidate, self._network, last) else (candidate, worded)
            heappop(self._awake)
        return None

    def said(self, text: str, at: datetime) -> None:
        """Whom `next` named has said so."""
        _, n, candidate = heappop(self._awake)
        after = replace(candidate, uses=(*candidate.uses, at), said=candidate.said | {text})
        if eligible_ever(after, at):
            heappush(self._asleep, (wakes(after) or _ALWAYS, n, after))
