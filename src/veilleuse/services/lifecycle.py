"""Lifecycle: go on with an account's plan, a step a look. Each is done, then read back, and may be done again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Receipt
from veilleuse.domain.by_hand import what_hiding_does
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, NetworkError
from veilleuse.domain.plan import CHECK, Facts, Plan, StepKind, StepState, advance, plan_of, put_off, settle
from veilleuse.domain.queue import PASSING, blocked
from veilleuse.language import sentence
from veilleuse.ports import Clock, Exposing, Hiding, LookStore, Network, Pinning

log = structlog.get_logger()

ASKS_NETWORK = frozenset({StepKind.HIDE, StepKind.SHOW, StepKind.SEE, StepKind.PIN, StepKind.CLOSE})
LOOKS_FOR_ITSELF = 5  # times until a person is asked to look whether strangers see the account
RECEIPTS = 50
VEILLEUSE = "veilleuse"  # who did a step, in the trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    store: LookStore
    clock: Clock

    def __call__(self, account: Account, state: AccountState, plan: Plan, open_: Callable[[], Network]) -> Plan | None:
        """The plan as it stands after what could be done now; None: it decides nothing any more.

        Whoever calls holds the account's claim and knows that nothing is frozen or in doubt. Raises StoreUnavailable.
        """
        now = self.clock.now()
        after = advance(plan, self._facts(plan, now), now)
        step = after.current
        if after == plan and step is not None and step.kind in ASKS_NETWORK and _is_due(plan, now):
            after = self._act(account, plan, open_, now)
            after = advance(after, self._facts(after, now), now)
        return plan if after == plan else self._keep(after, plan, account, state, now)

    def _facts(self, plan: Plan, now: datetime) -> Facts:
        if not plan.speaks:
            return Facts()
        if (said := self._said(plan)) is not None:
            return Facts(said_at=said.at)
        candidate = next((c for c in self.store.candidates(plan.account) if c.post.id == plan.says), None)
        if candidate is None:
            return Facts(mute=sentence("the post no longer stands in its file"))
        why = blocked(candidate, now)
        return Facts(mute=None if why is None or why in PASSING else candidate.refused or sentence(why.value))

    def _said(self, plan: Plan) -> Receipt | None:
        """The proof that the plan's post is live, whoever said it."""
        return next((r for r in self.store.receipts(plan.account, RECEIPTS) if r.post_id == plan.says), None)

    def _act(self, account: Account, plan: Plan, open_: Callable[[], Network], now: datetime) -> Plan:
        step = plan.current
        assert step is not None
        asked = step.state is StepState.HUMAN
        try:
            done = self._try(account, plan, step.kind, open_(), now, ask_only=asked)
        except (CredentialsRefused, ContentRefused) as refused:
            done = settle(plan, StepState.HUMAN, now, now, detail=refused.sentence)
        except NetworkError as error:
            done = put_off(plan, error.sentence, now)
        if asked and (after := done.step(step.kind)) is not None and after.state is not StepState.DONE:
            return replace(plan, next_at=now + CHECK)  # it was asked of a person, and stays so
        log.info("plan.step", account=account.name, step=step.kind, plan=plan.kind)
        return done

    def _try(
        self, account: Account, plan: Plan, kind: StepKind, network: Network, now: datetime, *, ask_only: bool
    ) -> Plan:
        done: Callable[[], bool]
        act: Callable[[], None]
        match kind:
            case StepKind.SEE:
                return self._see(plan, network, now)
            case StepKind.PIN if isinstance(network, Pinning) and (said := self._said(plan)) is not None:
                post_id, pinning = said.remote_id, network
                done, act, detail = lambda: pinning.pinned(post_id), lambda: pinning.pin(post_id), ""
            case StepKind.HIDE | StepKind.CLOSE if isinstance(network, Hiding):
                done, act, detail = network.hidden, network.hide, what_hiding_does(account.network)
            case StepKind.SHOW if isinstance(network, Hiding):
                hiding = network
                done, act, detail = lambda: not hiding.hidden(), network.show, ""
            case _:
                return settle(plan, StepState.HUMAN, now, now)
        if not done() and not ask_only:
            act()
            if not done():
                held = sentence("The network took it, and yet it does not hold.")
                return settle(plan, StepState.HUMAN, now, now, detail=held)
        return settle(plan, StepState.DONE if done() else StepState.HUMAN, now, now, detail=detail)

    def _see(self, plan: Plan, network: Network, now: datetime) -> Plan:
        newest = next(iter(self.store.receipts(plan.account, 1)), None)
        seen = None
        if newest is not None and isinstance(network, Exposing):
            entry = Entry(remote_id=newest.remote_id, text=newest.text, created_at=newest.at, url=newest.url)
            seen = network.visible(entry)
        if seen is None:
            told = sentence("no program can tell whether strangers see it")
            return settle(plan, StepState.DONE, now, now, detail=told)
        if seen:
            return settle(plan, StepState.DONE, now, now)
        hidden = sentence("strangers do not see its newest post yet")
        if plan.tries >= LOOKS_FOR_ITSELF:
            return settle(plan, StepState.HUMAN, now, now, detail=hidden)
        return put_off(plan, hidden, now)

    def _keep(self, after: Plan, before: Plan, account: Account, state: AccountState, now: datetime) -> Plan | None:
        """Stored before anything builds on it; if a person has changed the plan meanwhile, theirs holds."""
        if after.closed:
            after = replace(after, network=account.network, remote_id=state.remote_id)
        after = replace(after, version=before.version + 1)
        fresh = [s for s in after.steps if s.state is StepState.DONE and not before.done(s.kind)]
        deed = None
        if fresh:
            steps = ", ".join(step.kind for step in fresh)
            deed = Deed(at=now, by=VEILLEUSE, act=Act.DID, account=account.name, subject=before.kind, detail=steps)
        if self.store.keep_plan(after, before, deed):
            return after if after.hushes else None
        return plan_of(self.store.plans(), account, state)


def _is_due(plan: Plan, now: datetime) -> bool:
    """A time far ahead was written by a wrong clock."""
    return not now < plan.next_at <= now + 2 * CHECK
