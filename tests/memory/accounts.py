"""Accounts and claims in memory."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.memory.lock import Locked, one_at_a_time
from veilleuse.adapters.db.claims import CLAIM_LIFE
from veilleuse.domain.account import Account, AccountState


@dataclass
class Known:
    account: Account
    state: AccountState
    enabled: bool = True
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    rung: bool = False
    former_id: str | None = None


@one_at_a_time
class MemoryAccounts(Locked):
    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Known] = {}
        self._alive_until: dict[str, datetime] = {}

    def register(self, accounts: Iterable[Account], now: datetime) -> None:
        given = {account.name: account for account in accounts}
        for name, known in self._known.items():
            if name not in given:
                known.enabled = False
                known.state = replace(known.state, next_look_at=None)
        for name, account in given.items():
            known = self._known.setdefault(name, Known(account, AccountState(name=name), enabled=False))
            if known.enabled and known.account == account and known.state.stopped is None:
                continue
            same = (known.account.network, known.account.identity) == (account.network, account.identity)
            if not same or not known.enabled:
                known.former_id = known.state.remote_id or known.former_id
                known.state = replace(known.state, remote_id=None, barred=known.state.barred if same else None)
            known.account, known.enabled, known.rung = account, True, True
            known.state = replace(known.state, next_look_at=now)

    def claim_due(
        self,
        daemon: str,
        now: datetime,
        limit: int,
        under_way: Collection[str] | None = None,
        network: str | None = None,
    ) -> list[str]:
        mine = (name for name, known in self._known.items() if known.claimed_by == daemon)
        lost = set() if under_way is None else {*mine} - {*under_way}
        due = sorted(
            (known.state.next_look_at, name)
            for name, known in self._known.items()
            if known.state.next_look_at is not None
            and known.state.next_look_at <= now
            and network in (None, known.account.network)
            and (name in lost or self._free(known, daemon, now))
        )
        names = [name for _, name in due[:limit]]
        for name in names:
            known = self._known[name]
            known.claimed_by, known.claimed_at, known.rung = daemon, now, False
        return names

    def _free(self, known: Known, daemon: str, now: datetime) -> bool:
        if known.claimed_by is None or known.claimed_at is None:
            return True
        alive = known.claimed_by in self._alive_until and self._alive_until[known.claimed_by] > now
        return (known.claimed_by != daemon and not alive) or not (
            now - CLAIM_LIFE < known.claimed_at <= now + CLAIM_LIFE
        )

    def next_look_at(self) -> datetime | None:
        unclaimed = (known.state.next_look_at for known in self._known.values() if known.claimed_by is None)
        return min((at for at in unclaimed if at is not None), default=None)

    def ring(self, accounts: Iterable[str], now: datetime) -> None:
        for known in (self._known[name] for name in accounts if name in self._known):
            if known.enabled:
                at = known.state.next_look_at
                known.state = replace(known.state, next_look_at=now if at is None else min(at, now))
                known.rung = True

    def bind(self, account: str, remote_id: str) -> None:
        known = self._known[account]
        if known.former_id not in (None, remote_id):
            self._forget(known)
        known.state, known.former_id = replace(known.state, remote_id=remote_id), None

    def _forget(self, known: Known) -> None:
        known.state = replace(
            known.state, seen_at=None, seen_by=None, read_at=None, cursor=None, gap_at=None, awake_at=None
        )

    def ring_beyond(self, moment: datetime, now: datetime) -> int:
        far = [k for k in self._known.values() if k.enabled and k.state.next_look_at and k.state.next_look_at > moment]
        for known in far:
            known.state, known.rung = replace(known.state, next_look_at=now), True
        return len(far)

    def note_gap(self, account: str, at: datetime | None) -> None:
        self._known[account].state = replace(self._known[account].state, gap_at=at)

    def finish_look(self, daemon: str, state: AccountState) -> None:
        known = self._known[state.name]
        if known.claimed_by != daemon:
            return
        next_look_at = known.state.next_look_at if known.rung or not known.enabled else state.next_look_at
        known.state = replace(
            known.state,
            remote_id=state.remote_id,
            read_at=state.read_at,
            cursor=state.cursor,
            failures=state.failures,
            stopped=state.stopped,
            speaks_at=state.speaks_at,
            reason=state.reason,
            next_look_at=next_look_at,
        )
        known.claimed_by, known.claimed_at, known.rung = None, None, False

    def beat(self, daemon: str, now: datetime, life: timedelta) -> datetime | None:
        self._alive_until[daemon] = now + life
        return None

    def retire(self, daemon: str) -> None:
        self._alive_until.pop(daemon, None)
        for known in self._known.values():
            if known.claimed_by == daemon:
                known.claimed_by, known.claimed_at = None, None

    def state(self, account: str) -> AccountState:
        return self._known[account].state if account in self._known else AccountState(name=account)

    def states(self) -> list[AccountState]:
        return [known.state for _, known in sorted(self._known.items())]
