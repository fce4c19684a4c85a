"""One database, and what stands in when it fails."""

from collections.abc import Callable
from typing import Protocol

from veilleuse.domain.attempt import Receipt
from veilleuse.ports.alerts import AlertStore
from veilleuse.ports.audit import AuditStore
from veilleuse.ports.care import CareStore
from veilleuse.ports.letters import LetterStore
from veilleuse.ports.looks import LookStore
from veilleuse.ports.posts import ApprovalStore, PostStore
from veilleuse.ports.vetoes import VetoStore


class Store(PostStore, ApprovalStore, LookStore, AlertStore, AuditStore, CareStore, VetoStore, LetterStore, Protocol):
    """All of it: one database."""

    def close(self) -> None: ...


class Spool(Protocol):
    """Where a receipt goes that the database would not take: fsynced, replayed at start."""

    def keep(self, receipt: Receipt) -> None: ...

    def replay(self, record: Callable[[Receipt], None]) -> int:
        """Hand each kept receipt over, forget those taken, and say how many were."""
        ...


class Marker(Protocol):
    """A thing remembered without the database: that an outage was told."""

    def set(self) -> bool:
        """True if it was not set before."""
        ...

    def clear(self) -> bool:
        """True if it was set."""
        ...
