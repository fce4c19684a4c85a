"""The decision: may this account speak now, and if not, why not and until when. Every answer carries its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain import phrases
from veilleuse.domain.account import Account, AccountKind, AccountState
from veilleuse.domain.activity import Author
from veilleuse.domain.attempt import UNSETTLED, Attempt, Outcome
from veilleuse.domain.doubt import next_read
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.plan import RETRY, Plan
from veilleuse.domain.plan_words import told
from veilleuse.domain.queue import Block, Candidate, blocked, speakers
from veilleuse.domain.rule import due, turn
from veilleuse.language import _, ngettext

LOCAL_LOOK = timedelta(hours=12)  # without a read: a runway can cross a warning on any day
EMPTY_LOOK = timedelta(hours=1)
HELD_STOPS = 2  # doubts held in a row that stop the account


class Verdict(StrEnum):
    SPEAK = "speak"
    WAIT = "wait"  # nothing is due
    EMPTY = "empty"  # nothing approved to say when it must speak next
    DOUBT = "doubt"  # a post is perhaps live: read first
    STOPPED = "stopped"  # a human must act
    FROZEN = "frozen"
    HUSHED = "hushed"  # a plan decides: it hibernates, wakes up, says goodbye, or is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`reason` is a sentence for a community manager; times are aware UTC."""

    verdict: Verdict
    reason: str
    look_at: datetime
    speaks_at: datetime | None = None
    speakers: tuple[Candidate, ...] = ()  # in the order in which they may be tried


def decide(
    account: Account,
    state: AccountState,
    *,
    candidates: Sequence[Candidate],
    unsettled: Sequence[Attempt],
    freeze: Freeze | None,
    now: datetime,
    plan: Plan | None = None,
) -> Decision:
    """Judge one account by all that is known of it. `now` is aware UTC."""
    hindered = hindrance(account, state, unsettled=unsettled, freeze=freeze, now=now, plan=plan)
    if hindered is not None:
        return hindered
    if plan is not None:
        return _own_post(account, state, plan, candidates, now)
    rule, last, later = account.rule, state.last_activity, now + LOCAL_LOOK
    next_due = due(rule, account.name, state.counts_from, now)
    at = turn(rule, next_due, state.spoke_at)
    if at is None:
        return Decision(verdict=Verdict.STOPPED, reason=_("stopped: its hours never open"), look_at=later)
    tried = tuple(speakers(candidates, account.network, max(at, now), last))
    if not tried:
        when = _("now") if at <= now else phrases.at(at, rule.zone, now)
        reason = _("{since}; it must speak {when}, and has nothing approved to say{drafts}")
        reason = reason.format(since=_since(state, now), when=when, drafts=_drafts(candidates, now))
        look_at = now + EMPTY_LOOK if at <= now else min(at, later)
        return Decision(verdict=Verdict.EMPTY, reason=reason, look_at=look_at)
    if at > now:
        when = phrases.at(at, rule.zone, now)
        reason = _("{since}; veilleuse speaks {when} unless someone does before")
        reason = reason.format(since=_since(state, now), when=when)
        return Decision(verdict=Verdict.WAIT, reason=reason, look_at=min(at, later), speaks_at=at)
    reason = _since(state, now)
    if last is not None:
        why = (
            _("{since}; its limit of {limit} is passed")
            if next_due.overdue
            else _("{since}; its limit of {limit} is near")
        )
        reason = why.format(since=reason, limit=phrases.span(rule.max_silence))
    return Decision(
        verdict=Verdict.SPEAK,
        reason=reason,
        look_at=now,
        speaks_at=now,
        speakers=tried,
    )


def hindrance(
    account: Account,
    state: AccountState,
    *,
    unsettled: Sequence[Attempt],
    freeze: Freeze | None,
    now: datetime,
    plan: Plan | None = None,
) -> Decision | None:
    """What decides before its turn and its queue are asked; None: they decide. `now` is aware UTC."""
    rule, last = account.rule, state.last_activity
    later = now + LOCAL_LOOK
    if plan is not None and plan.closed:
        return Decision(verdict=Verdict.HUSHED, reason=told(plan, rule.zone, now), look_at=later)
    if account.kind is AccountKind.RESERVED:
        return Decision(verdict=Verdict.WAIT, reason=_("reserved: watched, never posted to"), look_at=later)
    if account.watched:
        return Decision(verdict=Verdict.WAIT, reason=_watched(account, state, now), look_at=later)
    doubts = [attempt for attempt in unsettled if attempt.outcome in UNSETTLED]
    if doubts:
        reason = _("{ref} is perhaps published; reading until that is known, sending nothing").format(ref=doubts[0].ref)
        return Decision(verdict=Verdict.DOUBT, reason=reason, look_at=min(next_read(a, now) for a in doubts))
    if _held_in_a_row(unsettled, state) >= HELD_STOPS:
        reason = _("stopped: {count} posts in a row are perhaps published; a human must look at the account")
        reason = reason.format(count=HELD_STOPS)
        return Decision(verdict=Verdict.STOPPED, reason=reason, look_at=later)
    if freeze is not None:
        cost = freeze.cost(_("it"), None if last is None else last + rule.max_silence, rule.zone, now)
        reason = phrases.linked(freeze.told(rule.zone, now), cost)
        look_at = min(later, freeze.until) if freeze.until else later
        return Decision(verdict=Verdict.FROZEN, reason=reason, look_at=look_at)
    if plan is not None and not plan.speaks:
        goes_on = later if plan.rests else min(later, max(plan.next_at, now + RETRY))
        return Decision(verdict=Verdict.HUSHED, reason=told(plan, rule.zone, now), look_at=goes_on)
    if state.gap_at is not None:
        reason = _(
            "stopped: part of its timeline could not be read; a human must say whether a queued post stands there"
        )
        return Decision(verdict=Verdict.STOPPED, reason=reason, look_at=later)
    return None


def _own_post(
    account: Account, state: AccountState, plan: Plan, candidates: Sequence[Candidate], now: datetime
) -> Decision:
    """Only the post that the plan names, at the next open moment that the minimum gap allows."""
    rule, reason = account.rule, told(plan, account.rule.zone, now)
    own = [candidate for candidate in candidates if candidate.post.id == plan.says]
    spoke = state.spoke_at
    at = rule.hours.next_open(now if spoke is None else max(now, spoke + rule.min_gap))
    tried = tuple(speakers(own, account.network, max(at, now), state.last_activity)) if at is not None else ()
    if at is None or not tried:
        return Decision(verdict=Verdict.HUSHED, reason=reason, look_at=now + EMPTY_LOOK)
    if at > now:
        reason = _("{plan}, {when}").format(plan=reason, when=phrases.at(at, rule.zone, now))
        return Decision(verdict=Verdict.HUSHED, reason=reason, look_at=min(at, now + LOCAL_LOOK), speaks_at=at)
    return Decision(verdict=Verdict.SPEAK, reason=reason, look_at=now, speaks_at=now, speakers=tried)


def _watched(account: Account, state: AccountState, now: datetime) -> str:
    last, rule = state.last_activity, account.rule
    if last is None:
        return _("has never posted; only watched here")
    reason = (
        _("{since}; somebody must write there by {when}")
        if last + rule.max_silence > now
        else _("{since}; its limit was {when}")
    )
    return reason.format(since=_since(state, now), when=phrases.at(last + rule.max_silence, rule.zone, now))


def _held_in_a_row(unsettled: Sequence[Attempt], state: AccountState) -> int:
    return sum(
        1
        for attempt in unsettled
        if attempt.outcome is Outcome.HELD and (state.spoke_at is None or attempt.created_at > state.spoke_at)
    )


def _since(state: AccountState, now: datetime) -> str:
    last = state.last_activity
    if last is None:
        return _("has never posted")
    ours = state.last_activity_by is Author.VEILLEUSE
    said = _("quiet: veilleuse posted {ago}") if ours else _("quiet: your team posted {ago}")
    return said.format(ago=phrases.ago(last, now))


def _drafts(candidates: Sequence[Candidate], now: datetime) -> str:
    drafts = sum(1 for candidate in candidates if blocked(candidate, now) is Block.DRAFT)
    said = ngettext(" ({count} draft for you to approve)", " ({count} drafts for you to approve)", drafts)
    return said.format(count=drafts) if drafts else ""
