"""Stops: may this account speak at this very moment? Asked again right before the bytes go."""

from dataclasses import dataclass

from veilleuse.ports import Clock, ContentSource, LookStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    store: LookStore
    source: ContentSource
    clock: Clock

    def __call__(self, account: str) -> str | None:
        """Why not, in a sentence; None: it may. A folder that cannot be read leaves what the database knows."""
        for name, path, reason in self.source.stops() or ():
            if name in ("", account):
                return f"frozen by the file {path}: {reason}"
        now = self.clock.now()
        freeze = next((freeze for freeze in self.store.freezes(now) if freeze.holds(account, now)), None)
        return f"frozen by {freeze.by}: {freeze.reason}" if freeze else None
