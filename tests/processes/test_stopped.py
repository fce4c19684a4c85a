"""A daemon stopped (SIGSTOP) for longer than its life while another takes its account over, and then continued."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.processes.company import WEEKLY, Company, SlowSandbox, until
from tests.processes.conftest import Postgres, Tell
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.attempt import Fault, Outcome, Proof
from veilleuse.sandbox import Fault as NetworkFault
from veilleuse.sandbox.wire import Response
from veilleuse.services.rounds import DAEMON_LIFE

pytestmark = pytest.mark.timeout(600)
LIFE = DAEMON_LIFE.total_seconds()

# The transaction that writes the attempt lasts two seconds: time to queue for a lock that it holds until its commit.
DAWDLE = (
    "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NEW; END $$",
    "CREATE TRIGGER dawdle AFTER INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION dawdle()",
)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM freezes%'"
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


def test_stopped_between_attempt_and_send_it_does_not_send_when_it_wakes(
    server: Postgres, slow_sandbox: SlowSandbox, tmp_path: Path, tell: Tell
) -> None:
    company = Company(tmp_path, slow_sandbox, server.address, accounts=1, posts=2, rule=WEEKLY, x_every=0)
    open_store(server.address, create=True).close()
    server.run(*DAWDLE)
    sleeper = company.start()
    with psycopg.connect(server.address) as watcher, psycopg.connect(server.address, autocommit=True) as eye:
        until(lambda: _count(eye, ASLEEP) == 1, 60, "the attempt is being written")
        watcher.execute("LOCK TABLE freezes IN ACCESS EXCLUSIVE MODE")  # granted as the attempt is committed
        until(lambda: _count(eye, WAITING) >= 1, 10, "the daemon asks once more whether it is frozen")
        time.sleep(0.5)
        sleeper.send_signal(signal.SIGSTOP)
        assert [attempt.outcome for attempt in company.attempts(*Outcome)] == [Outcome.OPEN]
    server.run("DROP TRIGGER dawdle ON attempts")
    with _overtaken(company, sleeper) as taken_over:
        assert [attempt.fault for attempt in company.attempts(*Outcome)] == [Fault.TOO_LATE]
        _ring(company)
        until(lambda: not company.unrecorded() and len(company.receipts()) == 1, 30, "the other speaks instead")
        assert company.stop(sleeper) == 0
    company.judge()
    tell(f"stopped between commit and the last check before sending; taken over after {taken_over:.0f} s; not sent")


class DeafSandbox(SlowSandbox):
    """After a timeline was read, and then whose token it is, no connection is accepted until the door is opened."""

    read = False
    closing = True
    callers: tuple[socket.socket, ...] = ()

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Response | None, NetworkFault | None]:
        answer, fault = super().answer(method, target, headers, body)
        if answer is None or not self.closing or not self.read:
            self.read |= "published_posts" in target
            return answer, fault
        self.closing = False
        self._server.shutdown()
        self.callers = tuple(socket.socket() for _ in range(20))  # more than may wait at the door
        for caller in self.callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", self._server.server_port))
        return replace(answer, headers={**answer.headers, "Connection": "close"}), fault

    def open(self) -> None:
        for caller in self.callers:
            caller.close()
        self.start()


def test_stopped_while_it_connects_it_does_not_send_when_it_wakes(server: Postgres, tmp_path: Path, tell: Tell) -> None:
    with DeafSandbox(SystemClock()) as sandbox:
        company = Company(tmp_path, sandbox, server.address, accounts=1, posts=2, rule=WEEKLY, x_every=0)
        open_store(server.address, create=True).close()
        sleeper = company.start()
        until(lambda: bool(company.attempts(Outcome.OPEN)), 60, "the attempt is written")
        time.sleep(1)
        sleeper.send_signal(signal.SIGSTOP)
        sandbox.open()
        assert company.attempts(Outcome.OPEN)
        with _overtaken(company, sleeper) as taken_over:
            assert company.stop(sleeper) == 0
        company.judge()
    tell(f"stopped while connecting to publish; taken over after {taken_over:.0f} s; not sent")


def test_stopped_after_the_bytes_left_the_other_finds_the_post_and_says_nothing_twice(
    server: Postgres, slow_sandbox: SlowSandbox, tmp_path: Path, tell: Tell
) -> None:
    company = Company(tmp_path, slow_sandbox, server.address, accounts=1, posts=2, rule=WEEKLY, x_every=0)
    slow_sandbox.before = 50  # the other may read before the effect, and doubt
    sleeper = company.start()
    until(lambda: slow_sandbox.publishing == 1, 60, "the call has arrived")
    sleeper.send_signal(signal.SIGSTOP)
    with _another(company) as began:
        until(lambda: bool(company.attempts(Outcome.UNKNOWN, Outcome.PUBLISHED)), 150, "the other took over")
        doubted = bool(company.attempts(Outcome.UNKNOWN))
        until(lambda: bool(company.live()), 60, "the call took effect")
        _ring(company)
        until(lambda: bool(company.receipts()), 60, "the other found it")
        found = time.monotonic() - began
        time.sleep(max(0.0, LIFE - found))
        sleeper.send_signal(signal.SIGCONT)
        time.sleep(10)
        assert [receipt.proof for receipt in company.receipts()] == [Proof.READ_BACK]
        assert [attempt.outcome for attempt in company.attempts(*Outcome)] == [Outcome.PUBLISHED]
        assert company.stop(sleeper) == 0
    assert len(company.live()) == 1
    company.judge()
    tell(f"stopped with the call under way; {'doubted, then ' if doubted else ''}found by another after {found:.0f} s")


@contextmanager
def _overtaken(company: Company, sleeper: "subprocess.Popen[bytes]") -> Iterator[float]:
    """Another daemon takes over, the sleeper wakes too late and sends nothing; after how many seconds it took over."""
    with _another(company) as began:
        until(lambda: bool(company.attempts(Outcome.UNKNOWN)), 150, "the other took over, read, and doubts")
        taken_over = time.monotonic() - began
        time.sleep(max(0.0, LIFE - taken_over))
        sleeper.send_signal(signal.SIGCONT)
        until(lambda: bool(company.attempts(Outcome.REFUSED)), 20, "the sleeper says that it did not send")
        time.sleep(5)
        assert company.sandbox.publishing == 0
        yield taken_over


@contextmanager
def _another(company: Company) -> Iterator[float]:
    """A second daemon; since when."""
    daemon: subprocess.Popen[bytes] = company.start()
    try:
        yield time.monotonic()
    finally:
        code = company.stop(daemon)
    assert code == 0


def _ring(company: Company) -> None:
    store = open_store(company.database)
    store.ring(company.identities, SystemClock().now())
    store.close()


def _count(connection: "psycopg.Connection[tuple[int]]", query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
