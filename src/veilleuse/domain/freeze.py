"""A freeze: nobody speaks for this account (or for anyone) until a human thaws it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """`account` is "" for all. `origin` tells a STOP file (its path) from a person's command; times aware UTC."""

    account: str
    origin: str
    by: str
    reason: str
    since: datetime
    until: datetime | None = None

    def holds(self, account: str, now: datetime) -> bool:
        """Whether it silences that account now. Expiry is computed, never stored."""
        return self.account in ("", account) and (self.until is None or now < self.until)
