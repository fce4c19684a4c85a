"""Whether a look must read the network, how long it may build on that, and when to look again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.attempt import Attempt
from veilleuse.domain.decision import LOCAL_LOOK
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.queue import Candidate, blocked
from veilleuse.domain.rule import Due, due
from veilleuse.language import sentence

RETRY = timedelta(minutes=5)  # after a call that certainly did not publish
LOOK_HOLDS = timedelta(minutes=5)  # what a look has read and decided may be sent so long after it began
# No look is put off so far: what the database says beyond was written by a wrong clock.
FARTHEST_LOOK = LOCAL_LOOK + timedelta(hours=12)


def must_read(
    account: Account, spec: NetworkSpec, state: AccountState, unsettled: Sequence[Attempt], now: datetime
) -> bool:
    """Whether only the network can tell what to do now. X bills each item read, so local knowledge comes first."""
    if (
        state.remote_id is None
        or state.read_at is None
        or state.failures
        or state.stopped
        or unsettled
        or from_the_future(state, now)
    ):
        return True
    if spec.idle_read is not None and now >= state.read_at + spec.idle_read:
        return True
    next_due = due(account.rule, account.name, state.counts_from, now)
    passed = next_due.limit is not None and now >= next_due.limit
    return passed or (next_due.at is not None and next_due.at <= now)


def from_the_future(state: AccountState, now: datetime) -> bool:
    """Whether something of it was noted by a clock ahead of ours: ours is wrong, or was."""
    return any(at is not None and at > now for at in (state.read_at, state.seen_at, state.spoke_at))


def untimely(account: Account, candidate: Candidate, looked_at: datetime, now: datetime) -> str | None:
    """Why what a look begun at `looked_at` has chosen must not be sent any more, in a sentence. Times are aware UTC.

    Between reading and sending a machine may sleep for a night, an image may take its time.
    """
    if abs(now - looked_at) > LOOK_HOLDS:
        return sentence("more than 5 minutes passed between looking and sending.")
    if not account.rule.hours.is_open(now):
        return sentence("its hours have closed meanwhile.")
    if blocked(candidate, now) is not None:
        return sentence("the time in which it may be said is over.")
    return None


def next_look(wished: datetime, spec: NetworkSpec, state: AccountState, next_due: Due, now: datetime) -> datetime:
    """`wished`, or sooner: half a day at most, the next idle read, and the limit itself, where silence is told."""
    bounds = [now + LOCAL_LOOK]
    if spec.idle_read is not None and state.read_at is not None:
        bounds.append(state.read_at + spec.idle_read)
    if next_due.limit is not None:
        bounds.append(next_due.limit)
    return min(wished, *(at for at in bounds if at > now))
