"""Answers: who waits for one on the networks that tell it free of charge. Asked once for each weekly digest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import structlog

from veilleuse.domain.account import Account
from veilleuse.domain.errors import NetworkError
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.plan import plan_of
from veilleuse.domain.waiting import Wait
from veilleuse.ports import Answering, Clock, Networks, Store

log = structlog.get_logger()

BACK = timedelta(days=14)  # who waits longer was told of twice
PATIENCE = timedelta(minutes=1)  # for all accounts together: letters and alerts of this process wait for it
GOLDEN = (5**0.5 - 1) / 2  # its multiples lie most evenly between 0 and 1, wherever one stops

_Asked = TypeVar("_Asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    specs: Mapping[str, NetworkSpec]
    store: Store
    networks: Networks
    clock: Clock

    def __call__(self, accounts: Iterable[Account]) -> Mapping[str, tuple[Wait, ...]]:
        """By account; without those that could not be read, which is logged and is nobody's alert.

        No transaction is open meanwhile. Raises StoreUnavailable.
        """
        now = self.clock.now()
        askable = in_turn(self._askable(accounts), now.date())
        found: dict[str, tuple[Wait, ...]] = {}
        for number, (account, remote_id) in enumerate(askable):
            if self.clock.now() - now >= PATIENCE:
                log.warning("answers.no_time_left", not_asked=len(askable) - number)
                break
            if (waits := self._ask(account, remote_id, now - BACK)) is not None:
                found[account.name] = waits
        return found

    def _askable(self, accounts: Iterable[Account]) -> list[tuple[Account, str]]:
        """Those whose identity is proven and whose network may be called, with their ids there."""
        plans = self.store.plans()
        found = []
        for account in accounts:
            spec = self.specs[account.network]
            if not spec.answers or spec.bills:
                continue
            state = self.store.state(account.name)
            refused = state.stopped or state.barred or plan_of(plans, account, state) is not None
            if state.remote_id is not None and not refused:
                found.append((account, state.remote_id))
        return found

    def _ask(self, account: Account, remote_id: str, since: datetime) -> tuple[Wait, ...] | None:
        try:
            with self.networks.open(account) as network:
                return network.unanswered(remote_id, since) if isinstance(network, Answering) else None
        except NetworkError as why:
            log.info("answers.not_read", account=account.name, why=str(why))
        except Exception:
            log.exception("answers.not_read", account=account.name)
        return None


def in_turn(asked: Sequence[_Asked], day: date) -> list[_Asked]:
    """The same, begun elsewhere in each week (from Monday): who came last is not last for ever.

    Where time is enough for one in k of them, each is reached at least once in 2 k weeks.
    """
    week = (day.toordinal() - 1) // 7
    first = int(week * GOLDEN % 1 * len(asked))
    return [*asked[first:], *asked[:first]]
