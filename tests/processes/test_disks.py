"""A disk that is full, or can only be read. As root: a small file system in memory is mounted for it."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import Loopback
from tests.processes.company import Company, SlowSandbox, until
from tests.processes.conftest import Tell, told

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _company(disk: Path, sandbox: SlowSandbox, folder: Path, phone: Loopback) -> Company:
    notify = f"json://127.0.0.1:{phone.port}/"
    return Company(folder, sandbox, str(disk / "house.db"), accounts=120, posts=30, notify=notify)


def _fill(disk: Path) -> Path:
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (65536, 512, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def test_a_full_disk_while_it_publishes(
    disk: Path, slow_sandbox: SlowSandbox, phone: Loopback, tmp_path: Path, tell: Tell
) -> None:
    company = _company(disk, slow_sandbox, tmp_path, phone)
    slow_sandbox.after = 1.0  # eight calls are always under way
    daemon = company.start()
    slow_sandbox.goes_on(more=20)
    start = company.log.stat().st_size
    filler = _fill(disk)
    why = company.hears("database.away", start=start, seconds=120)["why"]
    assert "the disk is full" in why
    until(lambda: told(phone, b"its database cannot be used") == 1, 150, "somebody is told without the database")
    seen = slow_sandbox.publishing
    time.sleep(10)
    assert slow_sandbox.publishing == seen, "nothing is sent without an attempt that is written"
    assert daemon.poll() is None
    lost = len(company.unrecorded())
    filler.unlink()
    slow_sandbox.goes_on("it goes on by itself", seconds=180)
    until(lambda: told(phone, b"its database is back") == 1, 60, "the all-clear")
    assert company.stop(daemon) == 0
    company.settle()
    company.judge()
    spooled = len(company.events("receipt.spooled", start))
    only = len(company.events("receipt.only_on_the_network", start))
    tell(
        f"full disk: {lost} posts were live without a receipt ({spooled} refused by the database, {only} by the disk"
        f" too), all settled since; {len(company.live())} posts, none twice; the log said: {why}"
    )


def test_a_full_disk_at_the_start(
    disk: Path, slow_sandbox: SlowSandbox, phone: Loopback, tmp_path: Path, tell: Tell
) -> None:
    company = _company(disk, slow_sandbox, tmp_path, phone)
    _fill(disk)
    assert company.start(hurried=False).wait(60) == 1
    said = company.log.read_text().strip().splitlines()
    assert "Traceback" not in "".join(said)
    assert told(phone, b"its database cannot be used") == 1
    assert slow_sandbox.publishing == 0
    tell(f"full disk at the start: exit 1; it said: {said[-1]}")


def test_a_disk_that_can_only_be_read_at_the_start(
    disk: Path, slow_sandbox: SlowSandbox, phone: Loopback, tmp_path: Path, tell: Tell
) -> None:
    company = _company(disk, slow_sandbox, tmp_path, phone)
    with company.start() as daemon:
        slow_sandbox.goes_on()
        daemon.kill()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    seen, start = slow_sandbox.publishing, company.log.stat().st_size
    assert company.start(hurried=False).wait(60) == 1
    said = company.log.read_bytes()[start:].decode().strip()
    assert "Traceback" not in said
    assert told(phone, b"its database cannot be used") == 1
    assert slow_sandbox.publishing == seen
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    company.settle()
    company.judge()
    tell(f"read-only disk at the start: exit 1; it said: {said}")
