"""The runway: until when the queue, then the reserve, keeps the account alive, if nobody posts by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from veilleuse.domain.queue import Candidate, eligible_ever, order, wording
from veilleuse.domain.rule import Rule, due

HORIZON = timedelta(days=400)
CONSIDERED = 120  # posts a simulated year can use at most; those behind cannot change the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Runway:
    """Aware UTC. None: the account's silence is unknown, or already past its limit with nothing to say."""

    queue_until: datetime | None  # the limit of the last silence the queue can end
    until: datetime | None  # the same with the reserve
    queued: int  # approved posts that are eligible, now or later


def runway(
    rule: Rule, account: str, network: str, candidates: Sequence[Candidate], last: datetime | None, now: datetime
) -> Runway:
    """Play the rule forward, one post at a time, over at most 400 days."""
    pool = _shortlist(candidates, now)
    queued = sum(1 for c in candidates if not c.post.reserve and eligible_ever(c, now))
    queue_until: datetime | None = None
    on_reserve = False
    clock = now
    while clock < now + HORIZON:
        next_due = due(rule, account, last, clock)
        if next_due.at is None:
            break
        at = max(next_due.at, clock)
        speaker = next((c for c in order(pool, at) if wording(c, network)), None)
        if speaker is None:
            break
        if speaker.post.reserve and not on_reserve:
            queue_until, on_reserve = _limit(rule, last), True
        text = wording(speaker, network)
        assert text is not None
        pool.remove(speaker)
        pool.append(replace(speaker, uses=(*speaker.uses, at), said=speaker.said | {text[1]}))
        last = clock = at
    until = _limit(rule, last)
    return Runway(queue_until=queue_until if on_reserve else until, until=until, queued=queued)


def _limit(rule: Rule, last: datetime | None) -> datetime | None:
    return None if last is None else last + rule.max_silence


def _shortlist(candidates: Sequence[Candidate], now: datetime) -> list[Candidate]:
    """Dated posts, the reserve, and as many undated ones as a year can use: a queue of 100,000 costs no more."""
    plain: list[Candidate] = []
    special: list[Candidate] = []
    for candidate in candidates:
        if eligible_ever(candidate, now):
            post = candidate.post
            (special if post.dated or post.reserve or candidate.released_at else plain).append(candidate)
    return [*order(plain, now)[:CONSIDERED], *special]
