"""Four daemons on one Postgres, a crowd of accounts that are due, and two of the daemons killed under way."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.processes.company import WEEKLY, Company, SlowSandbox, until
from tests.processes.conftest import Postgres, Tell
from veilleuse.domain.attempt import Outcome

ACCOUNTS = int(os.environ.get("VEILLEUSE_CROWD", "10000"))


@pytest.mark.timeout(5400)
def test_every_account_is_looked_at_and_none_speaks_twice(
    server: Postgres, slow_sandbox: SlowSandbox, tmp_path: Path, tell: Tell
) -> None:
    company = Company(tmp_path, slow_sandbox, server.address, accounts=ACCOUNTS, posts=2, rule=WEEKLY, x_every=0)
    lately = slow_sandbox.now() - timedelta(days=6.9)  # due, not overdue: each must be read before it may speak
    for name, identity in company.identities.items():
        slow_sandbox.post_as_human(identity, f"{name} a dix ans.", at=lately)
    first = company.start()  # alone, so that the schema and the queue are made once
    company.hears("daemon.started", seconds=300)
    began = time.monotonic()
    daemons = [first, *(company.start() for _ in range(3))]
    until(lambda: slow_sandbox.publishing > ACCOUNTS // 3, 3600, "a third was published")
    for daemon in daemons[:2]:
        daemon.kill()
        daemon.wait()
    killed = time.monotonic() - began
    until(lambda: slow_sandbox.publishing >= ACCOUNTS - 64, 3600, "nearly all was published")
    published, seconds = slow_sandbox.publishing, time.monotonic() - began

    def accounted_for() -> bool:
        spoken = {name for name, _, _ in company.live()}
        doubtful = {attempt.account for attempt in company.attempts(Outcome.UNKNOWN)}
        return spoken | doubtful == set(company.identities) and not company.unrecorded()

    until(accounted_for, 420, "every account was looked at, and every post has its receipt")
    for daemon in daemons[2:]:
        assert company.stop(daemon) == 0
    company.judge()
    assert len(company.live()) == len({name for name, _, _ in company.live()})
    tell(
        f"{ACCOUNTS} due accounts, four daemons, two killed after {killed:.0f} s: {len(company.live())} posts, "
        f"{len(company.attempts(Outcome.UNKNOWN))} doubtful (never left a killed one, still read for), none twice; "
        f"{published / seconds:.1f} posts/s"
    )
