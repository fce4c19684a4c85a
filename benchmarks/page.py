"""The first page with 1,000 accounts: server time; memory of the daemon with the page and without.

python benchmarks/page.py
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from starlette.testclient import TestClient

from veilleuse import bootstrap
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.activity import Entry
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import Post, Source
from veilleuse.entrypoints.web.app import application
from veilleuse.entrypoints.web.site import Site
from veilleuse.services.drop import Drops

ACCOUNTS, POSTS, ROUNDS = 1000, 10, 15
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


def server_time(folder: Path) -> None:
    settings = bootstrap.load(configured(folder, '[web]\nlisten = "127.0.0.1:8080"'))
    store = open_store(folder / "thousand.db", create=True)
    one = settings.accounts[0]
    accounts = {f"acme-{n:04}": replace(one, name=f"acme-{n:04}", identity=str(n)) for n in range(ACCOUNTS)}
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
        drops=Drops(bootstrap.drop_place(settings, clock), store, clock, accounts),
        key=b"k" * 32,
        unwell=list,
    )
    client = TestClient(application(site), base_url="http://127.0.0.1:8080")
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        answer = client.get("/")
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        assert answer.status_code == 200
    print(f"the first page of {ACCOUNTS} accounts, {POSTS} posts each ({len(answer.content) / 1000:.0f} kB):")
    for kind, taken in (("by the clock", walls), ("by the processor", cpus)):
        print(f"  {kind:18} median {1e3 * statistics.median(taken):4.0f} ms, fastest {1e3 * min(taken):4.0f} ms")
    store.close()


def resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1000


def memory(folder: Path, web: str) -> float:
    """MB of a running daemon; with a page, after it was looked at."""
    config = configured(folder, web)
    process = subprocess.Popen(
        [sys.executable, "-m", "veilleuse", "--config", str(config), "run"], stderr=subprocess.DEVNULL, env=os.environ
    )
    try:
        time.sleep(12)
        for path in ("/healthz", "/", "/accounts/acme-x", "/freeze", "/drop", "/alerts", "/history") if web else ():
            with urlopen(f"http://127.0.0.1:8765{path}") as answer:
                answer.read()
        return resident(process.pid)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        server_time(Path(name))
    with tempfile.TemporaryDirectory() as name:
        without = memory(Path(name), "")
        with_page = memory(Path(name), '[web]\nlisten = "127.0.0.1:8765"')
    print(f"the daemon: {without:.1f} MB without the page, {with_page:.1f} MB with it: +{with_page - without:.1f} MB")


main()
