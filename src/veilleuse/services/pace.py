"""A pace per network: after an outage or a thaw many accounts are due at once, and must not all speak in one second."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PACE = timedelta(seconds=5)


@dataclass(slots=True)
class _Line:
    """Who waits for one network, and the moment promised to each."""

    free_from: datetime
    promised: dict[str, datetime] = field(default_factory=dict)
    last: datetime | None = None


class Pace:
    """Turns to speak, one network at a time. Each process keeps its own."""

    def __init__(self, interval: timedelta = PACE) -> None:
        self._interval = interval
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()

    def wait(self, network: str, account: str, now: datetime) -> timedelta:
        """Zero, and the turn is taken; else how long until its own. `now` is aware UTC."""
        with self._lock:
            line = self._lines.setdefault(network, _Line(now))
            if line.free_from <= now or line.free_from > now + self._interval:  # the latter: the clock was set back
                if line.free_from > now:
                    line.promised.clear()
                    line.last = None
                line.free_from = now + self._interval
                line.promised.pop(account, None)
                return timedelta(0)
            at = line.promised.get(account)
            if at is None or at <= now:  # new in line, or its turn went to somebody else
                behind = line.free_from if line.last is None else line.last + self._interval
                line.last = line.promised[account] = at = max(line.free_from, behind)
            return at - now
