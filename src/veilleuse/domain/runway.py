"""The runway: until when the queue, then the reserve, keeps the account alive, if nobody posts by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain.forecast import play
from veilleuse.domain.queue import Candidate, eligible_ever
from veilleuse.domain.rule import Rule

HORIZON = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runway:
    """Aware UTC. None: the account's silence is unknown, or already past its limit with nothing to say."""

    queue_until: datetime | None  # the limit of the last silence the queue can end
    until: datetime | None  # the same with the reserve
    queued: int  # approved posts that are eligible, now or later


def runway(
    rule: Rule, account: str, network: str, candidates: Sequence[Candidate], last: datetime | None, now: datetime
) -> Runway:
    """The forecast up to the first turn without a post, over at most 400 days."""
    until = queue_until = None if last is None else last + rule.max_silence
    on_reserve = False
    for turn in play(rule, account, network, candidates, last=last, spoke=None, now=now, end=now + HORIZON):
        if turn.post is None:
            break
        on_reserve = on_reserve or turn.reserve
        until = turn.at + rule.max_silence
        queue_until = queue_until if on_reserve else until
    queued = sum(1 for c in candidates if not c.post.reserve and eligible_ever(c, now))
    return Runway(queue_until=queue_until, until=until, queued=queued)
