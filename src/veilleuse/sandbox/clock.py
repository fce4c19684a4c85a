"""A clock that stands still until it is moved."""

from datetime import datetime, timedelta
from threading import Lock


class VirtualClock:
    """Aware UTC. Never goes back; safe to read and move from several threads."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = Lock()

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        """Takes no real time: whoever sleeps moves the clock."""
        with self._lock:
            self._now += timedelta(seconds=max(0.0, seconds))

    def move_to(self, moment: datetime) -> None:
        """No further back than it already is."""
        with self._lock:
            self._now = max(self._now, moment)
