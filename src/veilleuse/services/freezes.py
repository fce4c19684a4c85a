"""Freezing and thawing by a person's command, beside a running daemon: it holds before the next send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.freeze import Freeze
from veilleuse.ports import AuditStore, LookStore


class FreezeStore(LookStore, AuditStore, Protocol):
    """Freezes, and who began and ended them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a freeze costs one account: the end of its longest allowed silence (aware UTC), None if unknown."""

    account: str
    limit: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thawed:
    """`lifted` is what the command ended; `still` silences the accounts meant all the same."""

    lifted: Freeze | None
    still: tuple[Freeze, ...]


def freeze(store: FreezeStore, accounts: Mapping[str, Account], wanted: Freeze) -> Freeze | None:
    """Hold it; the freeze of the same words it takes the place of. Raises StoreUnavailable."""
    now = wanted.since
    before = next((held for held in store.freezes(now) if _same(held, wanted)), None)
    store.freeze(wanted)
    store.note(_deed(Act.FROZE, wanted, wanted.reason, now))
    store.ring(_meant(wanted, accounts), now)
    return before


def thaw(store: FreezeStore, accounts: Mapping[str, Account], meant: Freeze, now: datetime) -> Thawed:
    """End the freeze of exactly these words, and no other: what a STOP file holds, only its removal thaws.

    `meant.by` is who thaws.
    """
    lifted = next((held for held in store.freezes(now) if _same(held, meant)), None)
    store.thaw(meant)
    if lifted is not None:
        store.note(_deed(Act.THAWED, meant, lifted.reason, now))
    names = _meant(meant, accounts)
    store.ring(names, now)
    still = [held for held in store.freezes(now) if not names.isdisjoint(_meant(held, accounts))]
    return Thawed(lifted=lifted, still=tuple(still))


def costs(store: LookStore, accounts: Mapping[str, Account], held: Freeze) -> list[Cost]:
    """What it costs each account it silences, the first to pass its limit first."""
    found = []
    for name in _meant(held, accounts):
        last = store.state(name).last_activity
        found.append(Cost(account=name, limit=None if last is None else last + accounts[name].rule.max_silence))
    return sorted(found, key=lambda cost: (cost.limit is None, cost.limit or held.since, cost.account))


def _meant(freeze: Freeze, accounts: Mapping[str, Account]) -> set[str]:
    """The accounts it silences while it holds. A reserved name is never spoken for anyway."""
    speaking: Iterable[Account] = (a for a in accounts.values() if a.speaks)
    return {a.name for a in speaking if freeze.holds(a.name, a.network, freeze.since)}


def _same(one: Freeze, other: Freeze) -> bool:
    return (one.account, one.network, one.origin) == (other.account, other.network, other.origin)


def _deed(act: Act, freeze: Freeze, why: str, now: datetime) -> Deed:
    return Deed(at=now, by=freeze.by, act=act, account=freeze.account, subject=freeze.network, detail=why)
