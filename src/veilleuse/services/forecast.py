"""The forecast of each account from what is stored: read-only, and by the daemon's own rule and choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.decision import Verdict, decide
from veilleuse.domain.forecast import Forecast, forecast, until_the_end_of
from veilleuse.domain.freeze import Freeze, freeze_on
from veilleuse.domain.plan import Plan, plan_of
from veilleuse.domain.queue import Candidate
from veilleuse.domain.supply import QUARTER, Supply, supply
from veilleuse.language import _
from veilleuse.ports import Store

RECEIPTS = 2000  # more than an account can say in a quarter by any sane rule


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountForecast:
    """One account's year."""

    account: Account
    forecast: Forecast
    supply: Supply | None  # None: where nothing is ever said, none is needed
    held_up_by: str | None  # why nothing is said until a human acts; then there are no turns
    caveat: str | None  # what may make it otherwise


def forecasts(
    accounts: Mapping[str, Account], store: Store, now: datetime, *, days: int = 365, until: date | None = None
) -> list[AccountForecast]:
    """Every given account, so many days from `now` (aware UTC) or to the end of that day in its own zone."""
    states = {state.name: state for state in store.states()}
    freezes, plans = store.freezes(now), store.plans()
    found = []
    for account in accounts.values():
        end = now + timedelta(days=days) if until is None else until_the_end_of(until, account.rule)
        state = states.get(account.name) or AccountState(name=account.name)
        freeze = freeze_on(freezes, account.name, account.network, now)
        found.append(_one(account, state, freeze, plan_of(plans, account, state), store, now, end))
    return found


def _one(
    account: Account,
    state: AccountState,
    freeze: Freeze | None,
    plan: Plan | None,
    store: Store,
    now: datetime,
    end: datetime,
) -> AccountForecast:
    candidates = store.candidates(account.name)
    unsettled = store.unsettled(account.name)
    decision = decide(account, state, candidates=candidates, unsettled=unsettled, freeze=freeze, now=now, plan=plan)
    thaws = freeze.until if freeze is not None else None
    held_up = decision.reason if decision.verdict is Verdict.STOPPED else state.stopped
    caveat = decision.reason if decision.verdict in (Verdict.DOUBT, Verdict.FROZEN) else None
    if state.read_at is None:
        caveat = _("nobody has looked at it yet, so this is as if it had never posted (start `veilleuse run`)")
    silent = not account.speaks or plan is not None
    if silent or (freeze is not None and thaws is None):
        held_up = decision.reason
    played = forecast(
        account.rule,
        account.name,
        account.network,
        candidates,
        last=state.counts_from,
        spoke=state.spoke_at,
        recent=[receipt.at for receipt in store.receipts(account.name, limit=RECEIPTS)],
        now=now,
        begin=end if held_up else thaws,
        end=end,
    )
    return AccountForecast(
        account=account,
        forecast=played,
        supply=None if silent else _supply(account, candidates, played.queued, store, now),
        held_up_by=held_up,
        caveat=None if held_up else caveat,
    )


def _supply(account: Account, candidates: list[Candidate], waiting: int, store: Store, now: datetime) -> Supply:
    reserve = {candidate.post.id for candidate in candidates if candidate.post.reserve}
    receipts = [r for r in store.receipts(account.name, limit=RECEIPTS) if r.at <= now]
    entries = store.timeline(account.name, now - 10 * QUARTER, now)
    ours = store.bound_ids(account.name)
    human = [e.created_at for e in entries if e.remote_id not in ours and e.kind in account.rule.activity]
    return supply(
        account.rule,
        account.name,
        spent=[r.at for r in receipts if r.at >= now - QUARTER and r.post_id not in reserve],
        waiting=waiting,
        by_hand=[at for at in human if at >= now - QUARTER],
        known_since=min((*(r.at for r in receipts), *(e.created_at for e in entries)), default=None),
        now=now,
    )
