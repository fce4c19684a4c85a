"""Dispatch on SQLite: what it costs to say a post durably, against the raw driver and what one would pick instead.

`python benchmarks/dispatch.py`: of --accounts, --due are due; every one is claimed, its attempt committed, its receipt
committed, its next look committed. No network is called. Ratios of one run, shuffled, with the disk's fdatasync.
"""

import logging
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Semaphore

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from company import ME, NOW, a_post, a_receipt, an_attempt, dispatch, guard, lay, name_of
from huey import SqliteHuey
from measure import copied, fdatasync_ms, medians, options, tell
from recorded import recording

from veilleuse.adapters.db.store import SqlStore, open_store


class Bench:
    """One laid database, copied for each round."""

    def __init__(self, folder: Path, accounts: int, due: int) -> None:
        self.folder, self.due = folder, due
        self._numbers = count()
        self.laid = folder / "laid.db"
        lay(self.laid, accounts, due)
        store = self._opened(self.copy())
        with recording() as self.recorded:  # what the bare driver will say
            for _ in dispatch(store):
                pass
        store.close()

    def copy(self) -> Path:
        return copied(self.laid, self.folder / f"{next(self._numbers)}.db")

    def _opened(self, path: Path) -> SqlStore:
        store = open_store(path)
        store.beat(ME, NOW, timedelta(days=1))
        return store

    def _claimed(self, path: Path) -> SqlStore:
        """Every due account is ours already: another program's schedule tells when."""
        store = self._opened(path)
        while store.claim_due(ME, NOW, 1000):
            pass
        return store

    def ours(self) -> float:
        store = self._opened(self.copy())
        start = time.perf_counter()
        assert sum(1 for _ in dispatch(store)) == self.due
        taken = time.perf_counter() - start
        store.close()
        return taken

    def raw(self) -> float:
        """The same statements with the same commits, by the bare driver."""
        path = self.copy()
        self._opened(path).close()
        database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            database.execute(f"PRAGMA {pragma}")
        start = time.perf_counter()
        for transaction in self.recorded.transactions:
            if not transaction.alone:
                database.execute("BEGIN IMMEDIATE")
            for statement, values in transaction.statements:
                database.execute(statement, values).fetchall()
            if not transaction.alone:
                database.execute("COMMIT")
        taken = time.perf_counter() - start
        (said,) = database.execute("SELECT count(*) FROM receipts").fetchone()
        database.close()
        assert said == self.due
        return taken

    def apscheduler(self) -> float:
        """Its own loop over its SQL job store, a job an account; the job writes the same rows through our store."""
        global _store
        path = self.copy()
        _store = store = self._claimed(path)
        scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
        jobs = SQLAlchemyJobStore(url=f"sqlite:///{path.with_suffix('.jobs')}")
        scheduler.add_jobstore(jobs)
        scheduler.start(paused=True)
        with jobs.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        for number in range(self.due):
            scheduler.add_job(
                _say, "interval", days=7, id=name_of(number), args=[number], next_run_time=NOW, misfire_grace_time=None
            )
        start = time.perf_counter()
        scheduler.resume()
        for _ in range(self.due):
            _said.acquire()
        taken = time.perf_counter() - start
        scheduler.shutdown()
        store.close()
        return taken

    def huey(self) -> float:
        """A task that puts itself back, writing the same attempt and receipt through our store."""
        path = self.copy()
        store = self._claimed(path)
        huey = SqliteHuey(filename=str(path.with_suffix(".huey")), results=False, fsync=True)

        @huey.task()  # type: ignore[untyped-decorator]
        def say(number: int) -> None:
            _write(store, number)
            say.schedule((number,), delay=7 * 86_400)

        for number in range(self.due):
            say(number)
        start = time.perf_counter()
        for _ in range(self.due):
            huey.execute(huey.dequeue())
        taken = time.perf_counter() - start
        store.close()
        return taken


_store: SqlStore  # of the round under way: a job store keeps the name of its function, and no closure
_said = Semaphore(0)


def _say(number: int) -> None:
    _write(_store, number)
    _said.release()


def _write(store: SqlStore, number: int) -> None:
    attempt = an_attempt(a_post(number))
    store.open_attempt(attempt, guard())
    store.record_receipt(a_receipt(attempt))


def main() -> None:
    chosen = options(__doc__, accounts=100_000, due=1000, rounds=5)
    logging.getLogger("huey").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), chosen.accounts, chosen.due)
        works: dict[str, Callable[[], float]] = {
            "veilleuse": bench.ours,
            "raw sqlite3": bench.raw,
            "APScheduler's SQL job store": bench.apscheduler,
            "huey, rescheduling itself": bench.huey,
        }
        median = medians(works, chosen.rounds)
        print(f"{chosen.due} due of {chosen.accounts}, {chosen.rounds} rounds; "
              f"fdatasync {fdatasync_ms(Path(folder)):.2f} ms; {bench.recorded.per(chosen.due)}")  # fmt: skip
    for name, taken in median.items():
        print(f"  {name:32}{chosen.due / taken:10,.0f} posts/s")
    ours = median["veilleuse"]
    tell("speed against raw sqlite3 with the same commits", median["raw sqlite3"] / ours, "at least 0.6")
    tell(
        "speed against APScheduler writing the same rows", median["APScheduler's SQL job store"] / ours, "at least 1.6"
    )
    tell("speed against huey writing the same rows", median["huey, rescheduling itself"] / ours, "at least 1.2")


if __name__ == "__main__":
    main()
