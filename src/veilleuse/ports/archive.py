"""What the database keeps of all that was said."""

from collections.abc import Iterator
from typing import Protocol

from veilleuse.domain.archive import Saying


class ArchiveStore(Protocol):
    def archived(self) -> list[str]:
        """Every account that ever said something here, also those no longer configured."""
        ...

    def sayings(self, account: str) -> Iterator[Saying]:
        """All that it said, the oldest first, a few hundred rows in memory at a time."""
        ...

    def image(self, sha256: str) -> bytes: ...
