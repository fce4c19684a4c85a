"""A glance at every account, the worst first: cheap enough for a thousand of them, on each opening of the page."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import MILD, Alert
from veilleuse.domain.attempt import Attempt
from veilleuse.domain.decision import Verdict, hindrance
from veilleuse.domain.freeze import freeze_on
from veilleuse.domain.plan import Plan, plan_of
from veilleuse.ports import Store
from veilleuse.services.status import Standing, standing

# By the words of `status --json`.
WORST_FIRST = ("stopped", "past", "blind", "near", "frozen", "alive", "hibernating", "closed", "reserved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """How one account stands, without a look into its queue."""

    account: Account
    state: Standing
    strain: float  # silent for, as a share of its limit; 0 if its silence is unknown
    alerts: tuple[Alert, ...]
    known: AccountState
    plan: Plan | None  # what decides instead of its queue

    @property
    def urges(self) -> bool:
        """Whether something about it needs a human who was not told in good time already."""
        return any(alert.finding.condition not in MILD for alert in self.alerts)


def glances(accounts: Mapping[str, Account], store: Store, now: datetime) -> list[Glance]:
    """Every configured account, the worst first, in five reads. `now` is aware UTC."""
    states = {state.name: state for state in store.states()}
    freezes, plans = store.freezes(now), store.plans()
    doubts: dict[str, list[Attempt]] = defaultdict(list)
    for doubt in store.unsettled():
        doubts[doubt.account].append(doubt)
    alerts: dict[str, list[Alert]] = defaultdict(list)
    for alert in store.alerts():
        if not alert.budding:
            alerts[alert.finding.account].append(alert)
    opens = cache(lambda hours: hours.next_open(now) is not None)  # the same hours for very many
    found = []
    for name, account in accounts.items():
        state = states.get(name) or AccountState(name=name)
        freeze, plan = freeze_on(freezes, name, account.network, now), plan_of(plans, account, state)
        hindered = hindrance(account, state, unsettled=doubts.get(name, ()), freeze=freeze, now=now, plan=plan)
        if hindered is not None:
            verdict = hindered.verdict
        else:  # whether it has something to say, and its turn, change nothing of how it stands
            verdict = Verdict.WAIT if plan is not None or opens(account.rule.hours) else Verdict.STOPPED
        since = state.counts_from
        found.append(
            Glance(
                account=account,
                state=standing(account, state, verdict, now, plan),
                strain=(now - since) / account.rule.max_silence if since and plan is None else 0.0,
                alerts=tuple(alerts.get(name, ())),
                known=state,
                plan=plan,
            )
        )
    return sorted(found, key=_worst)


def _worst(glance: Glance) -> tuple[bool, int, float, str]:
    return not glance.urges, WORST_FIRST.index(glance.state.value), -glance.strain, glance.account.name
