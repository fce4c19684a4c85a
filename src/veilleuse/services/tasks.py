"""Tasks: what people must do for accounts, called for in time and never in daemons' memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain.account import Account
from veilleuse.domain.alert import Alert, Condition
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.plan import Plan, plan_of
from veilleuse.domain.plan_words import findings as plan_findings
from veilleuse.domain.task import NOTICE, Task, TaskKind, done, findings, log_in_interval
from veilleuse.ports import Clock, Store
from veilleuse.services.alert import Alerts

HUMAN_TASK = frozenset({Condition.HUMAN_TASK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    accounts: Mapping[str, Account]
    specs: Mapping[str, NetworkSpec]
    store: Store
    clock: Clock
    alerts: Alerts

    def call(self) -> None:
        """Know the tasks of every account, and call for those whose day is near. Raises StoreUnavailable."""
        now = self.clock.now()
        known = {(task.account, task.kind): task for task in self.store.tasks()}
        fresh = [
            Task(account=account.name, kind=TaskKind.LOG_IN, due_at=now + every)
            for account in self.accounts.values()
            if (every := log_in_interval(account, self.specs[account.network].log_in_every)) is not None
            and (account.name, TaskKind.LOG_IN) not in known
        ]
        if fresh:
            self.store.save_tasks(fresh)
            known |= {(task.account, task.kind): task for task in fresh}
        plans = self._plans()
        called = {a.finding.account for a in self.store.alerts() if a.finding.condition in HUMAN_TASK}
        near = {task.account for task in known.values() if task.due_at - NOTICE <= now}
        for name in sorted((called | near | plans.keys()) & self.accounts.keys()):
            account = self.accounts[name]
            title = self.specs[account.network].title
            own = [task for task in known.values() if task.account == name and self._asked(account, task)]
            found = findings(account, title, own, now)
            if (plan := plans.get(name)) is not None:
                found = [*(() if plan.closed else found), *plan_findings(plan, account, title, now)]
            self.alerts.reconcile(name, found, HUMAN_TASK)

    def _plans(self) -> Mapping[str, Plan]:
        """Those that decide something now, by account."""
        plans = self.store.plans()
        known = [state for state in self.store.states() if state.name in self.accounts] if plans else []
        found = {state.name: plan_of(plans, self.accounts[state.name], state) for state in known}
        return {name: plan for name, plan in found.items() if plan is not None}

    def _asked(self, account: Account, task: Task) -> bool:
        every = log_in_interval(account, self.specs[account.network].log_in_every)
        return task.kind is not TaskKind.LOG_IN or every is not None


def tick_off(store: Store, every: timedelta | None, alert: Alert, by: str, now: datetime) -> Task | None:
    """Whoever acknowledges the call for a task has done it: when it falls due next. None: that alert calls for none.

    `every`: how often its network asks for it. The alert is over with the daemon's next round. `now` is aware UTC.
    """
    finding = alert.finding
    task = next((t for t in store.tasks() if (t.account, t.kind) == (finding.account, finding.subject)), None)
    if finding.condition is not Condition.HUMAN_TASK or task is None or every is None:
        return None
    following = done(task, by, now, every)
    store.save_tasks([following])
    return following
