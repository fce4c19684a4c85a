"""Observe: read what the network shows of an account, settle old doubts by it, recognise what was already said."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Reading
from veilleuse.domain.alert import Condition
from veilleuse.domain.attempt import Attempt, NotLive, Published, Receipt
from veilleuse.domain.errors import BudgetExhausted, CredentialsRefused, Gone, NetworkError, RateLimited
from veilleuse.domain.queue import Candidate
from veilleuse.domain.sight import Sight, not_shown
from veilleuse.domain.timing import from_the_future
from veilleuse.language import sentence
from veilleuse.ports import Clock, LookStore, Network, Tracing
from veilleuse.services.recognise import recognise
from veilleuse.services.settle import Settle
from veilleuse.services.timekeeper import Timekeeper

BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
STOPPED_RETRY = timedelta(hours=6)
CLOCK_BACKOFF = (timedelta(minutes=10), timedelta(minutes=10), timedelta(minutes=10), timedelta(hours=1))
EMPTY_IS_BELIEVED = 3  # reads in a row that show nothing, where all that is known was ours
LATELY = 10  # receipts of ours that a read may be expected to show

log = structlog.get_logger()

Trouble = tuple[Condition, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one read brought. With `trouble`, nothing may be sent before `retry_at` (aware UTC)."""

    state: AccountState
    reading: Reading | None = None
    trouble: Trouble | None = None
    retry_at: datetime | None = None
    app: str = ""  # set: the network refuses every account of this app
    not_shown: tuple[Receipt, ...] | None = None  # posts of ours that should be visible; None: this read cannot tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Observe:
    """One read of one account, and everything it proves."""

    store: LookStore
    clock: Clock
    settle: Settle
    timekeeper: Timekeeper
    _without_date: set[str] = field(default_factory=set)  # accounts whose network tells no time: said once

    def __call__(
        self,
        account: Account,
        state: AccountState,
        network: Network,
        unsettled: Sequence[Attempt],
        *,
        released: Candidate | None = None,
    ) -> Observation:
        """From where the last read ended, the oldest doubt began, or the doubt about a released post.

        Raises nothing of the network's: its errors come back as `trouble`.
        """
        try:
            state = self._identified(account, state, network)
            cursor = released.released_from if released else _read_from(state, unsettled)
            reading = network.read(state.binding, cursor)
            traces = _traced(network, state.binding, unsettled)
        except NetworkError as error:
            return self.troubled(account, state, error)
        now = self.clock.now()
        log.info("account.read", account=account.name, entries=len(reading.entries), complete=reading.complete)
        if wrong := self._wrong_clock(state, reading, now):
            return wrong  # nothing is believed of a read whose time we do not know
        if reading.server_time is not None and _ahead(state, unsettled, now):
            log.warning("clock.was_ahead", account=account.name, read_at=state.read_at, spoke_at=state.spoke_at)
            self.store.rewind(account.name, now)
            state, unsettled = self._corrected(state), self.store.unsettled(account.name)
        lately = self.store.receipts(account.name, LATELY) if _spoke_since_read(state) else []
        known = frozenset() if reading.complete else self.store.known_ids(account.name)
        sight = Sight(reading=reading, cursor=cursor, known=known - _unread(lately, state))
        if sight.empty and not self._all_ours_gone(account, state, known):
            return self._blind(
                account,
                state,
                sentence("{title} shows nothing at all, though there were posts.", title=network.spec.title),
            )
        if sight.gap and state.gap_at is None:
            log.warning("account.gap", account=account.name, entries=len(reading.entries), read_from=cursor)
            self.store.note_gap(account.name, now)
        self.settle(account, network.spec, state.binding, unsettled, reading, now, traces)
        recognise(self.store, account, network.spec, state.binding, reading, now)
        self.store.record_reading(account.name, reading.entries, sorted(account.rule.activity), now)
        found = replace(
            self._corrected(state),
            read_at=now,
            cursor=reading.cursor or state.cursor,
            failures=0,
            stopped=None,
        )
        return Observation(state=found, reading=reading, not_shown=not_shown(lately, sight, state.read_at, now))

    def _all_ours_gone(self, account: Account, state: AccountState, known: frozenset[str]) -> bool:
        """Whether all that is known was ours, which somebody may well have deleted, and was missed often enough."""
        return state.failures + 1 >= EMPTY_IS_BELIEVED and known <= self.store.bound_ids(account.name)

    def _identified(self, account: Account, state: AccountState, network: Network) -> AccountState:
        """Ask once whose credentials these are; the answer is kept, because X bills the question.

        What is known then of the account may be of another name, or nothing.
        """
        if state.remote_id is not None:
            return state
        identity = network.identify()
        remote_id = identity.remote_id if identity else account.identity
        self.store.bind(account.name, remote_id)
        return self.store.state(account.name)

    def _corrected(self, state: AccountState) -> AccountState:
        """With what the database has learned meanwhile."""
        fresh = self.store.state(state.name)
        learned = ("seen_at", "seen_by", "spoke_at", "read_at", "gap_at")
        return replace(state, **{name: getattr(fresh, name) for name in learned})

    def troubled(self, account: Account, state: AccountState, error: NetworkError) -> Observation:
        if isinstance(error, CredentialsRefused | BudgetExhausted):
            app = error.app if isinstance(error, BudgetExhausted) else None
            condition = Condition.CREDENTIALS_REFUSED if app is None else Condition.BUDGET_EXHAUSTED
            state = replace(state, failures=state.failures + 1, stopped=error.sentence)
            log.warning("account.stopped", account=account.name, condition=condition, why=str(error))
            retry_at = stopped_until(error, self.clock.now())
            return Observation(state=state, trouble=(condition, error.sentence), retry_at=retry_at, app=app or "")
        if isinstance(error, Gone):
            log.warning("account.gone", account=account.name, why=str(error))
            state = replace(state, failures=state.failures + 1, stopped=error.sentence)
            retry_at = self.clock.now() + STOPPED_RETRY
            return Observation(state=state, trouble=(Condition.FEED_GONE, error.sentence), retry_at=retry_at)
        return self._blind(account, state, error.sentence, error.retry_at if isinstance(error, RateLimited) else None)

    def _blind(
        self, account: Account, state: AccountState, why: str, not_before: datetime | None = None
    ) -> Observation:
        """It could not be read, or shows what cannot be: asked again, at growing intervals."""
        failures = state.failures + 1
        retry_at = self.clock.now() + _backoff(BACKOFF, failures)
        retry_at = max(retry_at, not_before or retry_at)
        log.warning("account.unreadable", account=account.name, why=why, retry_at=retry_at)
        return Observation(
            state=replace(state, failures=failures, stopped=None),
            trouble=(Condition.NETWORK_UNREADABLE, why),
            retry_at=retry_at,
        )

    def _wrong_clock(self, state: AccountState, reading: Reading, now: datetime) -> Observation | None:
        """Rule 11: by a wrong clock we would speak at the wrong time, and note what we see at the wrong time."""
        if reading.server_time is None:
            if state.name not in self._without_date:
                self._without_date.add(state.name)
                log.warning("network.tells_no_time", account=state.name)
            return None
        if self.timekeeper.heard(state.name, reading.server_time, now):
            return None
        ours, theirs = f"{now:%Y-%m-%d %H:%M}", f"{reading.server_time:%Y-%m-%d %H:%M}"
        what = sentence("this machine's clock says {ours} UTC, the network's {theirs} UTC.", ours=ours, theirs=theirs)
        state = replace(state, failures=state.failures + 1)
        return Observation(
            state=state,
            reading=reading,
            trouble=(Condition.CLOCK_OFF, what),
            retry_at=now + _backoff(CLOCK_BACKOFF, state.failures),
        )


def stopped_until(error: CredentialsRefused | BudgetExhausted, now: datetime) -> datetime:
    """When a stopped account is tried again: in six hours, or when its new month begins."""
    again = error.retry_at if isinstance(error, BudgetExhausted) else None
    return min(now + STOPPED_RETRY, again or now + STOPPED_RETRY)


def _backoff(steps: Sequence[timedelta], failures: int) -> timedelta:
    return steps[min(failures, len(steps)) - 1]


def _read_from(state: AccountState, unsettled: Sequence[Attempt]) -> str | None:
    """Back to where the oldest doubt began: a post that took effect late may stand behind newer ones."""
    return unsettled[0].cursor if unsettled else state.cursor


def _traced(network: Network, remote_id: str, unsettled: Sequence[Attempt]) -> dict[str, Published | NotLive]:
    """By attempt id, what a network that can tells exactly. Raises its errors."""
    if not isinstance(network, Tracing):
        return {}
    traces = {attempt.id: network.trace(remote_id, attempt.prepared) for attempt in unsettled}
    return {attempt_id: trace for attempt_id, trace in traces.items() if trace is not None}


def _unread(lately: Sequence[Receipt], state: AccountState) -> frozenset[str]:
    """What we said since the last read: that it stands there says nothing of what came between."""
    return frozenset(receipt.remote_id for receipt in lately if state.read_at is None or receipt.at >= state.read_at)


def _spoke_since_read(state: AccountState) -> bool:
    return state.spoke_at is not None and state.read_at is not None and state.spoke_at >= state.read_at


def _ahead(state: AccountState, unsettled: Sequence[Attempt], now: datetime) -> bool:
    return from_the_future(state, now) or any(attempt.created_at > now for attempt in unsettled)
