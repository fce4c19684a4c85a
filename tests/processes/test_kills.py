"""A daemon killed two hundred times at random moments while it publishes says nothing twice and loses nothing."""

import os
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.processes.company import Company, SlowSandbox
from tests.processes.conftest import Tell
from veilleuse.domain.attempt import Outcome

KILLS = int(os.environ.get("VEILLEUSE_KILLS", "200"))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_killed_again_and_again_it_says_nothing_twice_and_loses_nothing(
    kind: str, slow_sandbox: SlowSandbox, tmp_path: Path, request: pytest.FixtureRequest, tell: Tell
) -> None:
    database = request.getfixturevalue("server").address if kind == "postgres" else str(tmp_path / "house.db")
    # On Postgres the accounts of a killed daemon wait for the end of its life (45 s): others must be there meanwhile.
    accounts = 300 if kind == "postgres" else 150
    company = Company(tmp_path, slow_sandbox, database, accounts=accounts, posts=25)
    slow_sandbox.before = slow_sandbox.after = 0.1
    chance, began = random.Random(kind), time.monotonic()
    while_starting = 0
    for kill in range(KILLS):
        start = company.log.stat().st_size
        with company.start() as daemon:
            if kill % 10 == 9:
                time.sleep(chance.uniform(0, 1.5))
                while_starting += not company.events("daemon.started", start)
            else:
                company.hears("daemon.started", start=start)
                time.sleep(chance.uniform(0, 2))
            assert daemon.poll() is None, "it ended by itself"
            daemon.kill()
    killing = time.monotonic() - began
    under_way = len(company.attempts(Outcome.OPEN))
    company.settle()
    company.judge()
    proofs = Counter(receipt.proof.value for receipt in company.receipts())
    tell(
        f"{kind}: {KILLS} kills ({while_starting} while starting) in {killing:.0f} s; {len(company.live())} posts, "
        f"{proofs['answer']} known by their answer, {proofs['read_back']} settled by reading; "
        f"{under_way} attempts open at the last kill; {len(company.attempts(Outcome.UNKNOWN))} never left, still read"
        f" for; {len(company.attempts(Outcome.HELD))} held; settled within {time.monotonic() - began - killing:.0f} s"
    )
    assert proofs["read_back"] > KILLS / 20, "the kills met no call: this shows nothing"
