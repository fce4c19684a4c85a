"""What is known of one account at the end of a look, and how a finding is made of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.attempt import Attempt, Receipt
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.plan import Plan
from veilleuse.domain.queue import Candidate
from veilleuse.domain.rule import Due
from veilleuse.domain.runway import Runway


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One account at the end of a look. `trouble` is what the network answered, if it was an error."""

    account: Account
    title: str  # the network's name as people say it
    state: AccountState
    due: Due
    runway: Runway
    candidates: Sequence[Candidate]
    unsettled: Sequence[Attempt]
    freeze: Freeze | None
    now: datetime
    trouble: tuple[Condition, str] | None = None
    not_shown: Sequence[Receipt] = ()  # posts of ours that this look's read should have shown
    plan: Plan | None = None  # what decides instead of its queue
    warned_of: Collection[str] = ()  # subjects of its runway warnings that stand open

    def finding(self, condition: Condition, text: str, remedy: str, subject: str = "") -> Finding:
        """One about this account, for its owner."""
        return Finding(
            condition=condition,
            account=self.account.name,
            subject=subject,
            text=text,
            remedy=remedy,
            person=self.account.owner,
        )
