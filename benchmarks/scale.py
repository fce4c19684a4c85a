"""Ten thousand accounts on X: one daemon on SQLite, then a pair on Postgres, whole programs against the sandbox.

`python benchmarks/scale.py`: start, sync of a file for each account, the first look at every account, memory, an idle
minute, the page and /metrics; rows and bytes of tables and indexes at the end. A human spoke an hour ago everywhere;
some accounts are due at once, as after a night's outage. It takes some minutes and compares with nobody, so `make
bench` leaves it out; its figures stand in docs/scale.md.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

from measure import fdatasync_ms, free_port, options, rss_mb, until_answered
from postgres import server
from sqlalchemy import text

from veilleuse import bootstrap
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.tables import accounts
from veilleuse.domain.activity import Entry
from veilleuse.sandbox import Sandbox

HEAD = """timezone = "Europe/Paris"
database = "{database}"
content = "content"
[web]
listen = "127.0.0.1:{port}"
[people.claire]
"""
ACCOUNT = """[accounts.{name}]
network = "x"
handle = "{name}"
owner = "claire"
base_url = "{url}"
credentials = {{ {secrets} }}
"""
POST = '[[post]]\ntext = "{name} vous demande, question {number} : thé ou café ?"\n'
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 900  # seconds
POSTS = 6


class Town:
    """So many accounts, their files, and their networks."""

    def __init__(self, folder: Path, count: int, due: int, sandbox: Sandbox) -> None:
        self.folder, self.names, self.due = folder, [f"acme-{number:05}" for number in range(count)], due
        (folder / "content").mkdir()
        tables = []
        for name in self.names:
            made_up = sandbox.add("x", name).secrets
            secrets = ", ".join(f'{secret} = "{value}"' for secret, value in made_up.items())
            tables.append(ACCOUNT.format(name=name, url=sandbox.base_url, secrets=secrets))
            posts = "".join(POST.format(name=name, number=number) for number in range(POSTS))
            (folder / "content" / f"{name}.toml").write_text(f'approved_by = "claire"\n{posts}')
        self.tables = "".join(tables)

    def configured(self, database: str, port: int) -> Path:
        path = self.folder / f"veilleuse-{port}.toml"
        path.touch(mode=0o600)
        path.write_text(HEAD.format(database=database, port=port) + self.tables)
        return path

    def settle(self, config: Path) -> None:
        """The folder read; somebody spoke an hour ago, everywhere; some are due now."""
        clock = bootstrap.SystemClock()
        settings = bootstrap.load(config)
        location = settings.database
        assert location is not None
        address = location.held
        store = open_store(address if "://" in address else self.folder / address, create=True)
        now = clock.now()
        store.register(settings.accounts, now)
        begun = time.monotonic()
        sync = [sys.executable, "-m", "veilleuse", "--config", str(config), "sync"]
        subprocess.run(sync, check=True, stdout=subprocess.DEVNULL)
        print(
            f"  first sync of {len(self.names)} files, {POSTS} posts each, by itself: {time.monotonic() - begun:.1f} s"
        )
        for name in self.names:
            entry = Entry(remote_id=f"{name}-1", text="Bonjour", created_at=now - timedelta(hours=1))
            store.record_reading(name, [entry], ["post"], now)
        store.ring(self.names, now)
        store.close()
        database = Database(address if "://" in address else self.folder / address)
        later = accounts.update().where(accounts.c.name.not_in(self.names[: self.due]))
        with database.write() as connection:
            connection.execute(later.values(next_look_at=now + timedelta(days=1), reason="quiet"))
        database.close()


@contextmanager
def daemon(config: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (config.with_suffix(".log")).open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "veilleuse", "--config", str(config), "run"], stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def until(database: Database, query: str, wanted: int) -> float:
    """Seconds until that query counts so many."""
    begun = time.monotonic()
    while True:
        with database.read() as connection:
            if connection.execute(text(query)).scalar_one() >= wanted:
                return time.monotonic() - begun
        assert time.monotonic() - begun < PATIENCE, query
        time.sleep(0.5)


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def fetched(port: int, path: str) -> tuple[float, bytes]:
    begun = time.monotonic()
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
        body = answer.read()
    return time.monotonic() - begun, body


def looks(port: int) -> int:
    _, told = fetched(port, "/metrics")
    return int(float(told.decode().partition("veilleuse_look_seconds_count ")[2].split()[0]))


LOOKED = "SELECT count(*) FROM accounts WHERE reason <> ''"


def live(town: Town, configs: dict[int, Path], database: Database, settling: int, idle: int) -> None:
    count = len(town.names)
    with ExitStack() as stack:
        begun = time.monotonic()
        running = {port: stack.enter_context(daemon(config)) for port, config in configs.items()}
        until(database, LOOKED, count)
        print(f"  start, and {town.due} looks that were due: {time.monotonic() - begun:.1f} s")
        time.sleep(settling)  # the first alerts and rescans
        for port in running:
            until_answered(port)
        before = {process.pid: cpu_s(process.pid) for process in running.values()}
        time.sleep(idle)
        for port, process in running.items():
            share = (cpu_s(process.pid) - before[process.pid]) / idle
            print(f"  daemon {port}: idle {share:.1%} of a core, memory {rss_mb(process.pid):.0f} MB "
                  f"(most ever {rss_mb(process.pid, 'VmHWM'):.0f} MB)")  # fmt: skip
        for path in ("/", "/metrics", "/healthz"):
            taken, body = fetched(next(iter(running)), path)
            print(f"  GET {path}: {taken:.2f} s, {len(body) / 1e6:.2f} MB")
        for port, process in running.items():
            print(f"  daemon {port}: {looks(port)} looks; with the page looked at {rss_mb(process.pid):.0f} MB")


def sizes(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        size = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
        print(f"  the database: {size[0] / 1e6:.1f} MB")
        for name in ("accounts", "posts", "activities"):
            [rows] = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
            print(f"    {name}: {rows} rows")
    connection.close()


POSTGRES_SIZES = """SELECT relname, n_live_tup, pg_table_size(relid), pg_indexes_size(relid)
    FROM pg_stat_user_tables ORDER BY 3 DESC LIMIT 6"""


def main() -> None:
    chosen = options(__doc__, accounts=10_000, due=500, settling=20, idle=20)
    port, other = free_port(), free_port()
    with tempfile.TemporaryDirectory() as scratch, Sandbox(bootstrap.SystemClock()) as sandbox:
        folder = Path(scratch)
        print(
            f"{chosen.accounts} accounts, {chosen.due} due; "
            f"fdatasync {fdatasync_ms(folder):.2f} ms; load {os.getloadavg()[0]:.1f}"
        )
        town = Town(folder, chosen.accounts, chosen.due, sandbox)
        config = town.configured("house.db", port)
        begun = time.monotonic()
        bootstrap.load(config)
        print(f"  the configuration, {config.stat().st_size / 1e6:.1f} MB, read: {time.monotonic() - begun:.1f} s")
        print("one daemon on SQLite:")
        town.settle(config)
        database = Database(folder / "house.db")
        live(town, {port: config}, database, chosen.settling, chosen.idle)
        database.close()
        sizes(folder / "house.db")
        with server() as address:
            print(f"a pair on Postgres (load {os.getloadavg()[0]:.1f}):")
            place = address.format("postgres")
            configs = {each: town.configured(place, each) for each in (port, other)}
            town.settle(configs[port])
            database = Database(place)
            live(town, configs, database, chosen.settling, chosen.idle)
            with database.write() as connection:
                connection.execute(text("ANALYZE"))
            with database.read() as connection:
                for name, rows, table, index in connection.execute(text(POSTGRES_SIZES)):
                    print(f"    {name}: {rows} rows, {table / 1e6:.1f} MB, indexes {index / 1e6:.1f} MB")
            database.close()


if __name__ == "__main__":
    main()
