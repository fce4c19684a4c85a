"""What Prometheus reads at /metrics: the state of the accounts from the database, and this process's own times."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Protocol

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.prices import month_start, usd
from veilleuse.entrypoints.supplies import Supplies, Supply
from veilleuse.entrypoints.timings import Timings
from veilleuse.ports import Clock, Store
from veilleuse.services.glance import Glance, glances

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

DOUBTFUL = (Outcome.OPEN, Outcome.UNKNOWN, Outcome.HELD)


class Measured(Protocol):
    """A house, as far as it is measured."""

    @property
    def accounts(self) -> Mapping[str, Account]: ...
    @property
    def store(self) -> Store: ...
    @property
    def clock(self) -> Clock: ...


def exposition(house: Measured, timings: Timings, supplies: Supplies) -> bytes:
    """Everything at this moment, in Prometheus' text format. Raises StoreUnavailable."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(house, timings, supplies))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, house: Measured, timings: Timings, supplies: Supplies) -> None:
        self._house = house
        self._timings = timings
        self._supplies = supplies

    def describe(self) -> list[Metric]:
        return []  # nothing to ask the database while it is registered

    def collect(self) -> Iterator[Metric]:
        house, now = self._house, self._house.clock.now()
        yield InfoMetricFamily("veilleuse", "The program.", value={"version": version("veilleuse")})
        every = glances(house.accounts, house.store, now)
        yield from _accounts(every, self._supplies.ask(every, house.store, now), now)
        yield from self._attempts()
        yield from self._money(now)
        waiting = GaugeMetricFamily(
            "veilleuse_undelivered_messages", "Messages to people that wait to be sent.", labels=["kind"]
        )
        waiting.add_metric(["alert"], house.store.undelivered())
        waiting.add_metric(["letter"], house.store.undelivered_letters())
        yield waiting
        alerts = Counter(alert.finding.condition for alert in house.store.alerts() if not alert.budding)
        opened = GaugeMetricFamily("veilleuse_alerts", "Alerts that are open.", labels=["condition"])
        for condition, count in sorted(alerts.items()):
            opened.add_metric([condition], count)
        yield opened
        due = house.store.next_look_at()
        late = max(0.0, (now - due).total_seconds()) if due else 0.0
        yield GaugeMetricFamily("veilleuse_look_lag_seconds", "How late the most overdue look is.", value=late)
        yield from self._times()

    def _attempts(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "veilleuse_attempts", "Tries to publish, by how they ended.", labels=["account", "outcome"]
        )
        doubts = GaugeMetricFamily("veilleuse_doubts", "Posts that are perhaps published.", labels=["account"])
        unsettled: Counter[str] = Counter()
        for (account, outcome), count in sorted(self._house.store.outcomes().items()):
            if outcome in DOUBTFUL:
                unsettled[account] += count
            else:
                ended.add_metric([account, outcome], count)
        for account in self._house.accounts:
            doubts.add_metric([account], unsettled[account])
        yield ended
        yield doubts

    def _money(self, now: datetime) -> Iterator[Metric]:
        spend = GaugeMetricFamily("veilleuse_spend_usd", "What it has cost this UTC month.", labels=["account"])
        budget = GaugeMetricFamily("veilleuse_budget_usd", "What it may cost a month.", labels=["account"])
        charges = self._house.store.charges(month_start(now))
        for name, account in self._house.accounts.items():
            if name in charges or account.budget_usd is not None:
                spend.add_metric([name], float(usd(charges.get(name, {}))))
            if account.budget_usd is not None:
                budget.add_metric([name], float(account.budget_usd))
        yield spend
        yield budget

    def _times(self) -> Iterator[Metric]:
        looks, seconds, synced = self._timings.read()
        yield SummaryMetricFamily(
            "veilleuse_look_seconds", "How long looks of this process took.", count_value=looks, sum_value=seconds
        )
        if synced is not None:
            yield GaugeMetricFamily(
                "veilleuse_last_sync_timestamp_seconds", "When the content folder was last read.", value=synced
            )


def _accounts(every: list[Glance], supplies: Mapping[str, Supply], now: datetime) -> Iterator[Metric]:
    """One gauge after the other, as the format wants it; what is unknown is absent rather than zero."""
    names = ["account", "network"]
    limit = GaugeMetricFamily("veilleuse_max_silence_seconds", "The longest silence allowed.", labels=names)
    silence = GaugeMetricFamily("veilleuse_silence_seconds", "Since its last activity.", labels=names)
    runway = GaugeMetricFamily("veilleuse_runway_seconds", "For how long its posts last.", labels=names)
    queued = GaugeMetricFamily("veilleuse_queued_posts", "Approved posts waiting.", labels=names)
    standing = GaugeMetricFamily("veilleuse_account_state", "1 for the state it is in.", labels=[*names, "state"])
    for each in every:
        labels = [each.account.name, each.account.network]
        limit.add_metric(labels, each.account.rule.max_silence.total_seconds())
        if (last := each.known.last_activity) is not None:
            silence.add_metric(labels, (now - last).total_seconds())
        if (supply := supplies.get(each.account.name)) is not None:
            queued.add_metric(labels, supply.queued)
            if supply.until is not None:
                runway.add_metric(labels, max(0.0, (supply.until - now).total_seconds()))
        standing.add_metric([*labels, each.state], 1.0)
    yield from (limit, silence, runway, queued, standing)
