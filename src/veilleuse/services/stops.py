"""Stops: may this account speak at this very moment? Asked again right before the bytes go."""

from dataclasses import dataclass
from typing import Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.freeze import freeze_on
from veilleuse.ports import Clock, LookStore


class StopFiles(Protocol):
    def stops(self) -> tuple[tuple[str, str, str], ...] | None:
        """As ports.ContentSource."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    store: LookStore
    source: StopFiles
    clock: Clock

    def __call__(self, account: Account) -> str | None:
        """Why not, in a sentence; None: it may. A folder that cannot be read leaves what the database knows."""
        for name, path, reason in self.source.stops() or ():
            if name in ("", account.name):
                return f"frozen by the file {path}: {reason or 'no reason was given'}."
        now = self.clock.now()
        freeze = freeze_on(self.store.freezes(now), account.name, account.network, now)
        return f"{freeze.told(account.rule.zone, now)}." if freeze else None
