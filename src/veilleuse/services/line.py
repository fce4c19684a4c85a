"""The line to one account's network for the time of a look."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from veilleuse.ports import Network
from veilleuse.services.spending import Bill


@dataclass(slots=True)
class Line:
    """Opens the network only when it is needed: an idle look imports no client library."""

    open: Callable[[], Network]
    since: datetime  # when the look began, aware UTC: all it knows was read after that
    opened: Network | None = None
    bill: Bill = field(default_factory=lambda: Bill({}))

    def network(self) -> Network:
        """Raises NetworkError."""
        if self.opened is None:
            self.opened = self.open()
        return self.opened
