"""Settle: close the doubts that a reading decides. Nothing is ever sent here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Reading
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Proof, receipt_of
from veilleuse.domain.doubt import Absent, Found, Held, Waits, settle
from veilleuse.domain.network import NetworkSpec
from veilleuse.ports import LookStore

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
    ) -> None:
        """Judge every unsettled attempt by one reading (rules 3 to 5). `now` is aware UTC."""
        for attempt in unsettled:
            bound = self.store.bound_ids(account.name)
            verdict = settle(attempt, reading, bound=bound, absence_after=spec.absence_after, now=now)
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
                    detail = f"Read {account.name} until sure: it never appeared. It may be said again later."
                    self.store.close_attempt(attempt.id, Outcome.REFUSED, now=now, fault=Fault.ABSENT, detail=detail)
                case Held(why=why):
                    self.store.close_attempt(attempt.id, Outcome.HELD, now=now, detail=f"{attempt.detail} Held: {why}.")
                case Waits(empty=empty):
                    if attempt.outcome is Outcome.OPEN:
                        detail = "the program stopped between sending and recording."
                        self.store.close_attempt(attempt.id, Outcome.UNKNOWN, now=now, detail=detail)
                    if empty:
                        self.store.count_empty_read(attempt.id)
            log.info("doubt.read", account=account.name, post=attempt.ref, verdict=type(verdict).__name__.lower())
