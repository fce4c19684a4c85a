"""Observe: read what the network shows of an account, settle old doubts by it, recognise what was already said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Reading
from veilleuse.domain.alert import Condition
from veilleuse.domain.attempt import Attempt, Outcome, Proof, Receipt
from veilleuse.domain.doubt import match
from veilleuse.domain.errors import BudgetExhausted, CredentialsRefused, NetworkError, RateLimited
from veilleuse.domain.queue import Candidate
from veilleuse.ports import Clock, LookStore, Network
from veilleuse.services.settle import Settle

CLOCK_TOLERANCE = timedelta(minutes=5)
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
STOPPED_RETRY = timedelta(hours=6)
CLOCK_RETRY = timedelta(minutes=10)

log = structlog.get_logger()

Trouble = tuple[Condition, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one read brought. With `trouble`, nothing may be sent before `retry_at` (aware UTC)."""

    state: AccountState
    reading: Reading | None = None
    trouble: Trouble | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observe:
    """One read of one account, and everything it proves."""

    store: LookStore
    clock: Clock
    settle: Settle

    def __call__(
        self, account: Account, state: AccountState, network: Network, unsettled: Sequence[Attempt]
    ) -> Observation:
        """Raises nothing of the network's: its errors come back as `trouble`."""
        try:
            state = self._identified(account, state, network)
            reading = network.read(state.binding, _read_from(state, unsettled))
        except NetworkError as error:
            return self.troubled(account, state, error)
        now = self.clock.now()
        log.info("account.read", account=account.name, entries=len(reading.entries), complete=reading.complete)
        identity = state.binding
        self.settle(account, network.spec, identity, unsettled, reading, now)
        self._recognise(account, network, identity, reading, now)
        self.store.record_reading(account.name, reading.entries, sorted(account.rule.activity), now)
        fresh = self.store.state(account.name)
        state = replace(
            state,
            seen_at=fresh.seen_at,
            seen_by=fresh.seen_by,
            spoke_at=fresh.spoke_at,
            read_at=now,
            cursor=reading.cursor or state.cursor,
            failures=0,
            stopped=None,
        )
        return self._clock_checked(state, reading, now)

    def _identified(self, account: Account, state: AccountState, network: Network) -> AccountState:
        """Ask once whose credentials these are; the answer is kept, because X bills the question."""
        if state.remote_id is not None:
            return state
        identity = network.identify()
        remote_id = identity.remote_id if identity else account.identity
        self.store.bind(account.name, remote_id)
        return replace(state, remote_id=remote_id)

    def _recognise(self, account: Account, network: Network, identity: str, reading: Reading, now: datetime) -> None:
        """Already said (rule 8): a queued text found on the timeline, under an id without a receipt, is published."""
        taken = self.store.bound_ids(account.name)
        fresh = [entry for entry in reading.entries if entry.remote_id not in taken]
        if not fresh:
            return
        doubtful = {attempt.post_id for attempt in self.store.unsettled(account.name)}
        for candidate in self.store.candidates(account.name):
            if candidate.post.id in doubtful or (candidate.uses and not candidate.post.reserve):
                continue
            for text in candidate.post.wordings(account.network):
                composed = network.spec.compose(text, candidate.post.link)
                found = [
                    e for e in match(composed, fresh, taken) if not candidate.uses or e.created_at > candidate.uses[-1]
                ]
                if found:
                    entry = max(found, key=lambda e: e.created_at)
                    taken |= {entry.remote_id}
                    self.store.record_receipt(
                        _already_said(
                            account,
                            identity,
                            candidate,
                            composed,
                            entry.remote_id,
                            entry.url,
                            min(entry.created_at, now),
                        )
                    )
                    log.info("post.already_said", account=account.name, post=candidate.post.ref, url=entry.url)
                    break

    def troubled(self, account: Account, state: AccountState, error: NetworkError) -> Observation:
        now = self.clock.now()
        failures = state.failures + 1
        retry_at = now + BACKOFF[min(failures, len(BACKOFF)) - 1]
        condition, stopped = Condition.NETWORK_UNREADABLE, None
        if isinstance(error, CredentialsRefused):
            condition, stopped, retry_at = Condition.CREDENTIALS_REFUSED, str(error), now + STOPPED_RETRY
        elif isinstance(error, BudgetExhausted):
            condition, stopped, retry_at = Condition.BUDGET_EXHAUSTED, str(error), now + STOPPED_RETRY
        elif isinstance(error, RateLimited) and error.retry_at is not None:
            retry_at = max(retry_at, error.retry_at)
        log.warning("account.unreadable", account=account.name, condition=condition, why=str(error), retry_at=retry_at)
        state = replace(state, failures=failures, stopped=stopped)
        return Observation(state=state, trouble=(condition, str(error)), retry_at=retry_at)

    def _clock_checked(self, state: AccountState, reading: Reading, now: datetime) -> Observation:
        """Send only if our clock agrees with the network's (rule 11): a wrong clock speaks at the wrong time."""
        if reading.server_time is None:
            log.debug("network.no_date", account=state.name)
        elif abs(reading.server_time - now) > CLOCK_TOLERANCE:
            ours, theirs = f"{now:%Y-%m-%d %H:%M}", f"{reading.server_time:%Y-%m-%d %H:%M}"
            what = f"this machine's clock says {ours} UTC, the network's {theirs} UTC."
            return Observation(
                state=state, reading=reading, trouble=(Condition.CLOCK_OFF, what), retry_at=now + CLOCK_RETRY
            )
        return Observation(state=state, reading=reading)


def _read_from(state: AccountState, unsettled: Sequence[Attempt]) -> str | None:
    """Back to where the oldest doubt began: a post that took effect late may stand behind newer ones."""
    doubts = [attempt for attempt in unsettled if attempt.outcome is not Outcome.PUBLISHED]
    return doubts[0].cursor if doubts else state.cursor


def _already_said(
    account: Account, identity: str, candidate: Candidate, text: str, remote_id: str, url: str | None, at: datetime
) -> Receipt:
    post = candidate.post
    return Receipt(
        account=account.name,
        network=account.network,
        identity=identity,
        remote_id=remote_id,
        post_id=post.id,
        use=len(candidate.uses),
        digest=post.digest,
        text=text,
        link=post.link,
        image=post.image.sha256 if post.image else None,
        approved_by=post.approved_by or "",
        url=url,
        at=at,
        proof=Proof.ALREADY_SAID,
    )
