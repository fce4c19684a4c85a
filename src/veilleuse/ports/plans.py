"""What the database keeps of plans."""

from typing import Protocol

from veilleuse.domain.deed import Deed
from veilleuse.domain.plan import Plan


class PlanStore(Protocol):
    def plans(self) -> list[Plan]:
        """The newest plan of each account that ever had one."""
        ...

    def keep_plan(self, plan: Plan, before: Plan | None, deed: Deed | None = None) -> bool:
        """Keep it in the place of exactly `before` (None: of nothing), with who did what, in one transaction.

        False: somebody else has changed it, or the account is closed; then nothing was kept. A plan that is over, and
        has not closed its account, starts the account's clock anew: its silence counts from `over_at`.
        """
        ...
