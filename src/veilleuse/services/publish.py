"""Publish: one post, by the protocol of design section 6. The attempt is committed before the call, closed after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.attempt import SEND_WITHIN, Attempt, Fault, Outcome, Payload, Proof, Receipt, receipt_of
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.queue import Candidate
from veilleuse.domain.timing import untimely
from veilleuse.language import sentence
from veilleuse.ports import AttemptRefused, Clock, Guard, Ids, LookStore, Network, Spool

log = structlog.get_logger()

FAULTS: dict[type[NetworkError], Fault] = {
    ContentRefused: Fault.CONTENT,
    CredentialsRefused: Fault.CREDENTIALS,
    BudgetExhausted: Fault.BUDGET,
    RateLimited: Fault.RATE,
    Unreachable: Fault.UNREACHABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Certainly not live. `error` says what the caller must do; None: the moment to send had passed."""

    detail: str
    error: NetworkError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """Perhaps live. Only reading settles it."""

    detail: str


Said = Spoke | Failed | InDoubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    store: LookStore
    clock: Clock
    ids: Ids
    spool: Spool
    daemon: str
    stopped: Callable[[Account], str | None]  # why this account must not speak at this moment, read afresh
    prove: Callable[[Account, AccountState, Network], None]  # that its credentials are its own; raises NetworkError

    def __call__(
        self,
        account: Account,
        state: AccountState,
        network: Network,
        candidate: Candidate,
        worded: tuple[int, str],
        looked_at: datetime,
    ) -> Said:
        """Say this post, unless its time is over. Raises StoreUnavailable if the attempt cannot be written: then
        nothing was sent. `looked_at`: when the look began that has chosen it.
        """
        payload = self._payload(network, candidate, worded[1])
        try:
            self.prove(account, state, network)
        except NetworkError as error:
            return Failed(detail=error.sentence, error=error)
        try:
            prepared = network.prepare(payload, self.store.image(payload.image.sha256) if payload.image else None)
        except OutcomeUnknown as error:  # nothing a `prepare` does is visible
            return Failed(detail=error.sentence, error=Unreachable(error.sentence))
        except NetworkError as error:
            return self._set_down(account, state, candidate, worded[0], payload, error)
        attempt = self._attempt(account, state, candidate, worded[0], payload, prepared)
        if late := untimely(account, candidate, looked_at, attempt.created_at):
            return Failed(detail=late)
        try:
            self.store.open_attempt(attempt, self._guard(account, attempt.created_at))
        except AttemptRefused as refusal:
            return Failed(detail=refusal.sentence)
        why_not = self.stopped(account) or untimely(account, candidate, looked_at, self.clock.now())
        return self._send(account, state, network, attempt, why_not)

    def _send(
        self, account: Account, state: AccountState, network: Network, attempt: Attempt, why_not: str | None
    ) -> Said:
        if why_not is None and self.clock.now() > attempt.send_before:
            why_not = sentence("more than 30 seconds passed between deciding and sending.")
        if why_not is not None:
            return self._close(attempt, Outcome.REFUSED, Fault.TOO_LATE, why_not, None)
        try:
            answer = network.publish(state.binding, attempt.payload, attempt.prepared, attempt.key)
        except OutcomeUnknown as error:
            return self._close(attempt, Outcome.UNKNOWN, None, error.sentence, error)
        except NetworkError as error:
            return self._close(attempt, Outcome.REFUSED, FAULTS[type(error)], error.sentence, error)
        except Exception as error:  # whatever an adapter let through after the bytes went, we do not know
            log.exception("post.adapter_failed", account=account.name, post=attempt.ref)
            detail = sentence("the program failed while sending ({kind}).", kind=type(error).__name__)
            return self._close(attempt, Outcome.UNKNOWN, None, detail, OutcomeUnknown(detail))
        if answer.remote_id in attempt.baseline:
            detail = sentence("the network answered with the id of an older post.")
            return self._close(attempt, Outcome.UNKNOWN, None, detail, OutcomeUnknown(detail))
        receipt = receipt_of(
            attempt,
            network=account.network,
            identity=state.binding,
            remote_id=answer.remote_id,
            url=answer.url,
            at=self.clock.now(),
            proof=Proof.ANSWER,
        )
        self._record(receipt)
        log.info("post.published", account=account.name, post=attempt.ref, remote_id=answer.remote_id, url=answer.url)
        return Spoke(receipt=receipt)

    def _record(self, receipt: Receipt) -> None:
        """A receipt is a fact: if the database will not take it, the disk does, and it is replayed later."""
        try:
            self.store.record_receipt(receipt)
        except Exception as error:  # whatever the database says, the post is live
            log.error("receipt.spooled", account=receipt.account, post=receipt.post_id, why=type(error).__name__)
            try:
                self.spool.keep(receipt)
            except OSError as full:  # then the open attempt stands for it, and reading settles it
                log.critical("receipt.only_on_the_network", url=receipt.url, why=full.strerror)

    def _close(
        self, attempt: Attempt, outcome: Outcome, fault: Fault | None, detail: str, error: NetworkError | None
    ) -> Failed | InDoubt:
        log.warning("post.not_published", account=attempt.account, post=attempt.ref, outcome=outcome, why=detail)
        self.store.close_attempt(attempt.id, outcome, now=self.clock.now(), fault=fault, detail=detail)
        return InDoubt(detail=detail) if outcome is Outcome.UNKNOWN else Failed(detail=detail, error=error)

    def _set_down(
        self,
        account: Account,
        state: AccountState,
        candidate: Candidate,
        use: int,
        payload: Payload,
        error: NetworkError,
    ) -> Said:
        """What `prepare` met. A refused image is written down like a refused post, so that it is not tried for ever."""
        if not isinstance(error, ContentRefused):
            return Failed(detail=error.sentence, error=error)
        attempt = self._attempt(account, state, candidate, use, payload, {})
        try:
            self.store.open_attempt(attempt, self._guard(account, attempt.created_at))
        except AttemptRefused as refusal:
            return Failed(detail=refusal.sentence)
        return self._close(attempt, Outcome.REFUSED, Fault.CONTENT, error.sentence, error)

    def _payload(self, network: Network, candidate: Candidate, text: str) -> Payload:
        post = candidate.post
        return Payload(
            text=network.spec.compose(text, post.link),
            link=None if network.spec.link_in_text else post.link,
            image=post.image,
            alt=post.alt,
            content_warning=post.content_warning if network.spec.content_warnings else None,
        )

    def _attempt(
        self,
        account: Account,
        state: AccountState,
        candidate: Candidate,
        use: int,
        payload: Payload,
        prepared: Mapping[str, str],
    ) -> Attempt:
        now = self.clock.now()
        return Attempt(
            id=self.ids.new(),
            account=account.name,
            post_id=candidate.post.id,
            use=use,
            digest=candidate.post.digest,
            approved_by=candidate.post.approved_by or "",
            payload=payload,
            key=self.ids.new(),
            baseline=self.store.known_ids(account.name),
            cursor=state.cursor,
            created_at=now,
            send_before=now + SEND_WITHIN,
            prepared=prepared,
        )

    def _guard(self, account: Account, now: datetime) -> Guard:
        local = now.astimezone(account.rule.zone)
        return Guard(
            daemon=self.daemon,
            now=now,
            spoke_before=now - account.rule.min_gap,
            day_start=local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(now.tzinfo),
            max_per_day=account.rule.max_per_day,
        )
