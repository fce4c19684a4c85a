"""The forecast: the same rule and the same choice the daemon uses, played forward, as if nobody posted by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from veilleuse.domain.decision import EMPTY_LOOK
from veilleuse.domain.line_up import LineUp
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Block, Candidate, blocked, eligible_ever
from veilleuse.domain.rule import Rule, due, spread, turn
from veilleuse.domain.timing import RETRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One moment at which the account must speak. Times are aware UTC."""

    at: datetime
    limit: datetime | None  # the end of the silence it breaks; None: never active
    post: Post | None  # None: nothing approved to say; a human is called, and silent it stays
    use: int = 0  # 0 for a queued post; the n-th use of a reserve post
    text: str = ""
    moved_by: str | None = None  # the public holiday or quiet day without which it would be another moment

    @property
    def late(self) -> bool:
        """Whether the limit has passed by then."""
        return self.limit is not None and self.at > self.limit

    @property
    def reserve(self) -> bool:
        return self.post is not None and self.post.reserve


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What will be said until `end`, if nobody posts, writes or approves anything. Times are aware UTC."""

    now: datetime
    end: datetime
    turns: tuple[Turn, ...]
    missing: int  # posts that would have to be written for every turn until `end` to be a post
    expiring: tuple[Post, ...]  # approved, and their last day passes before their turn comes
    queued: int  # approved posts that can be said, now or later, the reserve not counted
    drafts: int

    @property
    def queue_dry_at(self) -> datetime | None:
        """The first turn for which the queue holds nothing; None: it lasts."""
        return next((turn.at for turn in self.turns if turn.post is None or turn.reserve), None)

    @property
    def dry_at(self) -> datetime | None:
        """The first turn for which the reserve holds nothing either; None: it lasts."""
        return next((turn.at for turn in self.turns if turn.post is None), None)


def forecast(
    rule: Rule,
    account: str,
    network: str,
    candidates: Sequence[Candidate],
    *,
    last: datetime | None,
    spoke: datetime | None,
    recent: Sequence[datetime] = (),
    now: datetime,
    begin: datetime | None = None,
    end: datetime,
) -> Forecast:
    """`last` is the newest activity, `spoke` our own last post, `recent` our posts of today; all aware UTC.

    `begin`: nothing is said before, since a freeze ends then.
    """
    start = begin or now

    def played(*, helped: bool) -> Iterator[Turn]:
        turns = play(
            rule, account, network, candidates, last=last, spoke=spoke, recent=recent, now=start, end=end, helped=helped
        )
        return (found for found in turns if found.at < end)

    turns = tuple(replace(found, moved_by=_moved_by(rule, account, found)) for found in played(helped=False))
    said = {found.post.id for found in turns if found.post}
    mortal = (c.post for c in candidates if c.post.not_after and c.post.not_after <= end and eligible_ever(c, now))
    return Forecast(
        now=now,
        end=end,
        turns=turns,
        missing=sum(1 for found in played(helped=True) if found.post is None),
        expiring=tuple(sorted((p for p in mortal if p.id not in said), key=lambda p: (p.not_after, p.order))),
        queued=sum(1 for c in candidates if not c.post.reserve and eligible_ever(c, now)),
        drafts=sum(1 for c in candidates if blocked(c, now) is Block.DRAFT),
    )


def play(
    rule: Rule,
    account: str,
    network: str,
    candidates: Sequence[Candidate],
    *,
    last: datetime | None,
    spoke: datetime | None,
    recent: Sequence[datetime] = (),
    now: datetime,
    end: datetime,
    helped: bool = False,
) -> Iterator[Turn]:
    """Turn after turn. Without a post the silence goes on until some post may be said; `helped`, a human ends it.

    It walks the daemon's own looks: each is at the next turn, an hour after nothing was found, or five minutes after
    the maximum of the day refused a post.
    """
    most = (end - now).days * rule.max_per_day + rule.max_per_day * 2
    line_up = LineUp(candidates, network, now, most=most)
    days = [_day(rule, at) for at in recent]
    clock, called = now, False
    while clock < end:
        next_due = due(rule, account, last, clock)
        at = turn(rule, next_due, spoke)
        if at is None:
            return
        at = max(at, clock)
        speaker = line_up.next(at, last)
        if speaker is not None and days.count(_day(rule, at)) >= rule.max_per_day:
            clock = _look_again(at, RETRY, next_due.limit)
            continue
        if speaker is None and not called:
            called = not helped
            yield Turn(at=at, limit=next_due.limit, post=None)
        if speaker is None and not helped:
            wakes = line_up.wakes
            if wakes is None or wakes >= end:
                return
            clock = _look_again(at, EMPTY_LOOK, next_due.limit)
            continue
        if speaker is not None:
            candidate, (use, text) = speaker
            yield Turn(at=at, limit=next_due.limit, post=candidate.post, use=use, text=text)
            line_up.said(text, at)
        days = [*days[-rule.max_per_day :], _day(rule, at)]
        last = spoke = clock = at
        called = False


def until_the_end_of(day: date, rule: Rule) -> datetime:
    """The first moment after that local day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), rule.zone).astimezone(UTC)


def _look_again(at: datetime, after: timedelta, limit: datetime | None) -> datetime:
    """When the daemon looks next: after a while, and at the limit itself."""
    return min(at + after, limit) if limit is not None and limit > at else at + after


def _day(rule: Rule, at: datetime) -> date:
    return at.astimezone(rule.zone).date()


def _moved_by(rule: Rule, account: str, turn: Turn) -> str | None:
    """The holiday or quiet day that kept it from the moment the rule wished for; a weekly closed day is routine."""
    if turn.limit is None:
        return None
    wished = turn.limit - rule.lead + spread(account, turn.limit - rule.max_silence, rule.lead)
    if turn.at == wished:
        return None
    day, final = _day(rule, wished), _day(rule, turn.at if turn.at > wished else turn.limit)
    while day <= final:
        if rule.hours.week[day.weekday()] and (why := rule.hours.closed_because(day)):
            return why
        day += timedelta(days=1)
    return None
