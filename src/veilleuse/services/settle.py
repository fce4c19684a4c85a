"""Settle: close the doubts that a reading decides. Nothing is ever sent here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import structlog

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Reading
from veilleuse.domain.attempt import Attempt, Fault, NotLive, Outcome, Proof, Published, receipt_of
from veilleuse.domain.doubt import Absent, Found, Held, Waits, settle, settle_exactly
from veilleuse.domain.network import NetworkSpec
from veilleuse.language import sentence
from veilleuse.ports import LookStore
from veilleuse.services.timekeeper import CLOCK_TOLERANCE

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    store: LookStore

    def __call__(
        self,
        account: Account,
        spec: NetworkSpec,
        identity: str,
        unsettled: Sequence[Attempt],
        reading: Reading,
        now: datetime,
        traces: Mapping[str, Published | NotLive] = MappingProxyType({}),
    ) -> None:
        """Judge every unsettled attempt by one reading (rules 3 to 5). `now` is aware UTC.

        `traces`: by attempt id, what the network told exactly; it outweighs any likeness of texts.
        """
        for attempt in unsettled:
            if (trace := traces.get(attempt.id)) is not None:
                self._exactly(account, identity, attempt, trace, now)
                continue
            bound = self.store.bound_ids(account.name)
            shown = self.store.timeline(account.name, attempt.created_at - CLOCK_TOLERANCE, now)
            verdict = settle(attempt, reading, bound=bound, absence_after=spec.absence_after, now=now, shown=shown)
            if not isinstance(verdict, Found) and attempt.outcome is Outcome.OPEN and now <= attempt.send_before:
                continue  # its daemon may still be sending
            match verdict:
                case Found(entry=entry):
                    receipt = receipt_of(
                        attempt,
                        network=account.network,
                        identity=identity,
                        remote_id=entry.remote_id,
                        url=entry.url,
                        at=min(entry.created_at, now),
                        proof=Proof.READ_BACK,
                    )
                    self.store.record_receipt(receipt)
                case Absent():
                    detail = sentence(
                        "Read {name} until sure: it never appeared. It may be said again later.", name=account.name
                    )
                    self.store.close_attempt(attempt.id, Outcome.REFUSED, now=now, fault=Fault.ABSENT, detail=detail)
                case Held(why=why):
                    self.store.close_attempt(
                        attempt.id,
                        Outcome.HELD,
                        now=now,
                        detail=sentence("{what} Held: {why}.", what=attempt.detail, why=why),
                    )
                case Waits(empty=empty):
                    if attempt.outcome is Outcome.OPEN:
                        detail = sentence("the program stopped between sending and recording.")
                        self.store.close_attempt(attempt.id, Outcome.UNKNOWN, now=now, detail=detail)
                    if empty:
                        self.store.count_empty_read(attempt.id)
            log.info("doubt.read", account=account.name, post=attempt.ref, verdict=type(verdict).__name__.lower())

    def _exactly(
        self, account: Account, identity: str, attempt: Attempt, trace: Published | NotLive, now: datetime
    ) -> None:
        verdict = settle_exactly(attempt, trace, now=now)
        match verdict:
            case Published(remote_id=remote_id, url=url):
                receipt = receipt_of(
                    attempt,
                    network=account.network,
                    identity=identity,
                    remote_id=remote_id,
                    url=url,
                    at=min(attempt.send_before, now),
                    proof=Proof.READ_BACK,
                )
                self.store.record_receipt(receipt)
            case Absent():
                detail = sentence(
                    "{network} says exactly that it never took effect. It may be said again later.",
                    network=account.network,
                )
                self.store.close_attempt(attempt.id, Outcome.REFUSED, now=now, fault=Fault.ABSENT, detail=detail)
        log.info("doubt.traced", account=account.name, post=attempt.ref, verdict=type(verdict).__name__.lower())
