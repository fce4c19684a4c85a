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
    posts: int = 0  # of those, how many will be said by then: one that expires before its turn is none
    reserves: int = 0  # posts of the reserve that will be said by then
    dry_at: datetime | None = None  # the first turn without a post; None: it lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """What would keep the account alive for longer. Aware UTC."""

    posts: int  # to be written and approved
    by: datetime  # the first turn that lacks one
    until: datetime  # how long the account lives with them
    holidays: bool  # whether public holidays or quiet days lie on the way


def runway(
    rule: Rule, account: str, network: str, candidates: Sequence[Candidate], last: datetime | None, now: datetime
) -> Runway:
    """The forecast up to the first turn without a post, over at most 400 days."""
    until = queue_until = None if last is None else last + rule.max_silence
    posts = reserves = 0
    dry_at = None
    for turn in play(rule, account, network, candidates, last=last, spoke=None, now=now, end=now + HORIZON):
        if turn.post is None:
            dry_at = turn.at
            break
        posts, reserves = posts + (not turn.reserve), reserves + turn.reserve
        until = turn.at + rule.max_silence
        queue_until = queue_until if reserves else until
    queued = sum(1 for c in candidates if not c.post.reserve and eligible_ever(c, now))
    return Runway(queue_until=queue_until, until=until, queued=queued, posts=posts, reserves=reserves, dry_at=dry_at)


def refill(
    rule: Rule,
    account: str,
    network: str,
    candidates: Sequence[Candidate],
    last: datetime,
    now: datetime,
    beyond: timedelta,
) -> Refill | None:
    """What it takes to live for longer than that from `now`; None: nothing is lacking."""
    lacking, first, until = 0, None, last + rule.max_silence
    for turn in play(rule, account, network, candidates, last=last, spoke=None, now=now, end=now + beyond, helped=True):
        if turn.post is None:
            lacking, first = lacking + 1, first or turn.at
        until = turn.at + rule.max_silence
        if until > now + beyond:
            break
    if first is None:
        return None
    day, end = first.astimezone(rule.zone).date(), until.astimezone(rule.zone).date()
    days = (day + timedelta(days=n) for n in range((end - day).days))
    holidays = any(rule.hours.week[d.weekday()] and rule.hours.closed_because(d) for d in days)
    return Refill(posts=lacking, by=first, until=until, holidays=holidays)
