"""SIGHUP: a real daemon goes on with the configuration as it stands now, or says why it does not."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.entrypoints.cli_house import SECRETS, CliHouse, furnished
from tests.entrypoints.test_page import free_port, listening
from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.alert import Condition
from veilleuse.ports import AnotherDaemon

MORE = '\n[accounts.acme-uk]\nnetwork = "facebook"\npage_id = "42"\nowner = "hugo"\nbase_url = "http://127.0.0.1:9"\n'


class Served:
    """One `veilleuse run` with a page, and the ear of its manager."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house: CliHouse = furnished(folder)
        self.port = free_port()
        listening(self.house, self.port)
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(str(folder / "notify"))
        self.ear.settimeout(30)
        for name, value in {**SECRETS, "NOTIFY_SOCKET": str(folder / "notify")}.items():
            monkeypatch.setenv(name, value)
        self.config = self.house.folder / "veilleuse.toml"
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "veilleuse", "run", "--log", "json"], stderr=log, cwd=folder
            )
        self.heard("READY=1")

    def heard(self, word: str) -> list[str]:
        """Everything said until that word."""
        said: list[str] = []
        until = time.monotonic() + 30
        while word not in said:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, said
            said += self.ear.recv(4096).decode().splitlines()
        return said

    def reload(self) -> list[str]:
        self.process.send_signal(signal.SIGHUP)
        return [*self.heard("RELOADING=1"), *self.heard("READY=1")]

    def get(self, path: str, port: int | None = None) -> str:
        with urlopen(f"http://127.0.0.1:{port or self.port}{path}") as answer:
            return str(answer.read().decode())

    def accounts(self) -> set[str]:
        lines = self.get("/metrics").splitlines()
        return {line.split('"')[1] for line in lines if line.startswith("veilleuse_max_silence_seconds{")}

    def alerts(self) -> list[str]:
        store = open_store(self.house.folder / "veilleuse.db")  # no command reads a configuration that is wrong
        try:
            found = [alert.finding for alert in store.alerts(account="")]
        finally:
            store.close()
        return [finding.text for finding in found if finding.condition is Condition.CONFIGURATION_REFUSED]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    served = Served(tmp_path, monkeypatch)
    yield served
    served.process.terminate()
    assert served.process.wait(40) == 0
    served.ear.close()
    assert "Traceback" not in served.log.read_text()


def test_a_new_account_is_kept_from_the_reload_on_by_the_same_process(served: Served) -> None:
    assert served.accounts() == {"acme-x", "acme-facebook"}
    with served.config.open("a") as config:
        config.write(MORE)
    said = served.reload()
    assert any(word.startswith("MONOTONIC_USEC=") for word in said)
    assert served.process.poll() is None
    assert served.accounts() == {"acme-x", "acme-facebook", "acme-uk"}
    assert json.loads(served.get("/healthz")) == {"status": "ok"}


def test_while_it_reloads_no_other_daemon_can_take_its_database(served: Served) -> None:
    database = served.house.folder / "veilleuse.db"
    served.process.send_signal(signal.SIGHUP)
    ready = time.monotonic() + 30
    served.ear.settimeout(0.001)
    tried, done = 0, False
    while not done:
        assert time.monotonic() < ready
        with pytest.raises(AnotherDaemon), DaemonLock(database):
            pass
        tried += 1
        try:
            done = b"READY=1" in served.ear.recv(4096)
        except TimeoutError:
            continue
    assert tried > 10


def test_a_wrong_configuration_is_refused_told_and_changes_nothing_until_it_is_mended(served: Served) -> None:
    right = served.config.read_text()
    served.config.write_text(f'colour = "blue"\n{right}{MORE}')
    said = served.reload()
    assert any("STATUS=The new configuration is refused" in word and "colour" in word for word in said)
    assert served.accounts() == {"acme-x", "acme-facebook"}
    [alert] = served.alerts()
    assert "veilleuse.toml:1" in alert
    assert '"event": "configuration.refused"' in served.log.read_text()
    served.config.write_text(right + MORE)
    served.reload()
    assert served.alerts() == []
    assert "acme-uk" in served.accounts()


def test_another_database_needs_a_restart(served: Served) -> None:
    served.config.write_text(f'database = "other.db"\n{served.config.read_text()}')
    served.reload()
    assert "restart the daemon" in served.alerts()[0]
    assert not (served.house.folder / "other.db").exists()


def test_where_the_new_page_cannot_be_served_the_old_house_opens_again(served: Served) -> None:
    right = served.config.read_text()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        served.config.write_text(right.replace(f":{served.port}", f":{port}"))
        served.reload()
    assert f"127.0.0.1:{port}" in served.alerts()[0]
    assert served.accounts() == {"acme-x", "acme-facebook"}
