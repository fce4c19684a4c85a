"""Accounts that this daemon is to keep alive and nobody looks at: another daemon's configuration lacks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding
from veilleuse.language import sentence
from veilleuse.ports import Clock, Store
from veilleuse.services.alert import Alerts

MOVING = timedelta(hours=1)  # one daemon after the other is given its new configuration
SHOWN = 5  # accounts by name


@dataclass(slots=True, kw_only=True)
class Astray:
    """The daemon that registered last says which accounts there are; one with an old file takes the newest out."""

    host: str
    keeper: str
    accounts: Mapping[str, Account]
    store: Store
    alerts: Alerts
    clock: Clock
    _since: datetime | None = None

    def __call__(self) -> None:
        """Tell of them once they have been so for an hour. It ends with the next start. Raises StoreUnavailable."""
        now = self.clock.now()
        looked_at = {state.name for state in self.store.states() if state.next_look_at is not None}
        lost = sorted(self.accounts.keys() - looked_at)
        if not lost:
            self._since = None
            return
        self._since = self._since or now
        if now - self._since >= MOVING:
            self.alerts.reconcile("", [self._finding(lost)], ())

    def _finding(self, lost: list[str]) -> Finding:
        names = ", ".join(lost[:SHOWN]) + (" …" if len(lost) > SHOWN else "")
        return Finding(
            condition=Condition.CONFIGURATION_REFUSED,
            account="",
            subject=self.host,
            text=sentence(
                "Nobody looks at {names}: {host} has them in its configuration, and another daemon, started later, has "
                "not.",
                names=names,
                host=self.host,
            ),
            remedy=sentence(
                "Give every daemon the same configuration, then reload each of them (`systemctl reload veilleuse`)."
            ),
            person=self.keeper,
        )
