"""How long this process's looks take, and when it last read the folder: counted always, told at /metrics."""

from threading import Lock


class Timings:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looks = 0
        self._seconds = 0.0
        self._synced: float | None = None

    def looked(self, seconds: float) -> None:
        with self._lock:
            self._looks += 1
            self._seconds += seconds

    def synced(self, timestamp: float) -> None:
        """`timestamp`: seconds since 1970."""
        with self._lock:
            self._synced = timestamp

    def read(self) -> tuple[int, float, float | None]:
        """Looks, their seconds in all, and when the folder was last read."""
        with self._lock:
            return self._looks, self._seconds, self._synced
