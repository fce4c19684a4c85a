"""Postgres goes away under load and comes back, or takes no writes: the daemon says so, waits and goes on by itself."""

import random
import time
from pathlib import Path

import psycopg
import pytest

from tests.loopback import Loopback
from tests.processes.company import Company, SlowSandbox, until
from tests.processes.conftest import Postgres, Tell, told
from veilleuse.adapters.db.store import open_store

pytestmark = pytest.mark.timeout(1200)
SHORT_OUTAGES = 5
LONG = 80.0  # seconds: longer than the minute after which somebody is told


def _busy(server: Postgres, sandbox: SlowSandbox, folder: Path, phone: Loopback) -> Company:
    sandbox.before = sandbox.after = 0.1
    notify = f"json://127.0.0.1:{phone.port}/"
    return Company(folder, sandbox, server.address, accounts=150, posts=40, notify=notify)


def test_postgres_stopped_and_started_under_load(
    server: Postgres, slow_sandbox: SlowSandbox, phone: Loopback, tmp_path: Path, tell: Tell
) -> None:
    company, chance = _busy(server, slow_sandbox, tmp_path, phone), random.Random(4)
    daemon = company.start()
    company.hears("daemon.started")
    for _ in range(SHORT_OUTAGES):
        slow_sandbox.goes_on()
        start = company.log.stat().st_size
        server.stop(chance.choice(["immediate", "fast"]))
        time.sleep(chance.uniform(2, 10))
        server.start()
        assert company.events("database.away", start)
    assert told(phone, b"cannot be used") == 0, "nobody is called for a few seconds"
    server.stop()
    time.sleep(LONG)
    assert daemon.poll() is None
    assert told(phone, b"its database cannot be used") == 1
    server.start()
    slow_sandbox.goes_on("it goes on by itself")
    until(lambda: told(phone, b"its database is back") == 1, 60, "the all-clear")
    why = company.events("database.away")[-1]["why"]
    assert company.stop(daemon) == 0
    company.settle()
    company.judge()
    spooled, replayed = len(company.events("receipt.spooled")), len(company.events("spool.replayed"))
    tell(
        f"{SHORT_OUTAGES} short outages and one of {LONG:.0f} s: {len(company.live())} posts, none twice; {spooled}"
        f" receipts kept on disk, {replayed} replayed; the log said: {why}"
    )


def test_a_postgres_that_takes_no_writes_is_waited_for(
    server: Postgres, slow_sandbox: SlowSandbox, phone: Loopback, tmp_path: Path, tell: Tell
) -> None:
    company = _busy(server, slow_sandbox, tmp_path, phone)
    daemon = company.start()
    slow_sandbox.goes_on()
    start = company.log.stat().st_size
    _writes(server, allowed=False)
    company.hears("database.away", start=start)
    time.sleep(5)
    why = company.events("database.away", start)[-1]["why"]
    assert "read-only" in why
    seen = slow_sandbox.publishing
    time.sleep(10)
    assert slow_sandbox.publishing == seen, "nothing is sent without an attempt that is written"
    _writes(server, allowed=True)
    slow_sandbox.goes_on("it goes on by itself")
    assert company.stop(daemon) == 0
    company.settle()
    company.judge()
    spooled, replayed = len(company.events("receipt.spooled", start)), len(company.events("spool.replayed", start))
    tell(f"read-only Postgres: {spooled} receipts kept on disk, {replayed} replayed; the log said: {why}")


@pytest.mark.parametrize("trouble", ["stopped", "read-only"])
def test_at_the_start_it_says_what_is_wrong_calls_somebody_and_ends_with_1(
    trouble: str, server: Postgres, slow_sandbox: SlowSandbox, phone: Loopback, tmp_path: Path, tell: Tell
) -> None:
    company = _busy(server, slow_sandbox, tmp_path, phone)
    open_store(server.address, create=True).close()
    if trouble == "stopped":
        server.stop()
    else:
        _writes(server, allowed=False)
    for _ in range(2):  # systemd starts it again
        assert company.start(hurried=False).wait(60) == 1
    said = company.log.read_text().strip().splitlines()
    assert "Traceback" not in "".join(said)
    assert told(phone, b"its database cannot be used") == 1
    if trouble == "stopped":
        server.start()
    else:
        _writes(server, allowed=True)
    start = company.log.stat().st_size
    daemon = company.start()
    company.hears("daemon.started", start=start)
    until(lambda: told(phone, b"its database is back") == 1, 60, "the all-clear")
    assert company.stop(daemon) == 0
    tell(f"{trouble} at the start: exit 1, told once in two starts; it said: {said[-1]}")


def _writes(server: Postgres, *, allowed: bool) -> None:
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'off' if allowed else 'on'}".encode())
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'veilleuse' AND pid <> pg_backend_pid()"
        )
