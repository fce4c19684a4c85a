"""A plan: how an account goes to sleep, wakes up, or says its last word. It is kept: any daemon goes on with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain.account import Account, AccountState
from veilleuse.language import sentence

TASK_WITHIN = timedelta(days=3)  # what a person must do is due so long after it was asked
REMIND = timedelta(days=5)  # before the end of a hibernation
RETRY = timedelta(minutes=5)  # after a network that did not answer; each time twice as long
LONGEST_RETRY = timedelta(hours=6)
CHECK = timedelta(hours=6)  # until it is asked again whether what a network took holds


class PlanKind(StrEnum):
    """The value is stored."""

    HIBERNATE = "hibernate"
    WAKE = "wake"
    FAREWELL = "farewell"


class StepKind(StrEnum):
    """The value is stored, shown by `--json`, and part of a task's subject."""

    HIDE = "hide"  # nobody is to find the account
    REST = "rest"  # until somebody wakes it
    SHOW = "show"  # undo `hide`
    SEE = "see"  # a stranger sees its newest post of ours
    SAY = "say"  # publish the post that the plan names
    PIN = "pin"  # that post stands first
    STAY = "stay"  # long enough for its readers
    CLOSE = "close"  # hide it for good


class StepState(StrEnum):
    TODO = "todo"
    HUMAN = "waits for a human"
    DONE = "done"
    FAILED = "failed"  # it cannot be done as it stands; `detail` says why


STEPS = {
    PlanKind.HIBERNATE: (StepKind.HIDE, StepKind.REST),
    PlanKind.WAKE: (StepKind.SHOW, StepKind.SEE, StepKind.SAY),
    PlanKind.FAREWELL: (StepKind.SAY, StepKind.PIN, StepKind.STAY, StepKind.CLOSE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`at`: when it came to this state, aware UTC; None: nothing was tried yet."""

    kind: StepKind
    state: StepState = StepState.TODO
    at: datetime | None = None
    by: str = ""  # whoever did it by hand
    detail: str = ""  # what the network, or that person, answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One account's newest plan. Times are aware UTC. While it is not over, only the post it names may be said."""

    account: str
    kind: PlanKind
    by: str
    begun_at: datetime
    steps: tuple[Step, ...]
    next_at: datetime  # when it is gone on with
    until: datetime | None = None  # of a hibernation: when it is meant to end
    follow: str = ""  # of a farewell: where its readers are sent
    says: str | None = None  # id of the post that is said
    stays: timedelta = timedelta(0)  # between the farewell and the closing
    tries: int = 0  # of the current step, without an answer
    over_at: datetime | None = None
    cancelled: bool = False
    network: str = ""  # of a closed account: its presence, under whatever name it is configured
    remote_id: str | None = None
    version: int = field(default=1)  # grows with each change: nobody overwrites what somebody else has kept

    @property
    def current(self) -> Step | None:
        """The first step that is not done; None: there is none left."""
        return next((step for step in self.steps if step.state is not StepState.DONE), None)

    @property
    def closed(self) -> bool:
        """Whether nothing is ever said there again."""
        return self.kind is PlanKind.FAREWELL and self.over_at is not None and not self.cancelled

    @property
    def hushes(self) -> bool:
        """Whether it decides what the account says, instead of its queue."""
        return self.over_at is None or self.closed

    @property
    def speaks(self) -> bool:
        """Whether its turn is to say its post."""
        step = self.current
        return self.over_at is None and step is not None and step.kind is StepKind.SAY

    @property
    def rests(self) -> bool:
        """Whether nothing is left to do until somebody wakes the account."""
        step = self.current
        return self.over_at is None and step is not None and step.kind is StepKind.REST

    def step(self, kind: StepKind) -> Step | None:
        return next((step for step in self.steps if step.kind is kind), None)

    def done(self, kind: StepKind) -> bool:
        step = self.step(kind)
        return step is not None and step.state is StepState.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known without asking the network."""

    said_at: datetime | None = None  # of the receipt of the plan's post, aware UTC
    mute: str | None = None  # why that post can never be said as it stands


def plan_for(
    kind: PlanKind,
    account: str,
    by: str,
    now: datetime,
    *,
    until: datetime | None = None,
    follow: str = "",
    says: str | None = None,
    stays: timedelta = timedelta(0),
) -> Plan:
    """A plan with nothing done yet. `now` is aware UTC."""
    kinds = [step for step in STEPS[kind] if step is not StepKind.SAY or says is not None]
    return Plan(
        account=account,
        kind=kind,
        by=by,
        begun_at=now,
        steps=tuple(Step(kind=each) for each in kinds),
        next_at=now,
        until=until,
        follow=follow,
        says=says,
        stays=stays,
    )


def plan_of(plans: Iterable[Plan], account: Account, state: AccountState) -> Plan | None:
    """That account's plan, if it decides anything now; also that of a closed presence under another name."""
    own = None
    for plan in plans:
        if plan.account == account.name and plan.hushes:
            own = plan
        same = state.remote_id is not None and (plan.network, plan.remote_id) == (account.network, state.remote_id)
        if plan.closed and same:
            return plan
    return own


def advance(plan: Plan, facts: Facts, now: datetime) -> Plan:
    """All that follows from what is known: steps that need no network are done, or failed, or not yet. Pure."""
    while (step := plan.current) is not None:
        match step.kind:
            case StepKind.SAY if facts.said_at is not None:
                plan = settle(plan, StepState.DONE, facts.said_at, now)
            case StepKind.SAY if facts.mute is not None and step.detail != facts.mute:
                return settle(plan, StepState.FAILED, now, now, detail=facts.mute)
            case StepKind.SAY if facts.mute is None and step.state is StepState.FAILED:
                return settle(plan, StepState.TODO, now, now)
            case StepKind.PIN if step.state is StepState.HUMAN and (at := leaves_at(plan)) is not None and at <= now:
                plan = settle(plan, StepState.DONE, now, now, detail=sentence("nobody has pinned it"))
            case StepKind.STAY if (at := leaves_at(plan)) is not None and at <= now:
                plan = settle(plan, StepState.DONE, now, now)
            case StepKind.STAY if at is not None and plan.next_at != at:
                return replace(plan, next_at=at)
            case _:
                return plan
    return plan if plan.over_at is not None else replace(plan, over_at=now)


def reads_first(plan: Plan, now: datetime) -> bool:
    """Whether its next step wants a reading: a post must not stand there yet, no wrong clock may close an account."""
    step = plan.current
    if step is None or step.kind is StepKind.SAY:
        return step is not None and step.state is not StepState.FAILED
    leaves = leaves_at(plan)
    return step.kind in (StepKind.PIN, StepKind.STAY) and leaves is not None and leaves <= now


def settle(plan: Plan, state: StepState, at: datetime, now: datetime, *, by: str = "", detail: str = "") -> Plan:
    """The plan with its current step in that state since `at`, to be gone on with now (aware UTC)."""
    current = plan.current
    if current is None:
        return plan
    step = Step(kind=current.kind, state=state, at=at, by=by, detail=detail)
    return replace(plan, steps=tuple(step if each is current else each for each in plan.steps), next_at=now, tries=0)


def put_off(plan: Plan, why: str, now: datetime) -> Plan:
    """The network did not answer: the same step again later, each time later. `now` is aware UTC."""
    wait = min(RETRY * 2 ** min(plan.tries, 10), LONGEST_RETRY)
    again = settle(plan, StepState.TODO, now, now, detail=why)
    return replace(again, next_at=now + wait, tries=plan.tries + 1)


def leaves_at(plan: Plan) -> datetime | None:
    """When a farewell has stood long enough, aware UTC; None: it is not said yet."""
    said = plan.step(StepKind.SAY)
    return said.at + plan.stays if said is not None and said.state is StepState.DONE and said.at is not None else None
