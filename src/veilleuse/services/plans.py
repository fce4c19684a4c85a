"""Plans by a person's command, beside a running daemon: begin one, say that a step is done by hand, call one off."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.approval import ApprovalRecord
from veilleuse.domain.attempt import UNSETTLED
from veilleuse.domain.content import SyncChange
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.farewell import PLACE
from veilleuse.domain.plan import Facts, Plan, PlanKind, StepKind, StepState, advance, plan_for, plan_of, settle
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Approval
from veilleuse.language import sentence
from veilleuse.ports import ApprovalStore, AuditStore, LookStore, PostStore

ACTS = {PlanKind.HIBERNATE: Act.HIBERNATED, PlanKind.WAKE: Act.WOKE, PlanKind.FAREWELL: Act.SAID_FAREWELL}
BY_HAND = frozenset({StepKind.HIDE, StepKind.SHOW, StepKind.SEE, StepKind.PIN, StepKind.CLOSE})


class LivesStore(LookStore, PostStore, ApprovalStore, AuditStore, Protocol):
    """Plans, and the farewell post with its approval."""


class CannotPlan(Exception):
    """It cannot be begun, done or called off as things are: a sentence, with what to do instead. Nothing changed."""


def plan_now(store: LookStore, account: Account) -> Plan | None:
    """What decides now instead of the account's queue."""
    return plan_of(store.plans(), account, store.state(account.name))


def hibernate(account: Account, current: Plan | None, by: str, now: datetime, until: datetime | None) -> Plan:
    """The plan to be kept. Asleep already, only its end changes. Raises CannotPlan."""
    if current is not None and current.kind is PlanKind.HIBERNATE:
        return replace(current, until=until, by=by)
    _refuse(account, current)
    return plan_for(PlanKind.HIBERNATE, account.name, by, now, until=until)


def wake(account: Account, current: Plan | None, by: str, now: datetime, comeback: Post | None) -> Plan:
    """The plan to be kept. Raises CannotPlan."""
    if current is None:
        raise CannotPlan(sentence("{name} does not hibernate: there is nothing to wake.", name=account.name))
    if current.kind is not PlanKind.HIBERNATE:
        _refuse(account, current)
    return plan_for(PlanKind.WAKE, account.name, by, now, says=comeback.id if comeback else None)


def farewell(
    account: Account, current: Plan | None, by: str, now: datetime, post: Post, other: str, stays: timedelta
) -> Plan:
    """The plan to be kept; `store_farewell` follows it. Raises CannotPlan."""
    if current is not None and current.kind is PlanKind.HIBERNATE:
        raise CannotPlan(
            sentence(
                "{name} hibernates: nobody would read its farewell. Wake it first: `veilleuse account wake {name}`.",
                name=account.name,
            )
        )
    _refuse(account, current)
    return plan_for(PlanKind.FAREWELL, account.name, by, now, follow=other, says=post.id, stays=stays)


def _refuse(account: Account, current: Plan | None) -> None:
    if current is None:
        return
    if current.closed:
        raise CannotPlan(sentence("{name} is closed: nothing is ever said there again.", name=account.name))
    raise CannotPlan(
        sentence(
            "{name} has a plan already ({plan}). See it: `veilleuse status {name}`; call it off: `veilleuse account "
            "cancel {name}`.",
            name=account.name,
            plan=current.kind,
        )
    )


def begin(store: LivesStore, plan: Plan, before: Plan | None, now: datetime) -> None:
    """Keep it, in the place of what stood there. Raises CannotPlan if somebody else was faster, StoreUnavailable."""
    standing = next((each for each in store.plans() if each.account == plan.account), None)
    if (standing if standing is not None and standing.hushes else None) != before:
        raise CannotPlan(sentence("somebody else has just changed the plan of {name}. Look again.", name=plan.account))
    kept = replace(plan, version=standing.version + 1 if standing else 1)
    detail = kept.follow or (kept.until.isoformat() if kept.until else "")
    deed = Deed(at=now, by=plan.by, act=ACTS[plan.kind], account=plan.account, subject=kept.says or "", detail=detail)
    if not store.keep_plan(kept, standing, deed):
        raise CannotPlan(sentence("somebody else has just changed the plan of {name}. Look again.", name=plan.account))
    store.ring([plan.account], now)


def store_farewell(store: LivesStore, post: Post, by: str, now: datetime) -> None:
    """The post into the queue, signed by that approver, once its plan is kept. Raises StoreUnavailable.

    In this order: a plan whose post is missing says nothing; a post without its plan would wait in the queue.
    """
    store.apply(SyncChange(upserts=(post,)), now)
    store.sign(
        ApprovalRecord(
            account=post.account, post_id=post.id, approver=by, mode=Approval.SIGNED, digest=post.digest, at=now
        )
    )
    store.note(Deed(at=now, by=by, act=Act.APPROVED, account=post.account, subject=post.id, detail=post.digest))


def done(store: LivesStore, account: Account, by: str, now: datetime) -> Plan:
    """Somebody has done the current step by hand. Raises CannotPlan, StoreUnavailable."""
    plan = plan_now(store, account)
    step = plan.current if plan is not None else None
    if plan is None or step is None or step.kind not in BY_HAND or plan.over_at is not None:
        raise CannotPlan(
            sentence("No step of {name} waits for somebody's hand: `veilleuse status {name}`.", name=account.name)
        )
    after = advance(settle(plan, StepState.DONE, now, now, by=by), Facts(), now)
    if after.closed:
        after = replace(after, network=account.network, remote_id=store.state(account.name).remote_id)
    after = replace(after, version=plan.version + 1)
    deed = Deed(at=now, by=by, act=Act.DID, account=account.name, subject=plan.kind, detail=step.kind)
    if not store.keep_plan(after, plan, deed):
        raise CannotPlan(sentence("somebody else has just changed the plan of {name}. Look again.", name=account.name))
    store.ring([account.name], now)
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """What was called off, and what cannot be taken back any more."""

    plan: Plan
    left: tuple[StepKind, ...] = ()  # steps done that stay done
    doubt: bool = False  # its post is perhaps live


def cancel(store: LivesStore, account: Account, by: str, now: datetime) -> Cancelled:
    """Call its plan off: the account speaks again as before, its silence counted from now.

    A hidden account is not left hidden and speaking: then CannotPlan says to wake it. A wake called off sleeps again.
    """
    plan = plan_now(store, account)
    if plan is None:
        raise CannotPlan(sentence("{name} has no plan to call off.", name=account.name))
    if plan.closed:
        raise CannotPlan(sentence("{name} is closed: that is not undone from here.", name=account.name))
    if plan.kind is PlanKind.HIBERNATE and plan.done(StepKind.HIDE):
        raise CannotPlan(sentence("{name} is hidden: wake it with `veilleuse account wake {name}`.", name=account.name))
    if plan.kind is PlanKind.WAKE:
        after = replace(plan_for(PlanKind.HIBERNATE, account.name, by, now), version=plan.version + 1)
    else:
        after = replace(plan, over_at=now, cancelled=True, version=plan.version + 1)
    if plan.says is not None and plan.says.startswith(PLACE):  # first: without its plan it would wait in the queue
        store.apply(SyncChange(withdrawn=frozenset({(account.name, plan.says)})), now)
    deed = Deed(at=now, by=by, act=Act.CANCELLED, account=account.name, subject=plan.kind)
    if not store.keep_plan(after, plan, deed):
        raise CannotPlan(sentence("somebody else has just changed the plan of {name}. Look again.", name=account.name))
    doubt = any(a.post_id == plan.says and a.outcome in UNSETTLED for a in store.unsettled(account.name))
    store.ring([account.name], now)
    left = tuple(s.kind for s in plan.steps if s.state is StepState.DONE)
    return Cancelled(plan=after, left=left, doubt=doubt)
