"""How long each account's posts last, asked of a few queues at a time: no scrape waits for ten thousand of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from veilleuse.domain.runway import runway
from veilleuse.ports import Store
from veilleuse.services.glance import Glance

AT_MOST = 0.2  # seconds of one scrape: some hundred queues


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """`until` is aware UTC; None: its silence is unknown, or a plan decides instead of its queue."""

    queued: int
    until: datetime | None


class Supplies:
    """What is known of each queue. Where all cannot be asked at once, those go first that were not for longest."""

    def __init__(self) -> None:
        self._known: dict[str, Supply] = {}  # by name, the one asked longest ago first

    def ask(self, glances: Iterable[Glance], store: Store, now: datetime) -> dict[str, Supply]:
        """By name, of those asked by now; every one if there are not many. Raises StoreUnavailable."""
        begun = monotonic()
        by_name = {glance.account.name: glance for glance in glances}
        known = {name: supply for name, supply in self._known.items() if name in by_name}
        for name in [*(by_name.keys() - known.keys()), *known]:
            known.pop(name, None)
            known[name] = _supply(by_name[name], store, now)
            if monotonic() - begun > AT_MOST:
                break
        self._known = known
        return known


def _supply(glance: Glance, store: Store, now: datetime) -> Supply:
    account = glance.account
    candidates = store.candidates(account.name) if account.speaks else ()
    found = runway(account.rule, account.name, account.network, candidates, glance.known.counts_from, now)
    return Supply(queued=found.queued, until=found.until if glance.plan is None else None)
