"""The whole path against a network that takes its time: looks in threads, every step durable, as the daemon does it.

`python benchmarks/network.py`: each publish call takes --wait ms. The bound is what the network alone would allow.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import structlog
from company import ME, NOW, an_account, lay
from measure import copied, fdatasync_ms, medians, options, tell

from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.ids import RandomIds
from veilleuse.adapters.networks import SPECS
from veilleuse.adapters.spool import FileSpool
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.services.alert import Alerts
from veilleuse.services.look import Look
from veilleuse.services.observe import Observe
from veilleuse.services.pace import Pace
from veilleuse.services.prove import Prove
from veilleuse.services.publish import Publish
from veilleuse.services.rounds import Rounds
from veilleuse.services.settle import Settle
from veilleuse.services.spending import Spending
from veilleuse.services.timekeeper import Timekeeper

THREADS = (8, 32)
QUEUED = 10  # posts an account has: one whose queue runs dry calls a human, which is not the usual path


class Still:
    """A clock that stands: only the network takes time here."""

    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Slow:
    """A network that answers after a while."""

    spec = SPECS["x"]

    def __init__(self, account: Account, wait: float, numbers: Iterator[int]) -> None:
        self._account, self._wait, self._numbers = account, wait, numbers

    def identify(self) -> Identity:
        return Identity(remote_id=self._account.name, handle=self._account.identity)

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return Reading(entries=(), complete=True, cursor=cursor, server_time=NOW)

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        return {}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        time.sleep(self._wait)
        return Published(remote_id=str(next(self._numbers)))


def run(laid: Path, posts: int, wait: float, threads: int) -> float:
    """Seconds to say them all."""
    with tempfile.TemporaryDirectory(dir=laid.parent) as folder:
        path = Path(folder, "veilleuse.db")
        copied(laid, path)
        accounts = {account.name: account for account in map(an_account, range(posts))}
        store, clock, numbers = open_store(path), Still(), count(1)
        store.beat(ME, NOW, timedelta(days=1))

        @contextmanager
        def connect(account: Account) -> Iterator[Slow]:
            yield Slow(account, wait, numbers)

        alerts = Alerts(store, SimpleNamespace(channels=lambda person: 1), clock)
        look = Look(
            accounts=accounts,
            specs=SPECS,
            store=store,
            networks=SimpleNamespace(open=connect),
            clock=clock,
            observe=Observe(store=store, clock=clock, settle=Settle(store=store), timekeeper=Timekeeper(clock)),
            publish=Publish(
                store=store,
                clock=clock,
                ids=RandomIds(),
                spool=FileSpool(Path(folder, "receipts")),
                daemon=ME,
                stopped=lambda account: None,
                prove=Prove(mark=lambda account: "its own"),
            ),
            alerts=alerts,
            pace=Pace(timedelta(0)),
            spending=Spending(store=store),
            daemon=ME,
        )
        rounds = Rounds(
            store=store,
            clock=clock,
            alerts=alerts,
            look=look,
            accounts=accounts,
            daemon=ME,
            timekeeper=Timekeeper(clock),
        )
        said = threading.Semaphore(0)
        with ThreadPoolExecutor(threads) as pool:
            start = time.perf_counter()
            left = posts
            while left:
                left -= rounds.poll(pool.submit, lambda report: said.release(), room=min(left, 2 * threads))
            for _ in range(posts):
                said.acquire()
            taken = time.perf_counter() - start
        assert len(store.receipts(limit=posts + 1)) == posts
        store.close()
        return taken


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    chosen = options(__doc__, posts=500, wait=200, rounds=5)
    wait = chosen.wait / 1000
    with tempfile.TemporaryDirectory() as folder:
        laid = Path(folder, "laid.db")
        lay(laid, chosen.posts, chosen.posts, QUEUED)
        works = {str(n): lambda n=n: run(laid, chosen.posts, wait, n) for n in THREADS}
        median = medians(works, chosen.rounds)
        print(f"{chosen.posts} posts of {chosen.wait} ms; fdatasync {fdatasync_ms(Path(folder)):.2f} ms")
    for threads, target in zip(THREADS, ("at least 0.95", "at least 0.92"), strict=True):
        bound = -(-chosen.posts // threads) * wait
        print(f"  {threads:3} threads {median[str(threads)]:8.2f} s; the network alone {bound:.2f} s")
        tell(f"share of the bound with {threads} threads", bound / median[str(threads)], target)


if __name__ == "__main__":
    main()
