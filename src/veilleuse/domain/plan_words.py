"""What people read of a plan: where it stands, its steps, and what only they can do."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding, in_every_language
from veilleuse.domain.by_hand import by_hand
from veilleuse.domain.plan import REMIND, TASK_WITHIN, Plan, PlanKind, Step, StepKind, StepState, leaves_at
from veilleuse.language import N_, _, sentence

SUBJECT = "plan: "  # how the subject of an alert about a step begins; the step's kind follows

NAMES = {
    PlanKind.HIBERNATE: N_("hibernation"),
    PlanKind.WAKE: N_("waking up"),
    PlanKind.FAREWELL: N_("farewell"),
}
STEPS = {
    StepKind.HIDE: N_("hide the account"),
    StepKind.REST: N_("rest"),
    StepKind.SHOW: N_("make the account visible again"),
    StepKind.SEE: N_("see that strangers see it"),
    StepKind.SAY: N_("publish the post"),
    StepKind.PIN: N_("pin the post"),
    StepKind.STAY: N_("leave it for its readers"),
    StepKind.CLOSE: N_("close the account"),
}


def hushed(kind: str) -> str:
    """Why nothing else is said: `kind` is a plan's, or "closed"."""
    if kind == "closed":
        return sentence("the account is closed: nothing is ever said there again.")
    if kind == PlanKind.HIBERNATE:
        return sentence("the account hibernates.")
    if kind == PlanKind.WAKE:
        return sentence("the account is only waking up.")
    return sentence("the account says goodbye: nothing else is said there.")


def told(plan: Plan, zone: ZoneInfo, now: datetime) -> str:
    """Where it stands, in a line."""
    if plan.closed:
        since = phrases.day(plan.over_at or now, zone, now)
        closed = _("closed {when}; nothing is ever said there again").format(when=since)
        sent = _("its readers were sent to {other}").format(other=plan.follow)
        return phrases.linked(closed, sent) if plan.follow else closed
    step = plan.current
    if plan.kind is PlanKind.HIBERNATE:
        until = (
            _("until {day}").format(day=phrases.day(plan.until, zone, now)) if plan.until else _("until it is woken")
        )
        said = _("hibernating {until}, by {name}").format(until=until, name=plan.by)
        return (
            said
            if step is None or step.kind is StepKind.REST
            else phrases.linked(said, next_step(plan, step, zone, now))
        )
    if step is None:
        return _(NAMES[plan.kind])
    return phrases.named(_(NAMES[plan.kind]), next_step(plan, step, zone, now))


def next_step(plan: Plan, step: Step, zone: ZoneInfo, now: datetime) -> str:
    """What comes next, and what it waits for."""
    name = _(STEPS[step.kind])
    if step.state is StepState.HUMAN:
        return _("{step} waits for somebody's hand").format(step=name)
    if step.state is StepState.FAILED or (step.detail and plan.tries):
        return _("{step} has not worked: {why}").format(step=name, why=step.detail)
    if step.kind is StepKind.STAY and (at := leaves_at(plan)) is not None:
        return _("it is left for its readers until {day}").format(day=phrases.day(at, zone, now))
    return _("next: {step}").format(step=name)


def lines(plan: Plan, zone: ZoneInfo, now: datetime) -> list[str]:
    """Every step with its date, in order."""
    return [_line(plan, step, zone, now) for step in plan.steps]


def _line(plan: Plan, step: Step, zone: ZoneInfo, now: datetime) -> str:
    name = _(STEPS[step.kind])
    if step.state is StepState.DONE and step.at is not None:
        at = phrases.at(step.at, zone, now)
        by = _("by {name}").format(name=step.by) if step.by else ""
        return phrases.named(
            name, " ".join(part for part in (_("done {when}").format(when=at), by, _aside(step)) if part)
        )
    if step.state is StepState.HUMAN and step.at is not None:
        due = phrases.day(step.at + TASK_WITHIN, zone, now)
        somebody = _("somebody must do it by {day}").format(day=due)
        return phrases.named(name, f"{somebody} {_aside(step)}".rstrip())
    if step.state is StepState.FAILED or step.detail:
        not_yet = _("not done yet: {why}").format(why=step.detail)
        return phrases.named(name, not_yet)
    when = expected(plan, step, now)
    if when is None or plan.over_at is not None:
        return name
    soon = _("now")
    return phrases.named(name, phrases.day(when, zone, now) if when > now else soon)


def _aside(step: Step) -> str:
    return f"({step.detail})" if step.detail else ""


def expected(plan: Plan, step: Step, now: datetime) -> datetime | None:
    """When a step that is not done comes, aware UTC, if nothing hinders it; None: somebody else decides."""
    if step.kind is StepKind.REST:
        return plan.until
    if plan.kind is PlanKind.FAREWELL and step.kind in (StepKind.STAY, StepKind.CLOSE):
        return leaves_at(plan) or now + plan.stays
    return now


def findings(plan: Plan, account: Account, title: str, now: datetime) -> list[Finding]:
    """Whom the plan calls now, and for what, in every language. `title`: the network's name as people say it."""
    return in_every_language(lambda: _findings(plan, account, title, now))


def _findings(plan: Plan, account: Account, title: str, now: datetime) -> Iterator[Finding]:
    step = plan.current
    if step is None or plan.over_at is not None:
        return
    zone, name = account.rule.zone, account.name
    if step.kind is StepKind.REST:
        if plan.until is not None and plan.until - REMIND <= now:
            when = phrases.day(plan.until, zone, now)
            said = (
                _("{name} was to hibernate until {day}.") if plan.until <= now else _("{name} hibernates until {day}.")
            )
            remedy = _(
                "Write and approve its comeback post, then `veilleuse account wake {name} --post ID --as YOUR-NAME`."
            )
            yield _finding(account, step, said.format(name=name, day=when), remedy.format(name=name))
    elif step.state is StepState.HUMAN:
        due = phrases.day((step.at or now) + TASK_WITHIN, zone, now)
        what = _("{name}: {step} by {day}.").format(name=name, step=_(STEPS[step.kind]), day=due)
        how = " ".join(by_hand(account, step.kind, title))
        text = " ".join(part for part in (what, step.detail, how) if part)
        yield _finding(
            account, step, text, _("Then say so: `veilleuse account done {name} --as YOUR-NAME`.").format(name=name)
        )
    elif step.state is StepState.FAILED or plan.tries > 2:
        what = _("{name}: {step} has not worked: {why}").format(name=name, step=_(STEPS[step.kind]), why=step.detail)
        before = [_(STEPS[each.kind]) for each in plan.steps if each.state is StepState.DONE]
        done = _("Done before: {steps}.").format(steps=", ".join(before)) if before else _("Nothing was done before.")
        remedy = _(
            "veilleuse goes on once that is mended; to call it off: `veilleuse account cancel {name} --as YOUR-NAME`."
        )
        yield _finding(account, step, f"{what} {done}", remedy.format(name=name))


def _finding(account: Account, step: Step, text: str, remedy: str) -> Finding:
    return Finding(
        condition=Condition.HUMAN_TASK,
        account=account.name,
        subject=f"{SUBJECT}{step.kind}",
        text=text,
        remedy=remedy,
        person=account.owner,
    )
