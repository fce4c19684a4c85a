"""Conclude: store what a look found, say what needs a human, give the claim back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import structlog

from veilleuse.domain import phrases
from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Alert, Condition, Finding
from veilleuse.domain.concern import JUDGED, findings
from veilleuse.domain.decision import LOCAL_LOOK
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.plan import Plan
from veilleuse.domain.rule import due
from veilleuse.domain.runway import runway
from veilleuse.domain.timing import next_look
from veilleuse.domain.view import View
from veilleuse.language import _
from veilleuse.ports import Clock, LookStore
from veilleuse.services.alert import Alerts
from veilleuse.services.facts import Facts, facts
from veilleuse.services.look_report import Action, LookReport
from veilleuse.services.observe import Observation
from veilleuse.services.preview import Preview

log = structlog.get_logger()

# Only a read can tell that these are over; a look without one leaves them as they are.
JUDGED_BY_READING = frozenset(
    {
        Condition.NETWORK_UNREADABLE,
        Condition.FEED_GONE,
        Condition.CLOCK_OFF,
        Condition.CREDENTIALS_REFUSED,
        Condition.BUDGET_EXHAUSTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclude:
    """The end of every look. With `dry_run` no human is called."""

    store: LookStore
    clock: Clock
    alerts: Alerts
    daemon: str
    dry_run: bool
    preview: Preview | None

    def __call__(
        self,
        account: Account,
        spec: NetworkSpec,
        state: AccountState,
        observation: Observation | None,
        report: LookReport,
        plan: Plan | None,
        known: Facts | None,
    ) -> LookReport:
        """`known`: what the look decided by, if nothing has changed it since; None: it is read anew, and the state."""
        now = self.clock.now()
        if known is None:
            state = self._learned(state)
            known = facts(self.store, account, now)
        next_due = due(account.rule, account.name, state.counts_from, now)
        if report.action is Action.PUBLISHED and plan is not None:
            report = replace(report, look_at=now)  # its plan goes on
        elif report.action is Action.PUBLISHED:
            when = phrases.at(next_due.at, account.rule.zone, now) if next_due.at else _("when its hours open")
            look_at = next_due.at or now + LOCAL_LOOK
            reason = _("kept alive: published {ref}; speaks next {when} unless someone does before")
            reason = reason.format(ref=report.ref, when=when)
            report = replace(report, reason=reason, look_at=look_at, speaks_at=next_due.at)
        trouble = report.trouble or (observation.trouble if observation else None)
        if trouble and trouble[0] in (Condition.CREDENTIALS_REFUSED, Condition.BUDGET_EXHAUSTED):
            state = replace(state, stopped=trouble[1])
        if not self.dry_run:  # before the claim is given back: whoever dies here leaves a look that is done again
            view = View(
                account=account,
                title=spec.title,
                state=state,
                due=next_due,
                runway=runway(account.rule, account.name, account.network, known.candidates, state.counts_from, now),
                candidates=known.candidates,
                unsettled=known.unsettled,
                freeze=known.freeze,
                now=now,
                trouble=trouble,
                plan=plan,
                not_shown=(observation.not_shown if observation else None) or (),
            )
            self._call(view, observation, report.app or (observation.app if observation else ""))
            if self.preview is not None and plan is None:
                self.preview(account, spec, known.candidates, state.last_activity, report.speaks_at, now)
        look_at = next_look(report.look_at, spec, state, next_due, now)
        self.store.finish_look(
            self.daemon, replace(state, next_look_at=look_at, speaks_at=report.speaks_at, reason=report.reason)
        )
        log.info("account.looked", account=account.name, action=report.action, reason=report.reason, look_at=look_at)
        return report

    def _learned(self, state: AccountState) -> AccountState:
        """With what the database has learned meanwhile."""
        fresh = self.store.state(state.name)
        return replace(
            state, seen_at=fresh.seen_at, seen_by=fresh.seen_by, spoke_at=fresh.spoke_at, awake_at=fresh.awake_at
        )

    def _call(self, view: View, observation: Observation | None, app: str) -> None:
        """Call a human for what needs one. `app`: the network refuses every account of it."""
        told_us_nothing = observation is None and not view.trouble and view.plan is None
        judged = JUDGED - JUDGED_BY_READING if told_us_nothing else JUDGED
        if view.plan is None and (observation is None or observation.not_shown is None):
            judged -= {Condition.POST_NOT_VISIBLE}
        if view.trouble and view.trouble[0] is Condition.CLOCK_OFF:  # by a wrong clock nothing else can be judged
            judged = frozenset({Condition.CLOCK_OFF})

        def find(standing: Collection[Alert]) -> Collection[Finding]:
            warned_of = {a.finding.subject for a in standing if a.finding.condition is Condition.RUNWAY_LOW}
            found = findings(replace(view, warned_of=warned_of))
            if judged == {Condition.CLOCK_OFF}:
                found = [finding for finding in found if finding.condition in judged]
            return self._once_an_app(found, view.account, app)

        self.alerts.judge(view.account.name, find, judged)

    def _once_an_app(self, found: Sequence[Finding], account: Account, app: str) -> Sequence[Finding]:
        """An app without money stops all its accounts, and calls a human with the first that meets it."""
        if not app:
            return found
        told = any(
            alert.finding.condition is Condition.BUDGET_EXHAUSTED
            and alert.finding.subject == app
            and alert.finding.account != account.name
            for alert in self.alerts.standing()
        )
        others = [each for each in found if each.condition is not Condition.BUDGET_EXHAUSTED]
        spent = [replace(each, subject=app) for each in found if each.condition is Condition.BUDGET_EXHAUSTED]
        return others if told else others + spent
