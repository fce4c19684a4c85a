"""A bell that rings while nothing is due, at 1,000 and at very many accounts; and a backlog after an outage.

`python benchmarks/idle.py`: the cost of a poll, its growth, the memory of accounts and of a backlog, and how soon the
first post of a backlog goes out; beside APScheduler's SQL job store, as a whole process each where memory is told.
"""

import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from company import LATER, ME, NOW, dispatch, lay, name_of
from measure import fdatasync_ms, medians, options, rss_mb, say, tell

from veilleuse.adapters.db.store import open_store

POLLS = 200
FEW = 1000


def job(number: int) -> None:
    """The job whose due times APScheduler keeps."""


def ours(path: Path) -> float:
    """Seconds for one poll of the daemon that finds nothing due."""
    store = open_store(path)
    store.beat(ME, NOW, timedelta(days=1))
    start = time.perf_counter()
    for _ in range(POLLS):
        assert not store.claim_due(ME, NOW, 16, ())
    taken = (time.perf_counter() - start) / POLLS
    store.close()
    return taken


def lay_jobs(path: Path, accounts: int, due: int) -> None:
    """APScheduler's own table, filled at once from a job it made itself."""
    jobs, _ = _jobs(path)
    with jobs.engine.begin() as connection:
        template = connection.execute(jobs.jobs_t.select()).one()
        rows = [
            {
                "id": name_of(number),
                "next_run_time": (NOW if number < due else LATER).timestamp(),
                "job_state": template.job_state,
            }
            for number in range(accounts)
        ]
        connection.execute(jobs.jobs_t.delete())
        connection.execute(jobs.jobs_t.insert(), rows)


def _jobs(path: Path) -> tuple[SQLAlchemyJobStore, BackgroundScheduler]:
    scheduler = BackgroundScheduler(timezone="UTC")
    jobs = SQLAlchemyJobStore(url=f"sqlite:///{path}")
    scheduler.add_jobstore(jobs)
    scheduler.start(paused=True)
    if not jobs.get_all_jobs():
        scheduler.add_job(job, "interval", days=7, id="template", args=[0], next_run_time=LATER)
    return jobs, scheduler


def theirs(path: Path) -> float:
    """One wake-up of its own loop: the due jobs, and the next run time."""
    jobs, scheduler = _jobs(path)
    start = time.perf_counter()
    for _ in range(POLLS):
        assert not jobs.get_due_jobs(NOW)
        jobs.get_next_run_time()
    taken = (time.perf_counter() - start) / POLLS
    scheduler.shutdown(wait=False)
    return taken


def first_of_ours(path: Path) -> float:
    """Until the first of the backlog is said, its attempt and receipt on the disk."""
    store = open_store(path)
    store.beat(ME, NOW, timedelta(days=1))
    start = time.perf_counter()
    next(dispatch(store))
    taken = time.perf_counter() - start
    store.close()
    return taken


def first_of_theirs(path: Path) -> float:
    """Until its loop has the first due job in hand."""
    jobs, scheduler = _jobs(path)
    start = time.perf_counter()
    jobs.get_due_jobs(NOW)[0]
    taken = time.perf_counter() - start
    scheduler.shutdown(wait=False)
    return taken


def memory(path: Path, whole: bool) -> None:
    """Prints what this process holds at most, after a poll or after the whole backlog."""
    store = open_store(path)
    store.beat(ME, NOW, timedelta(days=1))
    for _ in dispatch(store) if whole else ():
        pass
    store.claim_due(ME, NOW, 16)
    store.next_look_at()
    print(rss_mb(field="VmHWM"))


def peak_mb(path: Path, whole: bool) -> float:
    command = [sys.executable, __file__, "--memory", str(path), "--whole", str(int(whole))]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    if "--memory" in sys.argv:
        memory(Path(sys.argv[2]), bool(int(sys.argv[4])))
        return
    chosen = options(__doc__, accounts=100_000, backlog=10_000, rounds=5)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        few, many, due, behind = (folder / f"{name}.db" for name in ("few", "many", "due", "behind"))
        say(f"laying {chosen.accounts} accounts, twice, and {chosen.backlog} that are behind")
        lay(few, FEW, 0)
        lay(many, chosen.accounts, 0)
        lay(due, chosen.accounts, chosen.accounts)
        lay(behind, chosen.backlog, chosen.backlog)
        for name, count, late in (("few", FEW, 0), ("many", chosen.accounts, 0), ("due", *[chosen.accounts] * 2)):
            lay_jobs(folder / f"{name}.jobs", count, late)
        figures = medians(
            {
                "ours, few": lambda: ours(few),
                "ours, many": lambda: ours(many),
                "theirs, many": lambda: theirs(folder / "many.jobs"),
                "first of ours": lambda: first_of_ours(due),
                "first of theirs": lambda: first_of_theirs(folder / "due.jobs"),
            },
            chosen.rounds,
        )
        print(f"{FEW} and {chosen.accounts} accounts; fdatasync {fdatasync_ms(folder):.2f} ms")
        for name, taken in figures.items():
            print(f"  {name:20}{1e6 * taken:12,.0f} us")
        tell("a poll: many accounts against few", figures["ours, many"] / figures["ours, few"], "at most 1.2")
        tell("a poll against APScheduler's wake-up", figures["ours, many"] / figures["theirs, many"], "at most 0.35")
        tell("share of a core while idle", figures["ours, many"] / 5, "at most 0.001")
        sooner = figures["first of theirs"] / figures["first of ours"]
        tell("all due: the first goes out so many times sooner", sooner, "at least 100")
        small, large = peak_mb(few, False), peak_mb(many, False)
        tell("MB more for many accounts than for few", large - small, "at most 2")
        tell(f"MB more for a backlog of {chosen.backlog}", peak_mb(behind, True) - small, "at most 8")


if __name__ == "__main__":
    main()
