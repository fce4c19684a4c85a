"""The look: observe, decide, perhaps speak, say what needs a human. One claimed account, one post at most."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Condition
from veilleuse.domain.attempt import UNSETTLED, Attempt
from veilleuse.domain.decision import Verdict, decide
from veilleuse.domain.errors import CredentialsRefused, NetworkError
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.plan import Plan, plan_of, reads_first
from veilleuse.domain.queue import speakers, wording
from veilleuse.domain.rule import WhenBlind
from veilleuse.domain.timing import RETRY, must_read
from veilleuse.language import _
from veilleuse.ports import Clock, LookStore, Networks
from veilleuse.services.alert import Alerts
from veilleuse.services.conclude import Conclude
from veilleuse.services.facts import Facts, facts
from veilleuse.services.lifecycle import Lifecycle
from veilleuse.services.line import Line
from veilleuse.services.look_report import Action, LookReport
from veilleuse.services.observe import Observation, Observe
from veilleuse.services.pace import Pace
from veilleuse.services.preview import Preview
from veilleuse.services.publish import Publish
from veilleuse.services.speak import Speak
from veilleuse.services.spending import Spending

__all__ = ["Action", "Look", "LookReport"]

ACTIONS = {
    Verdict.WAIT: Action.WAITS,
    Verdict.EMPTY: Action.NEEDS_HUMAN,
    Verdict.DOUBT: Action.IN_DOUBT,
    Verdict.STOPPED: Action.NEEDS_HUMAN,
    Verdict.FROZEN: Action.WAITS,
    Verdict.HUSHED: Action.WAITS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`daemon` must hold the account's claim. With `dry_run` all is done but the send, and no human is called."""

    accounts: Mapping[str, Account]
    specs: Mapping[str, NetworkSpec]
    store: LookStore
    networks: Networks
    clock: Clock
    observe: Observe
    publish: Publish
    alerts: Alerts
    pace: Pace
    spending: Spending
    daemon: str
    dry_run: bool = False
    preview: Preview | None = None  # who tells the owner the day before

    def __call__(self, name: str) -> LookReport:
        """Look at one account. Raises StoreUnavailable; whatever the network does is part of the report."""
        account = self.accounts[name]
        state = self.store.state(name)
        plan = plan_of(self.store.plans(), account, state)
        unsettled = self.store.unsettled(name)
        with ExitStack() as stack:
            line = Line(lambda: stack.enter_context(self.networks.open(account)), self.clock.now())
            try:
                observation = self._observe(account, state, unsettled, line, plan)
                self._count(account, line)
                if observation is not None:
                    state = observation.state
                before, plan = plan, self._carry(account, state, observation, line, plan)
                if plan is None and before is not None:
                    state = replace(state, awake_at=self.store.state(name).awake_at)
                report, known = self._decide(account, state, observation, unsettled, line, plan)
                if plan != before:  # its next step is not kept waiting
                    report = replace(report, look_at=self.clock.now())
            finally:
                self._count(account, line)
        if plan is not None or before is not None:  # its steps may have changed what is known
            known = None
        return self._conclude(account, self.specs[account.network], state, observation, report, plan, known)

    @property
    def _speak(self) -> Speak:
        return Speak(
            store=self.store,
            clock=self.clock,
            observe=self.observe,
            publish=self.publish,
            spending=self.spending,
            dry_run=self.dry_run,
        )

    @property
    def _conclude(self) -> Conclude:
        return Conclude(
            store=self.store,
            clock=self.clock,
            alerts=self.alerts,
            daemon=self.daemon,
            dry_run=self.dry_run,
            preview=self.preview,
        )

    def _observe(
        self, account: Account, state: AccountState, unsettled: Sequence[Attempt], line: Line, plan: Plan | None
    ) -> Observation | None:
        """Read the network, unless local knowledge says the account cannot be near its limit."""
        now = self.clock.now()
        if plan is not None and plan.closed:
            return None
        if state.barred is not None:
            return self.observe.troubled(account, state, CredentialsRefused(state.barred))
        if plan is not None:
            if not (unsettled or reads_first(plan, now)):
                return None
        elif not must_read(account, self.specs[account.network], state, unsettled, now):
            return None
        try:
            if self.specs[account.network].bills:
                texts = () if unsettled or account.budget_usd is None else self._next_words(account, state, now)
                self.spending.check_read(account, texts, now)
            network = line.network()
        except NetworkError as error:
            return self.observe.troubled(account, state, error)
        return self.observe(account, state, network, unsettled)

    def _carry(
        self,
        account: Account,
        state: AccountState,
        observation: Observation | None,
        line: Line,
        plan: Plan | None,
    ) -> Plan | None:
        """Go on with the account's plan. A freeze wins, and what is hidden cannot be read: doubts are settled first."""
        if plan is None or plan.closed or self.dry_run or (observation is not None and observation.trouble is not None):
            return plan
        if self.publish.stopped(account) or any(a.outcome in UNSETTLED for a in self.store.unsettled(account.name)):
            return plan
        return Lifecycle(store=self.store, clock=self.clock)(account, state, plan, line.network)

    def _next_words(self, account: Account, state: AccountState, now: datetime) -> list[str]:
        """What is said after this read, if it is time to speak."""
        turn = speakers(self.store.candidates(account.name), account.network, now, state.last_activity)
        worded = wording(turn[0], account.network) if turn else None
        return [self.specs[account.network].compose(worded[1], turn[0].post.link)] if worded else []

    def _count(self, account: Account, line: Line) -> None:
        self.spending.count(account, line.opened, line.bill, self.clock.now())

    def _decide(
        self,
        account: Account,
        state: AccountState,
        observation: Observation | None,
        unsettled: Sequence[Attempt],
        line: Line,
        plan: Plan | None,
    ) -> tuple[LookReport, Facts | None]:
        """What came of it, and what it was decided by; None: that was not read, or a try to speak has changed it."""
        name, now = account.name, self.clock.now()
        if observation is not None and observation.trouble is not None and not _may_speak_blind(account, observation):
            what, look_at = observation.trouble[1], observation.retry_at or now + RETRY
            blind = LookReport(
                account=name, action=Action.BLIND, reason=what, look_at=look_at, trouble=observation.trouble
            )
            return blind, None
        settled = observation is not None and unsettled  # perhaps, by what was read; new doubts only we can make
        known = facts(self.store, account, now, None if settled else unsettled)
        decision = decide(
            account,
            state,
            candidates=known.candidates,
            unsettled=known.unsettled,
            freeze=known.freeze,
            now=now,
            plan=plan,
        )
        if decision.verdict is not Verdict.SPEAK:
            waits = LookReport(
                account=name,
                action=ACTIONS[decision.verdict],
                reason=decision.reason,
                look_at=decision.look_at,
                speaks_at=decision.speaks_at,
            )
            return waits, known
        turn = timedelta(0) if self.dry_run else self.pace.wait(account.network, name, now)
        if turn:
            reason = _("{why}; waits its turn among the accounts of {network}").format(
                why=decision.reason, network=account.network
            )
            paced = LookReport(
                account=name, action=Action.PACED, reason=reason, look_at=now + turn, speaks_at=now + turn
            )
            return paced, known
        said = self._speak(account, self.specs[account.network], state, decision, line)
        limited = plan is None and state.counts_from is not None
        if said.action is Action.NEEDS_HUMAN and said.trouble is None and not limited:
            said = replace(
                said, trouble=(Condition.NETWORK_UNREADABLE, said.reason)
            )  # no limit passes: none else calls
        return said, None


def _may_speak_blind(account: Account, observation: Observation) -> bool:
    return (
        account.rule.when_blind is WhenBlind.SPEAK
        and observation.trouble is not None
        and observation.trouble[0] is Condition.NETWORK_UNREADABLE
        and observation.state.remote_id is not None
    )
