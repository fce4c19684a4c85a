"""Who did what."""

from datetime import datetime
from typing import Protocol

from veilleuse.domain.deed import Deed


class AuditStore(Protocol):
    """The trail of what people did. Nothing is ever taken out."""

    def note(self, deed: Deed) -> None: ...

    def deeds(self, account: str | None = None, limit: int = 50, before: datetime | None = None) -> list[Deed]:
        """Newest first; with `account` its own only; with `before` the older ones."""
        ...
