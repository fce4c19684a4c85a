"""The look: observe, decide, perhaps speak, say what needs a human. One claimed account, one post at most."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from veilleuse.domain import phrases
from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.attempt import UNSETTLED
from veilleuse.domain.concern import JUDGED, findings
from veilleuse.domain.decision import LOCAL_LOOK, Decision, Verdict, decide
from veilleuse.domain.errors import BudgetExhausted, ContentRefused, CredentialsRefused, NetworkError, RateLimited
from veilleuse.domain.freeze import freeze_on
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.plan import Plan, plan_of, reads_first
from veilleuse.domain.queue import Candidate, speakers, wording
from veilleuse.domain.rule import WhenBlind, due
from veilleuse.domain.runway import runway
from veilleuse.domain.timing import RETRY, must_read, next_look
from veilleuse.domain.view import View
from veilleuse.language import _, sentence
from veilleuse.ports import Clock, LookStore, Network, Networks
from veilleuse.services.alert import Alerts
from veilleuse.services.lifecycle import Lifecycle
from veilleuse.services.observe import BACKOFF, Observation, Observe, Trouble, stopped_until
from veilleuse.services.pace import Pace
from veilleuse.services.preview import Preview
from veilleuse.services.publish import Failed, InDoubt, Publish, Spoke
from veilleuse.services.recognise import recall
from veilleuse.services.spending import Bill, Spending

log = structlog.get_logger()

REFUSALS_A_LOOK = 3  # posts a network may refuse before we come back later
DOUBT_READ = timedelta(seconds=10)  # the first read after a doubt

# Only a read can tell that these are over; a look without one leaves them as they are.
JUDGED_BY_READING = frozenset(
    {
        Condition.NETWORK_UNREADABLE,
        Condition.CLOCK_OFF,
        Condition.CREDENTIALS_REFUSED,
        Condition.BUDGET_EXHAUSTED,
    }
)


class Action(StrEnum):
    """What a look came to."""

    PUBLISHED = "published"
    WOULD_PUBLISH = "would publish"  # a dry run
    WAITS = "waits"
    PACED = "paced"  # its turn comes in seconds: other accounts of the network speak first
    NEEDS_HUMAN = "needs a human"
    BLIND = "cannot read"
    IN_DOUBT = "in doubt"


ACTIONS = {
    Verdict.WAIT: Action.WAITS,
    Verdict.EMPTY: Action.NEEDS_HUMAN,
    Verdict.DOUBT: Action.IN_DOUBT,
    Verdict.STOPPED: Action.NEEDS_HUMAN,
    Verdict.FROZEN: Action.WAITS,
    Verdict.HUSHED: Action.WAITS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookReport:
    """One look, for eyes and logs. `look_at` is aware UTC."""

    account: str
    action: Action
    reason: str
    look_at: datetime
    ref: str | None = None
    text: str | None = None
    url: str | None = None
    speaks_at: datetime | None = None
    trouble: Trouble | None = None
    app: str = ""  # set: the network refuses every account of this app


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
        with ExitStack() as stack:
            line = _Line(lambda: stack.enter_context(self.networks.open(account)))
            try:
                observation = self._observe(account, state, line, plan)
                self._count(account, line)
                if observation is not None:
                    state = observation.state
                before, plan = plan, self._carry(account, state, observation, line, plan)
                if plan is None and before is not None:
                    state = replace(state, awake_at=self.store.state(name).awake_at)
                report = self._decide(account, state, observation, line, plan)
                if plan != before:  # its next step is not kept waiting
                    report = replace(report, look_at=self.clock.now())
            finally:
                self._count(account, line)
        return self._conclude(account, state, observation, report, plan)

    def _observe(self, account: Account, state: AccountState, line: "_Line", plan: Plan | None) -> Observation | None:
        """Read the network, unless local knowledge says the account cannot be near its limit."""
        now = self.clock.now()
        if plan is not None and plan.closed:
            return None
        if state.barred is not None:
            return self.observe.troubled(account, state, CredentialsRefused(state.barred))
        unsettled = self.store.unsettled(account.name)
        if plan is not None:
            if not (unsettled or reads_first(plan, now)):
                return None
        elif not must_read(account, self.specs[account.network], state, unsettled, now):
            return None
        try:
            if self.specs[account.network].bills:
                self.spending.check_read(account, () if unsettled else self._next_words(account, state, now), now)
            network = line.network()
        except NetworkError as error:
            return self.observe.troubled(account, state, error)
        return self.observe(account, state, network, unsettled)

    def _carry(
        self,
        account: Account,
        state: AccountState,
        observation: Observation | None,
        line: "_Line",
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

    def _count(self, account: Account, line: "_Line") -> None:
        self.spending.count(account, line.opened, line.bill, self.clock.now())

    def _decide(
        self,
        account: Account,
        state: AccountState,
        observation: Observation | None,
        line: "_Line",
        plan: Plan | None,
    ) -> LookReport:
        now = self.clock.now()
        if observation is not None and observation.trouble is not None and not _may_speak_blind(account, observation):
            what = observation.trouble[1]
            look_at = observation.retry_at or now + RETRY
            return LookReport(
                account=account.name, action=Action.BLIND, reason=what, look_at=look_at, trouble=observation.trouble
            )
        decision = decide(
            account,
            state,
            candidates=self.store.candidates(account.name),
            unsettled=self.store.unsettled(account.name),
            freeze=freeze_on(self.store.freezes(now), account.name, account.network, now),
            now=now,
            plan=plan,
        )
        if decision.verdict is not Verdict.SPEAK:
            return LookReport(
                account=account.name,
                action=ACTIONS[decision.verdict],
                reason=decision.reason,
                look_at=decision.look_at,
                speaks_at=decision.speaks_at,
            )
        turn = timedelta(0) if self.dry_run else self.pace.wait(account.network, account.name, now)
        if turn:
            reason = _("{why}; waits its turn among the accounts of {network}").format(
                why=decision.reason, network=account.network
            )
            return LookReport(
                account=account.name, action=Action.PACED, reason=reason, look_at=now + turn, speaks_at=now + turn
            )
        return self._speak(account, state, decision, line)

    def _speak(self, account: Account, state: AccountState, decision: Decision, line: "_Line") -> LookReport:
        """Try the eligible posts in order until one is published, or something other than the post is wrong."""
        refusals, spec = 0, self.specs[account.network]
        said = LookReport(
            account=account.name, action=Action.NEEDS_HUMAN, reason=decision.reason, look_at=decision.look_at + RETRY
        )
        for candidate in decision.speakers:
            worded = wording(candidate, account.network)
            if worded is None:
                continue
            said = replace(said, ref=candidate.post.ref, text=worded[1])
            if self.dry_run:
                return replace(said, action=Action.WOULD_PUBLISH)
            if recall(self.store, account, self.specs[account.network], state.binding, candidate, self.clock.now()):
                continue
            if candidate.released_at is not None and self._appeared(account, state, candidate, line):
                continue
            try:
                if spec.bills:
                    self.spending.check_post(account, spec.compose(worded[1], candidate.post.link), self.clock.now())
            except BudgetExhausted as spent:
                return self._not_published(said, candidate, spent, spent.sentence)
            result = self.publish(account, state, line.network(), candidate, worded)
            now = self.clock.now()
            match result:
                case Spoke(receipt=receipt):
                    return replace(said, action=Action.PUBLISHED, url=receipt.url, text=receipt.text)
                case InDoubt(detail=detail):
                    reason = sentence("{ref} is perhaps published: {why}", ref=candidate.post.ref, why=detail)
                    return replace(said, action=Action.IN_DOUBT, reason=reason, look_at=now + DOUBT_READ)
                case Failed(error=ContentRefused(), detail=detail) if refusals + 1 < REFUSALS_A_LOOK:
                    refusals += 1
                    reason = sentence("{ref} was refused: {why} It is not live", ref=candidate.post.ref, why=detail)
                    said = replace(said, reason=reason)
                case Failed(error=error, detail=detail):
                    return self._not_published(said, candidate, error, detail)
        return said

    def _not_published(
        self, said: LookReport, candidate: Candidate, error: NetworkError | None, detail: str
    ) -> LookReport:
        return replace(
            said,
            reason=sentence("{ref} was not published: {why}", ref=candidate.post.ref, why=detail),
            look_at=_retry_at(error, self.clock.now()),
            trouble=_trouble(error),
            app=error.app if isinstance(error, BudgetExhausted) else "",
        )

    def _appeared(self, account: Account, state: AccountState, candidate: Candidate, line: "_Line") -> bool:
        """Whether a post released after a doubt has come very late, behind newer ones; unknown counts as yes."""
        seen = self.observe(account, state, line.network(), (), released=candidate)
        unsaid = any(
            each.post.id == candidate.post.id and len(each.uses) == len(candidate.uses)
            for each in self.store.candidates(account.name)
        )
        return seen.trouble is not None or not unsaid

    def _conclude(
        self,
        account: Account,
        state: AccountState,
        observation: Observation | None,
        report: LookReport,
        plan: Plan | None,
    ) -> LookReport:
        """Store what was found, give the claim back, say what needs a human."""
        now = self.clock.now()
        fresh = self.store.state(account.name)
        state = replace(
            state, seen_at=fresh.seen_at, seen_by=fresh.seen_by, spoke_at=fresh.spoke_at, awake_at=fresh.awake_at
        )
        candidates = self.store.candidates(account.name)
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
        spec = self.specs[account.network]
        if not self.dry_run:  # before the claim is given back: whoever dies here leaves a look that is done again
            view = View(
                account=account,
                title=spec.title,
                state=state,
                due=next_due,
                runway=runway(account.rule, account.name, account.network, candidates, state.counts_from, now),
                candidates=candidates,
                unsettled=self.store.unsettled(account.name),
                freeze=freeze_on(self.store.freezes(now), account.name, account.network, now),
                now=now,
                trouble=trouble,
                plan=plan,
                not_shown=(observation.not_shown if observation else None) or (),
                warned_of=self.alerts.subjects(account.name, Condition.RUNWAY_LOW),
            )
            judged = JUDGED if observation is not None or trouble or plan is not None else JUDGED - JUDGED_BY_READING
            if plan is None and (observation is None or observation.not_shown is None):
                judged -= {Condition.POST_NOT_VISIBLE}
            found = findings(view)
            if trouble and trouble[0] is Condition.CLOCK_OFF:  # by a wrong clock nothing else can be judged
                judged = frozenset({Condition.CLOCK_OFF})
                found = [finding for finding in found if finding.condition in judged]
            app = report.app or (observation.app if observation else "")
            self.alerts.reconcile(account.name, self._once_an_app(found, account, app), judged)
            if self.preview is not None and plan is None:
                self.preview(account, spec, candidates, state.last_activity, report.speaks_at, now)
        look_at = next_look(report.look_at, spec, state, next_due, now)
        self.store.finish_look(
            self.daemon, replace(state, next_look_at=look_at, speaks_at=report.speaks_at, reason=report.reason)
        )
        log.info("account.looked", account=account.name, action=report.action, reason=report.reason, look_at=look_at)
        return report

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


@dataclass(slots=True)
class _Line:
    """Opens the network only when it is needed: an idle look imports no client library."""

    open: Callable[[], Network]
    opened: Network | None = None
    bill: Bill = field(default_factory=lambda: Bill({}))

    def network(self) -> Network:
        if self.opened is None:
            self.opened = self.open()
        return self.opened


def _may_speak_blind(account: Account, observation: Observation) -> bool:
    return (
        account.rule.when_blind is WhenBlind.SPEAK
        and observation.trouble is not None
        and observation.trouble[0] is Condition.NETWORK_UNREADABLE
        and observation.state.remote_id is not None
    )


def _retry_at(error: NetworkError | None, now: datetime) -> datetime:
    if isinstance(error, CredentialsRefused | BudgetExhausted):
        return stopped_until(error, now)
    if isinstance(error, RateLimited) and error.retry_at is not None:
        return max(error.retry_at, now + BACKOFF[0])
    return now + RETRY


def _trouble(error: NetworkError | None) -> Trouble | None:
    match error:
        case CredentialsRefused():
            return Condition.CREDENTIALS_REFUSED, error.sentence
        case BudgetExhausted():
            return Condition.BUDGET_EXHAUSTED, error.sentence
        case _:
            return None
