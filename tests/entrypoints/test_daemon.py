"""The daemon as systemd sees it: a real process, its words to the manager, its signals, its exit codes."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.db.store import open_store
from veilleuse.sandbox import Fault, Sandbox
from veilleuse.sandbox.wire import Response

SECRETS = {
    f"VEILLEUSE_ACME_X_{name.upper()}": f"sandbox-{name}-acme"
    for name in ("api_key", "api_secret", "access_token", "access_secret")
}


class SlowSandbox(Sandbox):
    """Takes its time to answer a publish, so that a signal can come while the call is under way."""

    sending = threading.Event()

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Response | None, Fault | None]:
        answer = super().answer(method, target, headers, body)
        if method == "POST" and target.startswith("/2/tweets"):
            self.sending.set()
            time.sleep(1.5)
        return answer


class Service:
    """One `veilleuse run`, and the socket on which it speaks to its manager."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._socket.settimeout(20)
        self.environ = {**os.environ, **SECRETS, "NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "600000"}
        (folder / "content").mkdir()
        (folder / "content" / "acme-x.toml").write_text(
            'approved_by = "claire"\n[[post]]\ntext = "Thé ou café ?"\n[[post]]\ntext = "Ville ou campagne ?"\n'
        )
        (folder / "veilleuse.toml").write_text(
            '[rule]\nhours = "always"\n[people.claire]\n[accounts.acme-x]\nnetwork = "x"\nhandle = "acme"\n'
            f'owner = "claire"\nbase_url = "{sandbox.base_url}"\n'
        )

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "veilleuse", "run", "--log", "json"],
            cwd=self.folder,
            env=self.environ,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hears(self, word: str) -> bool:
        """Whether that word comes before 20 seconds of silence."""
        while True:
            if self._socket.recv(200).decode() == word:
                return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def sandbox() -> Iterator[SlowSandbox]:
    with SlowSandbox(SystemClock()) as sandbox:
        sandbox.sending.clear()
        sandbox.add("x", "acme")
        yield sandbox


@pytest.fixture
def service(tmp_path: Path, sandbox: Sandbox) -> Iterator[Service]:
    service = Service(tmp_path, sandbox)
    yield service
    service.close()


def test_it_stops_cleanly_with_a_call_in_flight_and_records_what_that_call_did(
    service: Service, sandbox: SlowSandbox
) -> None:
    with service.start() as daemon:
        assert service.hears("READY=1")
        assert sandbox.sending.wait(20)
        daemon.send_signal(signal.SIGTERM)
        assert service.hears("STOPPING=1")
        _, log = daemon.communicate(timeout=30)
    assert daemon.returncode == 0
    assert "Traceback" not in log
    store = open_store(service.folder / "veilleuse.db")
    assert len(store.receipts()) == len(sandbox.timeline("acme")) == 1
    assert store.unsettled("acme-x") == []
    store.close()


def test_it_tells_the_watchdog_and_a_second_one_on_its_file_is_refused(service: Service) -> None:
    with service.start() as daemon:
        assert service.hears("READY=1")
        assert service.hears("WATCHDOG=1")
        with service.start() as second:
            _, said = second.communicate(timeout=30)
        assert second.returncode == 2
        assert f"(process {daemon.pid})" in said
        assert "Traceback" not in said
        daemon.send_signal(signal.SIGINT)
        daemon.communicate(timeout=30)
    assert daemon.returncode == 0


def test_killed_while_sending_it_finds_out_by_reading_and_says_nothing_twice(
    service: Service, sandbox: SlowSandbox
) -> None:
    with service.start() as daemon:
        assert sandbox.sending.wait(20)
        daemon.kill()
    with service.start() as daemon:
        _until(lambda: bool(_receipts(service)))
        daemon.terminate()
        daemon.communicate(timeout=30)
    assert [shown.text for shown in sandbox.timeline("acme")] == ["Thé ou café ?"]
    assert _receipts(service) == ["read_back"]


def _receipts(service: Service) -> list[str]:
    store = open_store(service.folder / "veilleuse.db")
    try:
        return [receipt.proof.value for receipt in store.receipts()]
    finally:
        store.close()


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)
