"""The first page and /metrics with 1,000 accounts: server time; the daemon's memory with the page and without.

`python benchmarks/page.py [--accounts 10000]`: no rival renders this page: milliseconds and megabytes are told.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measure import free_port, look_at_pages, options, rss_mb, tell
from starlette.testclient import TestClient

from veilleuse import bootstrap
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.activity import Entry
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import Post, Source
from veilleuse.entrypoints.metrics import exposition
from veilleuse.entrypoints.supplies import Supplies
from veilleuse.entrypoints.web.app import application
from veilleuse.entrypoints.web.site import Site
from veilleuse.services.drop import Drops

POSTS = 10
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
CONFIG = """
{web}
[people.claire]
[accounts.acme-x]
network = "x"
handle = "acme"
owner = "claire"
base_url = "http://127.0.0.1:9"
[accounts.acme-x.credentials]
api_key = "1"
api_secret = "2"
access_token = "3"
access_secret = "4"
"""


class Clock:
    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError


def configured(folder: Path, web: str) -> Path:
    path = folder / "veilleuse.toml"
    path.touch(mode=0o600)
    path.write_text(CONFIG.format(web=web))
    (folder / "content").mkdir(exist_ok=True)
    return path


def server_time(folder: Path, count: int, rounds: int) -> None:
    settings = bootstrap.load(configured(folder, '[web]\nlisten = "127.0.0.1:8080"'))
    store = open_store(folder / "thousand.db", create=True)
    one = settings.accounts[0]
    accounts = {f"acme-{n:04}": replace(one, name=f"acme-{n:04}", identity=str(n)) for n in range(count)}
    store.register(accounts.values(), NOW)
    posts = [
        Post(
            account=name,
            id=f"p{n}",
            text=f"Bonjour de {name}, {n} ?",
            source=Source(file=f"{name}.toml", line=n),
            approved_by="claire",
            order=(name, n),
        )
        for name in accounts
        for n in range(POSTS)
    ]
    store.apply(SyncChange(upserts=tuple(posts)), NOW)
    for n, name in enumerate(accounts):
        at = NOW - timedelta(hours=n % 190)
        store.record_reading(name, [Entry(remote_id=f"r{n}", text="Bonjour", created_at=at)], ["post"], NOW)
    clock = Clock()
    site = Site(
        settings=settings,
        accounts=accounts,
        store=store,
        clock=clock,
        drops=Drops(bootstrap.drop_place(settings, clock, store), store, clock, accounts),
        key=b"k" * 32,
        unwell=list,
    )
    client = TestClient(application(site), base_url="http://127.0.0.1:8080")
    supplies = Supplies()
    asked: dict[str, Callable[[], bytes]] = {
        "the first page": lambda: client.get("/").raise_for_status().content,
        "/metrics": lambda: exposition(site, site.timings, supplies),
    }
    for (what, ask), most in zip(asked.items(), (200, 1000), strict=True):
        walls, cpus = [], []
        for _ in range(rounds):
            wall, cpu = time.perf_counter(), time.process_time()
            answer = ask()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        print(f"{what} of {count} accounts, {POSTS} posts each ({len(answer) / 1000:.0f} kB):")
        print(f"  of the processor: median {1e3 * statistics.median(cpus):.0f} ms, fastest {1e3 * min(cpus):.0f} ms")
        tell("ms by the clock", 1e3 * statistics.median(walls), f"at most {most}")
    store.close()


def memory(folder: Path, idle: float, port: int | None) -> float:
    """MB of a running daemon; with a page, after it was looked at."""
    config = configured(folder, f'[web]\nlisten = "127.0.0.1:{port}"' if port else "")
    process = subprocess.Popen(
        [sys.executable, "-m", "veilleuse", "--config", str(config), "run"], stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(idle)
        if port is not None:
            look_at_pages(port)
        return rss_mb(process.pid)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    chosen = options(__doc__, accounts=1000, rounds=15, idle=12)
    with tempfile.TemporaryDirectory() as folder:
        server_time(Path(folder), chosen.accounts, chosen.rounds)
    with tempfile.TemporaryDirectory() as folder:
        without = memory(Path(folder), chosen.idle, None)
        with_page = memory(Path(folder), chosen.idle, free_port())
    print(f"the daemon: {without:.1f} MB without the page, {with_page:.1f} MB with it")
    tell("MB more with the page", with_page - without, "at most 20")


if __name__ == "__main__":
    main()
