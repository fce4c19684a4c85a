"""Spending: what calls have cost is counted, and an account stops before its month's budget is passed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.errors import BudgetExhausted
from veilleuse.domain.prices import USD, X_POST_READ, month_start, next_month, usd, utc_day, x_charges
from veilleuse.language import _, each_language
from veilleuse.ports import Billing, ChargeStore, Network

# What is kept back for one read: how many posts it brings is known only when they are paid for. Most bring one.
READ = 5 * USD[X_POST_READ]


@dataclass(slots=True)
class Bill:
    """What of one client's bill is already counted."""

    counted: Mapping[str, int]

    def news(self, billed: Mapping[str, int]) -> dict[str, int]:
        more = {item: count - self.counted.get(item, 0) for item, count in billed.items()}
        self.counted = dict(billed)
        return {item: count for item, count in more.items() if count}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    store: ChargeStore

    def count(self, account: Account, network: Network | None, bill: Bill, now: datetime) -> None:
        """Keep what this client's calls have cost since the last time. Raises StoreUnavailable."""
        if isinstance(network, Billing) and (news := bill.news(network.billed())):
            self.store.charge(account.name, utc_day(now), news)

    def spent(self, account: Account, now: datetime) -> Decimal:
        """USD this account has cost in this UTC month."""
        return usd(self.store.charges(month_start(now)).get(account.name, {}))

    def check_read(self, account: Account, texts: Iterable[str], now: datetime) -> None:
        """Raises BudgetExhausted unless the month's budget bears a read and, after it, the dearest of these texts.

        Reading what cannot be acted upon would spend the money that the next limit needs.
        """
        if account.budget_usd is not None:
            self._check(account, READ + x_charges(texts), now)

    def check_post(self, account: Account, text: str, now: datetime) -> None:
        """Raises BudgetExhausted if publishing this text would pass the month's budget."""
        if account.budget_usd is not None:
            self._check(account, x_charges([text]), now)

    def _check(self, account: Account, cost: Decimal, now: datetime) -> None:
        spent, budget = self.spent(account, now), account.budget_usd
        if budget is None or spent + cost <= budget:
            return
        begins = next_month(now)
        said = each_language(
            lambda: _(
                "its budget of {budget} USD a month does not bear the next call: {spent} USD are spent, "
                "{cost} USD would come. It goes on {when}."
            ).format(
                budget=phrases.decimal(budget),
                spent=phrases.decimal(spent, 3),
                cost=phrases.decimal(cost, 3),
                when=phrases.at(begins, account.rule.zone, now),
            )
        )
        raise BudgetExhausted(said, retry_at=begins)
