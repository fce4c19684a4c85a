"""What systemd hears."""

import os
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from veilleuse.adapters.sd_notify import ServiceManager


@pytest.fixture(params=["in the file system", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """What NOTIFY_SOCKET holds, and the ear behind it."""
    address = str(tmp_path / "notify") if request.param == "in the file system" else f"@veilleuse-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address.replace("@", "\0", 1))
        ear.settimeout(5)
        yield address, ear


def test_each_word_is_one_datagram(listener: tuple[str, socket.socket]) -> None:
    address, ear = listener
    systemd = ServiceManager({"NOTIFY_SOCKET": address})
    systemd.ready()
    systemd.watchdog()
    systemd.status("2 accounts alive;\nnext look Friday à 10 h")
    systemd.stopping()
    heard = [ear.recv(4096).decode() for _ in range(4)]
    assert heard == ["READY=1", "WATCHDOG=1", "STATUS=2 accounts alive; next look Friday à 10 h", "STOPPING=1"]


def test_reloading_says_when_it_began(listener: tuple[str, socket.socket]) -> None:
    address, ear = listener
    began = time.monotonic_ns() // 1000
    ServiceManager({"NOTIFY_SOCKET": address}).reloading()
    word, _, said = ear.recv(4096).decode().partition("\n")
    assert word == "RELOADING=1"
    assert began <= int(said.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000


def test_without_systemd_nothing_is_said_and_nothing_breaks() -> None:
    with capture_logs() as logs:
        ServiceManager({}).ready()
    assert logs == []


def test_a_socket_that_is_gone_is_logged_not_raised(tmp_path: Path) -> None:
    with capture_logs() as logs:
        ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).watchdog()
    assert [(e["event"], e["word"]) for e in logs] == [("systemd.not_told", "WATCHDOG=1")]


@pytest.mark.parametrize(
    ("environ", "interval"),
    [
        ({"WATCHDOG_USEC": "60000000"}, timedelta(seconds=30)),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(seconds=30)),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),  # meant for another process
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_it_asks(environ: dict[str, str], interval: timedelta | None) -> None:
    assert ServiceManager(environ).watchdog_interval == interval


def test_where_it_has_a_runtime_folder_a_file_tells_its_age(tmp_path: Path) -> None:
    system = ServiceManager({"RUNTIME_DIRECTORY": str(tmp_path)})
    assert not (tmp_path / "alive").exists()
    system.watchdog()
    assert (tmp_path / "alive").exists()
