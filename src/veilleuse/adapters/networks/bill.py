"""What one client's calls have cost, as the network bills it: one resource once per UTC day and app."""

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime

# What this process has seen billed today, by app. After a restart a resource may be counted twice, never forgotten.
_seen: dict[str, tuple[date, set[str]]] = {}
_lock = threading.Lock()


class Bill:
    """`app` names the app without giving away its key."""

    def __init__(self, app: str) -> None:
        self._app = app
        self._items: Counter[str] = Counter()

    @property
    def items(self) -> Mapping[str, int]:
        return dict(self._items)

    def add(self, item: str) -> None:
        """Something was done."""
        self._items[item] += 1

    def read(self, item: str, resource: str, at: datetime | None) -> None:
        """A resource came back. `at` is the network's own time, aware UTC; where it tells none, it counts."""
        if at is None or self._is_new(resource, at.astimezone(UTC).date()):
            self._items[item] += 1

    def _is_new(self, resource: str, today: date) -> bool:
        with _lock:
            day, seen = _seen.get(self._app, (today, set()))
            if day != today:
                seen = set()
            _seen[self._app] = (today, seen)
            if resource in seen:
                return False
            seen.add(resource)
            return True
