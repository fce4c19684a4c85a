"""Speak: try the eligible posts in order until one is published, or something other than the post is wrong."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Condition
from veilleuse.domain.decision import Decision
from veilleuse.domain.errors import BudgetExhausted, ContentRefused, CredentialsRefused, NetworkError, RateLimited
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.queue import Candidate, wording
from veilleuse.domain.timing import RETRY
from veilleuse.language import sentence
from veilleuse.ports import Clock, LookStore
from veilleuse.services.line import Line
from veilleuse.services.look_report import Action, LookReport
from veilleuse.services.observe import BACKOFF, Observe, Trouble, stopped_until
from veilleuse.services.publish import Failed, InDoubt, Publish, Spoke
from veilleuse.services.recognise import recall
from veilleuse.services.spending import Spending

REFUSALS_A_LOOK = 3  # posts a network may refuse before we come back later
DOUBT_READ = timedelta(seconds=10)  # the first read after a doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """One post at most. With `dry_run`, all but the send."""

    store: LookStore
    clock: Clock
    observe: Observe
    publish: Publish
    spending: Spending
    dry_run: bool

    def __call__(
        self, account: Account, spec: NetworkSpec, state: AccountState, decision: Decision, line: Line
    ) -> LookReport:
        """Raises StoreUnavailable; whatever the network does is part of the report."""
        refusals = 0
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
            if recall(self.store, account, spec, state.binding, candidate, self.clock.now()):
                continue
            if candidate.released_at is not None and self._appeared(account, state, candidate, line):
                continue
            try:
                if spec.bills:
                    self.spending.check_post(account, spec.compose(worded[1], candidate.post.link), self.clock.now())
            except BudgetExhausted as spent:
                return self._not_published(said, candidate, spent, spent.sentence)
            result = self.publish(account, state, line.network(), candidate, worded, line.since)
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

    def _appeared(self, account: Account, state: AccountState, candidate: Candidate, line: Line) -> bool:
        """Whether a post released after a doubt has come very late, behind newer ones; unknown counts as yes."""
        seen = self.observe(account, state, line.network(), (), released=candidate)
        unsaid = any(
            each.post.id == candidate.post.id and len(each.uses) == len(candidate.uses)
            for each in self.store.candidates(account.name)
        )
        return seen.trouble is not None or not unsaid


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
