"""A plan's steps, as tables: what follows from what is known, without any network."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.domain.posts import utc
from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.plan import (
    LONGEST_RETRY,
    STEPS,
    Facts,
    Plan,
    PlanKind,
    Step,
    StepKind,
    StepState,
    advance,
    plan_for,
    plan_of,
    put_off,
    reads_first,
    settle,
)
from veilleuse.domain.plan_words import findings, lines, told
from veilleuse.domain.rule import Rule
from veilleuse.language import speaking

NOW = utc("2026-11-20 10:00")
DAY = timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
ACCOUNT = Account(name="acme-x", network="x", identity="acme", owner="claire", rule=Rule())
HIBERNATE = plan_for(PlanKind.HIBERNATE, "acme-x", "claire", NOW, until=NOW + 90 * DAY)
FAREWELL = plan_for(PlanKind.FAREWELL, "acme-x", "claire", NOW, follow="https://a.test", says="f", stays=30 * DAY)


def done_to(plan: Plan, kind: StepKind, at: datetime = NOW) -> Plan:
    """The same, all done up to that step."""
    while plan.current is not None and plan.current.kind is not kind:
        plan = settle(plan, StepState.DONE, at, at)
    return plan


def test_every_kind_has_its_steps_and_a_post_is_said_only_if_one_is_named() -> None:
    assert [step.kind for step in plan_for(PlanKind.WAKE, "a", "b", NOW).steps] == [StepKind.SHOW, StepKind.SEE]
    assert [step.kind for step in FAREWELL.steps] == list(STEPS[PlanKind.FAREWELL])


@pytest.mark.parametrize(
    ("plan", "facts", "after", "current", "state"),
    [
        (FAREWELL, Facts(), 0, StepKind.SAY, StepState.TODO),
        (FAREWELL, Facts(said_at=NOW), 0, StepKind.PIN, StepState.TODO),
        (FAREWELL, Facts(mute="refused"), 0, StepKind.SAY, StepState.FAILED),
        (done_to(FAREWELL, StepKind.STAY), Facts(), 29, StepKind.STAY, StepState.TODO),
        (done_to(FAREWELL, StepKind.STAY), Facts(), 30, StepKind.CLOSE, StepState.TODO),
        (done_to(HIBERNATE, StepKind.REST), Facts(), 400, StepKind.REST, StepState.TODO),
        (HIBERNATE, Facts(), 400, StepKind.HIDE, StepState.TODO),
    ],
)
def test_what_follows_from_what_is_known(
    plan: Plan, facts: Facts, after: int, current: StepKind, state: StepState
) -> None:
    step = advance(plan, facts, NOW + after * DAY).current
    assert step is not None
    assert (step.kind, step.state) == (current, state)


def test_a_post_that_can_be_said_again_is_tried_again() -> None:
    failed = advance(FAREWELL, Facts(mute="vetoed"), NOW)
    assert advance(failed, Facts(mute="vetoed"), NOW + DAY) == failed
    again = advance(failed, Facts(), NOW + DAY).current
    assert again is not None
    assert (again.state, again.detail) == (StepState.TODO, "")


def test_the_last_step_ends_the_plan_and_only_a_farewell_closes_the_account() -> None:
    woken = advance(
        settle(done_to(plan_for(PlanKind.WAKE, "a", "b", NOW), StepKind.SEE), StepState.DONE, NOW, NOW), Facts(), NOW
    )
    assert (woken.over_at, woken.closed, woken.hushes) == (NOW, False, False)
    last = advance(settle(done_to(FAREWELL, StepKind.CLOSE), StepState.DONE, NOW, NOW), Facts(), NOW)
    assert (last.over_at, last.closed, last.hushes) == (NOW, True, True)
    assert not replace(last, cancelled=True).hushes


def test_each_try_waits_longer_and_never_longer_than_six_hours() -> None:
    plan, waits = HIBERNATE, []
    for _ in range(9):
        plan = put_off(plan, "no answer", NOW)
        waits.append(plan.next_at - NOW)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=5)
    assert waits[-1] == LONGEST_RETRY


@pytest.mark.parametrize(
    ("plan", "after", "reads"),
    [
        (HIBERNATE, 0, False),
        (done_to(HIBERNATE, StepKind.REST), 100, False),
        (FAREWELL, 0, True),
        (advance(FAREWELL, Facts(mute="refused"), NOW), 0, False),
        (done_to(FAREWELL, StepKind.STAY), 29, False),
        (done_to(FAREWELL, StepKind.STAY), 30, True),
    ],
)
def test_the_network_is_read_before_a_post_is_said_and_before_an_account_is_closed(
    plan: Plan, after: int, reads: bool
) -> None:
    assert reads_first(plan, NOW + after * DAY) is reads


def test_a_closed_presence_is_closed_under_any_name() -> None:
    closed = replace(FAREWELL, account="acme-old", over_at=NOW, network="x", remote_id="42")
    assert plan_of([closed], ACCOUNT, AccountState(name="acme-x", remote_id="42")) == closed
    assert plan_of([closed], ACCOUNT, AccountState(name="acme-x", remote_id="43")) is None
    assert plan_of([closed], ACCOUNT, AccountState(name="acme-x")) is None


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (done_to(HIBERNATE, StepKind.REST), "hibernating until Thursday 18 February 2027, by claire"),
        (HIBERNATE, "hibernating until Thursday 18 February 2027, by claire; next: hide the account"),
        (replace(done_to(HIBERNATE, StepKind.REST), until=None), "hibernating until it is woken, by claire"),
        (done_to(FAREWELL, StepKind.STAY), "farewell: it is left for its readers until Sunday 20 December"),
        (
            replace(FAREWELL, steps=(Step(kind=StepKind.SAY, state=StepState.DONE),), over_at=NOW),
            "closed today; nothing is ever said there again; its readers were sent to https://a.test",
        ),
    ],
)
def test_where_a_plan_stands_is_told_in_a_line(plan: Plan, says: str) -> None:
    assert told(plan, PARIS, NOW) == says


def test_a_plan_is_told_in_french_too() -> None:
    with speaking("fr"):
        assert told(done_to(HIBERNATE, StepKind.REST), PARIS, NOW).startswith("en sommeil")
        assert len(lines(FAREWELL, PARIS, NOW)) == len(FAREWELL.steps)


@pytest.mark.parametrize(("after", "calls"), [(0, 0), (84, 0), (86, 1), (200, 1)])
def test_the_owner_is_called_near_the_end_of_a_hibernation_and_after_it(after: int, calls: int) -> None:
    resting = done_to(HIBERNATE, StepKind.REST)
    assert len(findings(resting, ACCOUNT, "X", NOW + after * DAY)) == calls
