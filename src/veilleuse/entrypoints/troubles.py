"""What goes wrong in the daemon's jobs, each judged by itself: one that only reads says nothing of one that writes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from veilleuse.ports import StoreUnavailable
from veilleuse.services.outage import Outage

log = structlog.get_logger()

TOLD_AFTER = 60.0  # seconds that one job cannot use the database


class Troubles:
    """Safe to use from every job's thread. `now` is in seconds, of a clock that never jumps."""

    def __init__(self, outage: Outage, now: Callable[[], float] = time.monotonic) -> None:
        self._outage = outage
        self._now = now
        self._away_since: dict[str, float] = {}  # by job
        self._last: float | None = None

    def ended_before(self, seconds: float) -> bool:
        """Whether no job has failed for so long."""
        return self._last is None or self._now() - self._last > seconds

    @contextmanager
    def watch(self, job: str) -> Iterator[None]:
        """A database that is away is waited for; after a minute its keeper is told, once an outage, without it."""
        try:
            yield
        except StoreUnavailable as error:
            self._last = self._now()
            away = self._last - self._away_since.setdefault(job, self._last)
            log.error("database.away", job=job, why=str(error), seconds=round(away))
            if away > TOLD_AFTER and not self._outage.tell(error.args[0]):
                self._away_since[job] = self._last  # again in a minute
        except Exception:
            self._last = self._now()
            log.exception("daemon.job_failed", job=job)
        else:
            self._away_since.pop(job, None)
            if not self._away_since:
                self._outage.over()
