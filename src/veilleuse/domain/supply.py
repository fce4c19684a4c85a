"""Supply against demand: whether those who write have, in the last quarter, kept up with what the rule needs.

When a post was written is not known. Counted is what people provably gave: the posts that the queue spent in the
quarter, those that still wait in it (written whenever: the benefit of the doubt), and the silences broken by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain import phrases
from veilleuse.domain.forecast import play
from veilleuse.domain.rule import Rule
from veilleuse.language import _

QUARTER = timedelta(days=90)
MINUTES_A_POST = 2  # the seeds' own figure


class Care(StrEnum):
    """The judgement, by what an account needs."""

    FED = "fed"  # the supply feeds it
    SHORT = "short"  # it needs more, and gets at least half of it
    UNFED = "unfed"  # less than half: better closed than lifeless
    YOUNG = "young"  # it has not been known for a quarter, and is not fed yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Posts a quarter."""

    needed: int  # by the rule, if nobody posted by hand
    spent: int  # said from the queue in the last quarter, the reserve not counted
    waiting: int  # approved, in the queue
    by_hand: int  # silences that somebody broke in the last quarter, each worth one post
    known_for: timedelta  # how far back its past is known, a quarter at most

    @property
    def given(self) -> int:
        return self.spent + self.waiting + self.by_hand

    @property
    def care(self) -> Care:
        if self.given >= self.needed:
            return Care.FED
        if self.known_for < QUARTER:
            return Care.YOUNG
        return Care.SHORT if 2 * self.given >= self.needed else Care.UNFED

    @property
    def sentence(self) -> str:
        """The verdict, for a community manager."""
        short = self.needed - self.given
        needs = _(
            "It needs {posts} a quarter; the last quarter gave {given} "
            "({spent} said from the queue, {waiting} waiting in it, {by_hand} by hand)"
        ).format(
            posts=phrases.count(self.needed, "post"),
            given=self.given,
            spent=self.spent,
            waiting=self.waiting,
            by_hand=self.by_hand,
        )
        time = _("{count} more, some {minutes}").format(
            count=short, minutes=phrases.count(short * MINUTES_A_POST, "minute")
        )
        match self.care:
            case Care.FED:
                return _("{needs}: enough to feed it.").format(needs=needs)
            case Care.YOUNG:
                said = _("{needs}: {time}. Too early to judge: its past is known for {span} only.")
                return said.format(needs=needs, time=time, span=phrases.span(self.known_for))
            case Care.SHORT:
                return _("{needs}: {time}. Will you have the time to look after it?").format(needs=needs, time=time)
            case Care.UNFED:
                return _(
                    "{needs}: {time}. Will you have the time to look after it? "
                    "If not, it is better closed: being absent harms nobody, a lifeless account does."
                ).format(needs=needs, time=time)


def supply(
    rule: Rule,
    account: str,
    *,
    spent: Sequence[datetime],
    waiting: int,
    by_hand: Sequence[datetime],
    known_since: datetime | None,
    now: datetime,
) -> Supply:
    """`spent` and `by_hand` are moments of the last quarter, `known_since` the oldest thing known. All aware UTC."""
    future = play(rule, account, "", (), last=now, spoke=None, now=now, end=now + QUARTER, helped=True)
    return Supply(
        needed=sum(1 for turn in future if turn.at < now + QUARTER),
        spent=len(spent),
        waiting=waiting,
        by_hand=_silences_broken(by_hand, rule.max_silence - rule.lead),
        known_for=min(QUARTER, max(timedelta(0), now - known_since)) if known_since else timedelta(0),
    )


def _silences_broken(moments: Sequence[datetime], apart: timedelta) -> int:
    """How many posts by hand stand so far apart that each spared the queue one: ten on one day spare it one."""
    count, last = 0, None
    for at in sorted(moments):
        if last is None or at - last >= apart:
            count, last = count + 1, at
    return count
