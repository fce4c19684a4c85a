"""A pace per network: after an outage many accounts are overdue at once, and must not all speak in one second."""

import threading
from datetime import datetime, timedelta

OVERDUE_PACE = timedelta(seconds=5)


class Pace:
    """Slots for overdue accounts, one network at a time. Each process keeps its own."""

    def __init__(self, interval: timedelta = OVERDUE_PACE) -> None:
        self._interval = interval
        self._free_from: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def wait(self, network: str, now: datetime) -> timedelta:
        """Zero, and the slot is taken; else how long until the next is free. `now` is aware UTC."""
        with self._lock:
            free_from = self._free_from.get(network)
            if free_from is not None and now < free_from <= now + self._interval:
                return free_from - now
            self._free_from[network] = now + self._interval
            return timedelta(0)
