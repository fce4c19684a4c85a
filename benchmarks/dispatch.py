"""Dispatch on SQLite: what it costs to say a post durably, against the raw driver and what one would pick instead.

`python benchmarks/dispatch.py`: of --accounts, --due are due; every one is claimed, its attempt committed, its receipt
committed, its next look committed. No network is called. Ratios of one run, shuffled, with the disk's fdatasync.
"""

import contextlib
import logging
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from company import LATER, NOW, a_post, a_receipt, an_attempt, dispatch, lay, name_of
from huey import SqliteHuey
from measure import fdatasync_ms, medians, options, tell

from veilleuse.adapters.db.store import open_store

MOMENT = "2026-11-20T10:00:00.000000Z"
THEN = "2026-11-23T10:00:00.000000Z"

TAKE = "UPDATE accounts SET attempted_at = ? WHERE name = ? AND enabled AND claimed_by = ? AND spoke_at IS NULL"
FACTS = """SELECT digest, approved_by,
    (SELECT reason FROM freezes WHERE account = '' OR account = posts.account LIMIT 1),
    (SELECT count(*) FROM receipts WHERE receipts.account = posts.account AND at >= ?),
    EXISTS (SELECT 1 FROM receipts WHERE network = 'x' AND identity = posts.account AND post_id = posts.id),
    EXISTS (SELECT 1 FROM attempts WHERE account = posts.account AND outcome IN ('open', 'unknown'))
    FROM posts WHERE account = ? AND id = 'hello' AND missing_since IS NULL"""
CLOSED = "UPDATE attempts SET outcome = 'published', closed_at = ? WHERE id = ?"
SPOKE = "UPDATE accounts SET spoke_at = ? WHERE name = ?"
FINISH = """UPDATE accounts SET next_look_at = ?, speaks_at = ?, reason = 'kept alive: published', claimed_by = NULL,
    claimed_at = NULL WHERE name = ?"""
CLAIM = """UPDATE accounts SET claimed_by = 'raw', claimed_at = ? WHERE name IN (SELECT name FROM accounts
    WHERE next_look_at <= ? AND claimed_by IS NULL ORDER BY next_look_at LIMIT 100) RETURNING name"""


class Bench:
    """One laid database, copied for each round."""

    def __init__(self, folder: Path, accounts: int, due: int) -> None:
        self.folder, self.due = folder, due
        self._numbers = count()
        self.laid = folder / "laid.db"
        lay(self.laid, accounts, due)
        said = folder / "said.db"  # the rows that the raw driver will write are those we write
        shutil.copyfile(self.laid, said)
        store = open_store(said)
        store.beat("daemon-1", NOW, timedelta(days=1))
        for _ in dispatch(store):
            pass
        store.close()
        with contextlib.closing(sqlite3.connect(said)) as database:
            self.rows = {
                table: database.execute(f"SELECT * FROM {table} ORDER BY account").fetchall()
                for table in ("attempts", "receipts", "activities")
            }

    def copy(self) -> Path:
        path = self.folder / f"{next(self._numbers)}.db"
        shutil.copyfile(self.laid, path)
        return path

    def ours(self) -> float:
        store = open_store(self.copy())
        store.beat("daemon-1", NOW, timedelta(days=1))
        start = time.perf_counter()
        assert sum(1 for _ in dispatch(store)) == self.due
        taken = time.perf_counter() - start
        store.close()
        return taken

    def raw(self) -> float:
        """The same statements and the same commits by hand."""
        database = sqlite3.connect(self.copy(), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            database.execute(f"PRAGMA {pragma}")
        keep = {
            table: f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})" for table, rows in self.rows.items()
        }
        rows = {table: {row[1 if table == "attempts" or table == "receipts" else 0]: row for row in found}
                for table, found in self.rows.items()}  # fmt: skip
        start = time.perf_counter()
        done = 0
        while claimed := database.execute(CLAIM, (MOMENT, MOMENT)).fetchall():
            for (name,) in claimed:
                database.execute("BEGIN IMMEDIATE")
                database.execute(TAKE, (MOMENT, name, "raw"))
                database.execute(FACTS, (MOMENT, name)).fetchone()
                database.execute(keep["attempts"], _opened(rows["attempts"][name]))
                database.execute("COMMIT")
                database.execute("BEGIN IMMEDIATE")
                database.execute(SPOKE, (MOMENT, name))
                database.execute(keep["activities"], rows["activities"][name])
                database.execute(keep["receipts"], rows["receipts"][name])
                database.execute(CLOSED, (MOMENT, f"attempt-{name}"))
                database.execute("COMMIT")
                database.execute("SELECT * FROM accounts WHERE name = ?", (name,)).fetchone()
                database.execute(FINISH, (THEN, THEN, name))
                done += 1
        taken = time.perf_counter() - start
        database.close()
        assert done == self.due
        return taken

    def apscheduler(self) -> float:
        """Its SQL job store with a job an account; the job writes the same attempt and receipt through our store."""
        path = self.copy()
        store = open_store(path)
        store.beat("daemon-1", NOW, timedelta(days=1))
        while store.claim_due("daemon-1", NOW, 1000):
            pass
        scheduler = BackgroundScheduler(timezone="UTC")
        jobs = SQLAlchemyJobStore(url=f"sqlite:///{path.with_suffix('.jobs')}")
        scheduler.add_jobstore(jobs)
        scheduler.start(paused=True)
        with jobs.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        for number in range(self.due):
            scheduler.add_job(_say, "interval", days=7, id=name_of(number), args=[number], next_run_time=NOW)
        said = 0
        start = time.perf_counter()
        for job in jobs.get_due_jobs(LATER):
            _write(store, job.args[0])
            job._modify(next_run_time=LATER)
            jobs.update_job(job)
            said += 1
        taken = time.perf_counter() - start
        scheduler.shutdown(wait=False)
        store.close()
        assert said == self.due
        return taken

    def huey(self) -> float:
        """A task that puts itself back, writing the same attempt and receipt through our store."""
        path = self.copy()
        store = open_store(path)
        store.beat("daemon-1", NOW, timedelta(days=1))
        while store.claim_due("daemon-1", NOW, 1000):
            pass
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


def _opened(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple("open" if value == "published" else value for value in row)


def _say(number: int) -> None:
    """What the job store keeps the name of; the round calls it by hand."""


def _write(store: object, number: int) -> None:
    from company import guard

    attempt = an_attempt(a_post(number))
    store.open_attempt(attempt, guard())  # type: ignore[attr-defined]
    store.record_receipt(a_receipt(attempt))  # type: ignore[attr-defined]


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
              f"fdatasync {fdatasync_ms(Path(folder)):.2f} ms")  # fmt: skip
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
