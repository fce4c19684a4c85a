"""Plans in memory."""

from dataclasses import replace

from tests.memory.accounts import MemoryAccounts
from tests.memory.audit import MemoryAudit
from tests.memory.lock import one_at_a_time
from veilleuse.domain.deed import Deed
from veilleuse.domain.plan import Plan
from veilleuse.domain.plan_words import hushed


@one_at_a_time
class MemoryPlans(MemoryAccounts, MemoryAudit):
    def __init__(self) -> None:
        super().__init__()
        self._plans: dict[str, Plan] = {}

    def plans(self) -> list[Plan]:
        return [plan for _, plan in sorted(self._plans.items())]

    def keep_plan(self, plan: Plan, before: Plan | None, deed: Deed | None = None) -> bool:
        stands = self._plans.get(plan.account)
        if (stands and stands.version) != (before and before.version) or (stands is not None and stands.closed):
            return False
        self._plans[plan.account] = plan
        known = self._known.get(plan.account)
        if known is not None and plan.over_at is not None and not plan.closed:
            known.state = replace(known.state, awake_at=plan.over_at)
        if deed is not None:
            self.note(deed)
        return True

    def _hushed(self, account: str, post_id: str) -> str | None:
        known = self._known[account]
        presence = (known.account.network, known.state.remote_id)
        for plan in self._plans.values():
            if plan.closed and (plan.account == account or (plan.network, plan.remote_id) == presence):
                return hushed("closed")
            if plan.account == account and plan.hushes and plan.says != post_id:
                return hushed(plan.kind)
        return None
