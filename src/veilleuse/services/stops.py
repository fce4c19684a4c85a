"""Stops: may this account speak at this very moment? Asked again right before the bytes go."""

from dataclasses import dataclass
from typing import Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.freeze import freeze_on
from veilleuse.language import each_language, sentence
from veilleuse.ports import Clock, LookStore


class StopFiles(Protocol):
    def stops(self) -> tuple[tuple[str, str, str], ...]:
        """As ports.ContentSource."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    store: LookStore
    source: StopFiles
    clock: Clock

    def __call__(self, account: Account) -> str | None:
        """Why not, in a sentence; None: it may. What cannot be read of the folder is as the database knows it."""
        for name, path, reason in self.source.stops():
            if name in ("", account.name):
                why = reason or sentence("no reason was given")
                return sentence("frozen by the file {file}: {reason}.", file=path, reason=why)
        now = self.clock.now()
        freeze = freeze_on(self.store.freezes(now), account.name, account.network, now)
        return each_language(lambda: f"{freeze.told(account.rule.zone, now)}.") if freeze else None
