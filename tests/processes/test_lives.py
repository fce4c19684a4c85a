"""Three accounts hibernate, wake and say farewell while their daemon is killed again and again, as real processes."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.processes.company import ROOT, Company, SlowSandbox, until
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.plan import Plan, StepKind
from veilleuse.sandbox import Fault
from veilleuse.sandbox.wire import Response

KILLS = 5


class LateSandbox(SlowSandbox):
    """Whatever changes something takes its time before and after: a kill may come anywhere."""

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Response | None, Fault | None]:
        slow = 0.3 if method == "POST" else 0.0
        time.sleep(slow)
        answer = super().answer(method, target, headers, body)
        time.sleep(slow)
        return answer


@pytest.fixture
def late_sandbox() -> Iterator[LateSandbox]:
    with LateSandbox(SystemClock()) as sandbox:
        yield sandbox


def command(company: Company, *args: str, typed: str = "") -> None:
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT)]))
    done = subprocess.run(
        [sys.executable, "-m", "veilleuse", "account", *args, "--as", "claire"],
        cwd=company.folder,
        env={**os.environ, "PYTHONPATH": path},
        input=f"{typed}\n",
        text=True,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(company: Company) -> Iterator[None]:
    """A daemon that ends by kill -9."""
    daemon = company.start()
    try:
        yield
    finally:
        daemon.kill()
        daemon.wait()


def plans(company: Company) -> dict[str, Plan]:
    store = open_store(company.database)
    try:
        return {plan.account: plan for plan in store.plans()}
    finally:
        store.close()


def close_today(company: Company, account: str) -> None:
    """Nobody waits for thirty days here."""
    store = open_store(company.database)
    try:
        plan = next(plan for plan in store.plans() if plan.account == account)
        assert store.keep_plan(replace(plan, stays=timedelta(0), version=plan.version + 1), plan)
        store.ring([account], SystemClock().now())
    finally:
        store.close()


@pytest.mark.timeout(300)
def test_killed_in_the_middle_of_each_plan_every_step_is_done_and_nothing_is_said_twice(
    late_sandbox: LateSandbox, tmp_path: Path
) -> None:
    company = Company(tmp_path, late_sandbox, str(tmp_path / "house.db"), accounts=3, posts=2, x_every=0)
    sleeper, waker, leaver = company.identities
    chance = random.Random(7)
    with running(company):
        until(lambda: len(company.live()) == 3, 150, "everybody has spoken once")
    command(company, "hibernate", waker)
    with running(company):
        until(lambda: plans(company)[waker].done(StepKind.HIDE), 150, "the waker sleeps")
    said_before = {name: [text for n, _, text in company.live() if n == name] for name in company.identities}
    command(company, "hibernate", sleeper, "--until", "2099-03-01")
    command(company, "wake", waker)
    command(company, "farewell", leaver, "--follow", waker, typed=leaver)
    close_today(company, leaver)
    for _ in range(KILLS):
        with running(company):
            time.sleep(chance.uniform(1.0, 3.0))
    with running(company):
        until(lambda: plans(company)[waker].over_at is not None, 150, "the waker is awake")
        until(lambda: plans(company)[sleeper].done(StepKind.HIDE), 150, "the sleeper is hidden")
        until(lambda: plans(company)[leaver].closed, 150, "the farewell is over")
    company.judge()
    live = {name: [text for n, _, text in company.live() if n == name] for name in company.identities}
    hidden = {name: late_sandbox.presences[identity].hidden for name, identity in company.identities.items()}
    assert hidden == {sleeper: True, waker: False, leaver: True}
    assert live[sleeper] == said_before[sleeper]
    assert [text for text in live[leaver] if text not in said_before[leaver]] == [live[leaver][-1]]
    assert "says goodbye" in live[leaver][-1]
