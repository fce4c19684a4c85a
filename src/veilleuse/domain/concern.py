"""What about one account needs a human now: what happened, whether anything went live, what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain import phrases
from veilleuse.domain.account import Account, AccountKind, AccountState
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.attempt import Attempt, Outcome, Receipt
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.queue import Block, Candidate, blocked, speakers
from veilleuse.domain.rule import Approval, Due
from veilleuse.domain.runway import Runway

EXPIRY_IS_NEWS = timedelta(days=7)  # a date of last year, imported today, calls nobody
RUNWAY_WARNINGS = (timedelta(days=7), timedelta(days=14), timedelta(days=28))  # told once, on crossing

# What a look can judge; content and house conditions are judged by the sync.
JUDGED = frozenset(Condition) - {Condition.CONTENT_INVALID, Condition.CONTENT_MISSING, Condition.TEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One account at the end of a look. `trouble` is what the network answered, if it was an error."""

    account: Account
    title: str  # the network's name as people say it
    state: AccountState
    due: Due
    runway: Runway
    candidates: Sequence[Candidate]
    unsettled: Sequence[Attempt]
    freeze: Freeze | None
    now: datetime
    trouble: tuple[Condition, str] | None = None
    not_shown: Sequence[Receipt] = ()  # posts of ours that this look's read should have shown


def findings(view: View) -> list[Finding]:
    """Every condition true of this account now."""
    if view.account.kind is AccountKind.RESERVED:
        return list(_trouble(view))
    judges = (_trouble, _gap, _silence, _supply, _reserve, _posts, _expired, _hidden, _doubts, _freeze)
    return [finding for judge in judges for finding in judge(view)]


def _finding(view: View, condition: Condition, text: str, remedy: str, subject: str = "") -> Finding:
    return Finding(
        condition=condition,
        account=view.account.name,
        subject=subject,
        text=text,
        remedy=remedy,
        person=view.account.owner,
    )


def _trouble(view: View) -> Iterator[Finding]:
    if view.trouble is None:
        return
    condition, what = view.trouble
    name, title = view.account.name, view.title
    remedies = {
        Condition.CREDENTIALS_REFUSED: f"Renew the credentials of {name}, then run `veilleuse check`. "
        "Nothing was published; veilleuse tries again every 6 hours and at each start.",
        Condition.BUDGET_EXHAUSTED: f"Add credit for the {title} app. Nothing was published.",
        Condition.NETWORK_UNREADABLE: "Nothing to do if it passes. veilleuse keeps trying and stays silent meanwhile; "
        f"if it lasts, post by hand before {name} reaches its limit.",
        Condition.CLOCK_OFF: "Set this machine's clock (timedatectl). Nothing is published until it agrees.",
    }
    yield _finding(view, condition, f"{name}: {what}", remedies[condition])


def _silence(view: View) -> Iterator[Finding]:
    name, limit, zone = view.account.name, view.due.limit, view.account.rule.zone
    if limit is not None and limit <= view.now and view.state.last_activity is not None:
        silent = phrases.span(view.now - view.state.last_activity)
        yield _finding(
            view,
            Condition.LIMIT_PASSED,
            f"{name} has been silent for {silent}; its limit is {phrases.span(view.account.rule.max_silence)}.",
            f"Post by hand on {view.title}, or see what holds veilleuse back: `veilleuse status {name}`.",
        )
    elif view.due.breach and limit is not None and view.runway.queued:  # else the empty queue is what to tell
        opens = phrases.at(view.due.at, zone, view.now) if view.due.at else "never"
        yield _finding(
            view,
            Condition.HOURS_CLOSED,
            f"{name} will pass its limit {phrases.at(limit, zone, view.now)}: its hours open next {opens}.",
            "Post by hand before, or widen its hours in the configuration.",
        )


def _supply(view: View) -> Iterator[Finding]:
    name, zone = view.account.name, view.account.rule.zone
    drafts = sum(1 for c in view.candidates if blocked(c, view.now) is Block.DRAFT)
    waiting = f" {phrases.count(drafts, 'draft')} {'waits' if drafts == 1 else 'wait'} for approval." if drafts else ""
    remedy = _refill(view.account, drafts)
    until, now = view.runway.until, view.now
    at = max(now, view.due.at or now)
    if not view.runway.queued and (until is None or until <= at + view.account.rule.max_silence):
        when = f" It passes its limit {phrases.at(until, zone, now)}." if until is not None and until > now else ""
        yield _finding(view, Condition.NOTHING_ELIGIBLE, f"{name} has nothing approved to say.{waiting}{when}", remedy)
        return
    if until is None or view.state.read_at is None:  # unknown activity says nothing about the runway
        return
    for days in RUNWAY_WARNINGS:
        if until - now <= days:
            text = (
                f"{name} lasts until {phrases.day(until, zone, now)}: "
                f"{phrases.count(view.runway.queued, 'approved post')} left.{waiting}"
            )
            yield _finding(view, Condition.RUNWAY_LOW, text, remedy, subject=f"{days.days} days")
            return


def _refill(account: Account, drafts: int) -> str:
    if not drafts:
        return f"Add approved posts to the content folder for {account.name}."
    how = (
        f"`veilleuse approve {account.name} --as YOUR-NAME`"
        if account.rule.approval is Approval.SIGNED
        else "write approved_by in the file"
    )
    return f"Approve {'it' if drafts == 1 else 'them'}: {how}."


def _reserve(view: View) -> Iterator[Finding]:
    """Whom the next turn falls to is a reserve post: the queue has nothing for it."""
    last, now = view.state.last_activity, view.now
    if view.state.read_at is None:
        return
    at = max(now, view.due.at or now)
    following = speakers(view.candidates, view.account.network, at, last)
    if not following or not following[0].post.reserve:
        return
    name, zone = view.account.name, view.account.rule.zone
    lasts = f", which lasts until {phrases.day(view.runway.until, zone, now)}" if view.runway.until else ""
    drafts = sum(1 for c in view.candidates if blocked(c, now) is Block.DRAFT)
    yield _finding(
        view,
        Condition.LIVING_ON_RESERVES,
        f"{name} lives on its reserve{lasts}: its queue has nothing to say {phrases.at(at, zone, now)}, "
        f"so {following[0].post.ref} is next.",
        _refill(view.account, drafts),
    )


def _posts(view: View) -> Iterator[Finding]:
    for candidate in view.candidates:
        if candidate.refused and not candidate.uses:
            yield _finding(
                view,
                Condition.POST_REFUSED,
                f"{view.title} refused the post {candidate.post.ref}: {candidate.refused} It is not live.",
                f"Change or remove it in {candidate.post.source}; the other posts go on.",
                subject=candidate.post.id,
            )


def _expired(view: View) -> Iterator[Finding]:
    """Posts whose last day went by before their turn came, when that is news."""
    for candidate in view.candidates:
        post = candidate.post
        over = post.not_after
        if over is None or post.reserve or candidate.uses or post.approved_by is None:
            continue
        if over <= view.now < over + EXPIRY_IS_NEWS:
            last_day = phrases.day(over - timedelta(microseconds=1), view.account.rule.zone, view.now)
            yield _finding(
                view,
                Condition.POST_EXPIRED,
                f"{post.ref} has expired and is not said any more: its last day was {last_day}.",
                f"Give it a later last day in {post.source}, or take it out.",
                subject=post.id,
            )


def _hidden(view: View) -> Iterator[Finding]:
    for receipt in view.not_shown:
        ref, zone = f"{receipt.account}/{receipt.post_id}", view.account.rule.zone
        yield _finding(
            view,
            Condition.POST_NOT_VISIBLE,
            f"{view.title} does not show {ref}, published {phrases.at(receipt.at, zone, view.now)}"
            f"{f' ({receipt.url})' if receipt.url else ''}.",
            "If somebody deleted it there is nothing to do: nothing is said in its place before its time. "
            f"Else look at the account: {view.title} may hide it, or show it to its administrators only.",
            subject=receipt.remote_id,
        )


def _gap(view: View) -> Iterator[Finding]:
    if view.state.gap_at is None:
        return
    name, title = view.account.name, view.title
    yield _finding(
        view,
        Condition.TIMELINE_GAP,
        f"{name}: more happened on {title} than one read shows ({phrases.ago(view.state.gap_at, view.now)}). "
        "One of its queued posts may have been said there; nothing is published until you have looked.",
        f"Look through the account on {title}, take out of its files what was said there, then "
        f"`veilleuse resolve {name} --not-published --as YOUR-NAME`.",
    )


def _doubts(view: View) -> Iterator[Finding]:
    for attempt in view.unsettled:
        held = attempt.outcome is Outcome.HELD
        if attempt.outcome is Outcome.OPEN:
            continue
        yield _finding(
            view,
            Condition.OUTCOME_HELD if held else Condition.OUTCOME_UNKNOWN,
            f"{attempt.ref} is perhaps published on {view.title}: {attempt.detail}",
            f"Look at the account on {view.title}, then say what you saw: `veilleuse resolve {attempt.ref}`. It is not "
            f"sent again meanwhile; {'other posts are' if held else 'the account is read until it is known'}.",
            subject=attempt.id,
        )


def _freeze(view: View) -> Iterator[Finding]:
    if view.freeze is None:
        return
    name, zone, now = view.account.name, view.account.rule.zone, view.now
    cost = view.freeze.cost(name, view.due.limit, zone, now)
    yield _finding(
        view,
        Condition.FROZEN,
        f"{name} is {view.freeze.told(zone, now)}.{f' {cost}.' if cost else ''}",
        f"Nothing is published. To thaw it: {view.freeze.remedy}.",
    )
