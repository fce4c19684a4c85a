"""Who did what, in memory."""

from datetime import datetime

from tests.memory.lock import Locked, one_at_a_time
from veilleuse.domain.deed import Deed


@one_at_a_time
class MemoryAudit(Locked):
    def __init__(self) -> None:
        super().__init__()
        self._deeds: list[Deed] = []

    def note(self, deed: Deed) -> None:
        self._deeds.append(deed)

    def deeds(self, account: str | None = None, limit: int = 50, before: datetime | None = None) -> list[Deed]:
        wanted = [
            deed
            for deed in reversed(self._deeds)
            if account in (None, deed.account) and (before is None or deed.at < before)
        ]
        return sorted(wanted, key=lambda deed: deed.at, reverse=True)[:limit]
