"""Status: how each account stands now, by the same pure decision the daemon takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from veilleuse.domain.account import Account, AccountKind, AccountState
from veilleuse.domain.activity import Author
from veilleuse.domain.alert import Alert
from veilleuse.domain.attempt import Attempt
from veilleuse.domain.decision import Decision, Verdict, decide
from veilleuse.domain.freeze import Freeze, freeze_on
from veilleuse.domain.plan import Plan, plan_of
from veilleuse.domain.prices import month_start, usd
from veilleuse.domain.queue import Candidate, speakers, wording
from veilleuse.domain.runway import runway
from veilleuse.language import _
from veilleuse.ports import Store


class Standing(StrEnum):
    """The `state` of `status --json`."""

    ALIVE = "alive"
    NEAR = "near"  # within its lead of the limit
    PAST = "past"
    BLIND = "blind"  # its activity is unknown
    STOPPED = "stopped"
    FROZEN = "frozen"
    HIBERNATING = "hibernating"  # a plan keeps it silent: it sleeps, wakes up, or says goodbye
    CLOSED = "closed"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """One account as it stands. Times are aware UTC, None if unknown."""

    account: str
    network: str
    state: Standing
    last_activity_at: datetime | None
    last_activity_by: Author | None
    silent_for: timedelta | None
    max_silence: timedelta
    speaks_at: datetime | None
    queued: int
    runway_until: datetime | None
    reason: str
    alerts: tuple[Alert, ...]
    spent_usd: Decimal | None = None  # billed in this UTC month; None: nothing, and no budget
    budget_usd: Decimal | None = None
    plan: Plan | None = None  # what decides instead of its queue
    says: str | None = None  # what it would say next, if nobody posts before; None: nothing, or not known


def status(
    accounts: Mapping[str, Account], store: Store, now: datetime, known: Iterable[AccountState] | None = None
) -> list[AccountStatus]:
    """Those accounts, in that order. Reads the database only. `known`: their states, where they were read already."""
    states = {state.name: state for state in (store.states() if known is None else known)}
    freezes, charges = store.freezes(now), store.charges(month_start(now))
    alerts: dict[str, list[Alert]] = defaultdict(list)
    for alert in store.alerts():
        if not alert.budding:
            alerts[alert.finding.account].append(alert)
    doubts: dict[str, list[Attempt]] = defaultdict(list)
    for doubt in store.unsettled():
        doubts[doubt.account].append(doubt)
    plans = store.plans()
    return [
        _one(
            account,
            state := states.get(account.name) or AccountState(name=account.name),
            plan_of(plans, account, state),
            store.candidates(account.name),
            doubts.get(account.name, ()),
            freezes,
            alerts.get(account.name, ()),
            charges.get(account.name),
            now,
        )
        for account in accounts.values()
    ]


def _one(
    account: Account,
    state: AccountState,
    plan: Plan | None,
    candidates: Sequence[Candidate],
    unsettled: Sequence[Attempt],
    freezes: Iterable[Freeze],
    alerts: Sequence[Alert],
    billed: Mapping[str, int] | None,
    now: datetime,
) -> AccountStatus:
    freeze = freeze_on(freezes, account.name, account.network, now)
    decision = decide(account, state, candidates=candidates, unsettled=unsettled, freeze=freeze, now=now, plan=plan)
    stands = standing(account, state, decision.verdict, now, plan)
    supply = runway(
        account.rule, account.name, account.network, candidates if account.speaks else (), state.counts_from, now
    )
    known = stands not in (Standing.BLIND, Standing.STOPPED)
    last = state.last_activity
    return AccountStatus(
        account=account.name,
        network=account.network,
        state=stands,
        last_activity_at=last,
        last_activity_by=state.last_activity_by,
        silent_for=now - last if last else None,
        max_silence=account.rule.max_silence,
        speaks_at=decision.speaks_at if known else None,
        queued=supply.queued,
        runway_until=supply.until if plan is None else None,
        reason=_reason(state, stands, decision),
        alerts=tuple(alerts),
        spent_usd=None if billed is None and account.budget_usd is None else usd(billed or {}),
        budget_usd=account.budget_usd,
        plan=plan,
        says=_says(account, candidates, decision, last) if known else None,
    )


def _says(account: Account, candidates: Sequence[Candidate], decision: Decision, last: datetime | None) -> str | None:
    if decision.speaks_at is None:
        return None
    turn = speakers(candidates, account.network, decision.speaks_at, last)
    words = wording(turn[0], account.network) if turn else None
    return words[1] if words else None


def standing(
    account: Account, state: AccountState, verdict: Verdict, now: datetime, plan: Plan | None = None
) -> Standing:
    """How it stands, by the verdict of this moment's decision."""
    if plan is not None and plan.closed:
        return Standing.CLOSED
    if account.kind is AccountKind.RESERVED:
        return Standing.RESERVED
    if verdict is Verdict.FROZEN:
        return Standing.FROZEN
    if plan is not None:
        return Standing.HIBERNATING
    if state.stopped or verdict is Verdict.STOPPED:
        return Standing.STOPPED
    if state.read_at is None or state.failures:
        return Standing.BLIND
    since = state.counts_from
    if since is None or now >= since + account.rule.max_silence:
        return Standing.PAST
    if now >= since + account.rule.max_silence - account.rule.lead:
        return Standing.NEAR
    return Standing.ALIVE


def _reason(state: AccountState, stands: Standing, decision: Decision) -> str:
    """What the last look met if it met trouble; else today's decision, so that "2 days ago" is true when read."""
    if stands in (Standing.BLIND, Standing.STOPPED):
        return str(state.reason or state.stopped or _("not looked at yet: start `veilleuse run`"))
    return decision.reason
