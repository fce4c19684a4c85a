"""What decides whether an account may speak, as the database holds it at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Attempt
from veilleuse.domain.freeze import Freeze, freeze_on
from veilleuse.domain.queue import Candidate
from veilleuse.ports import LookStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Read once a look, and once more where the look itself has changed them."""

    candidates: Sequence[Candidate]
    unsettled: Sequence[Attempt]
    freeze: Freeze | None


def facts(store: LookStore, account: Account, now: datetime, unsettled: Sequence[Attempt] | None = None) -> Facts:
    """`unsettled`: its doubts, where they were read a moment ago. `now` is aware UTC. Raises StoreUnavailable."""
    return Facts(
        candidates=store.candidates(account.name),
        unsettled=store.unsettled(account.name) if unsettled is None else unsettled,
        freeze=freeze_on(store.freezes(now), account.name, account.network, now),
    )
