"""What the house knows of each account, and which accounts it looks at."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, null, select, update
from sqlalchemy.sql.functions import coalesce

from veilleuse.adapters.db.former import BIND, FORGET, FORMER, INHERIT
from veilleuse.adapters.db.part import Part, batches
from veilleuse.adapters.db.tables import accounts, approval_policies
from veilleuse.domain.account import Account, AccountState

KNOWN = [field.name for field in fields(AccountState)]
STATES = select(*(accounts.c[name] for name in KNOWN))
ONE_STATE = STATES.where(accounts.c.name == bindparam("account"))
NOTE_GAP = update(accounts).where(accounts.c.name == bindparam("account")).values(gap_at=bindparam("at"))

STOP_LOOKING = (
    update(accounts).where(accounts.c.name == bindparam("account")).values(enabled=False, next_look_at=null())
)


class SqlAccounts(Part):
    def register(self, accounts_: Iterable[Account], now: datetime) -> None:
        """See ports.LookStore. Accounts known and unchanged cost little."""
        with self._db.write() as connection:
            known = _known(connection)
            given = {account.name: account for account in accounts_}
            # By name, so that two daemons starting at once take the rows' locks in one order.
            rows = (_row(given[name], now) for name in sorted(given))
            for changed in batches(row for row in rows if known.get(row["name"]) != row["setup"]):
                connection.execute(self._registering(), changed)
            self._replace(connection, approval_policies, (_policy(given[name]) for name in sorted(given)))
            for names in batches(sorted(known.keys() - given.keys())):
                connection.execute(STOP_LOOKING, [{"account": name} for name in names])

    def _registering(self) -> Any:
        """Insert an account, or change one. With a new identity, or back after an absence, it proves anew who it is."""
        insert = self._db.insert(accounts)
        new = insert.excluded
        same = and_(accounts.c.network == new.network, accounts.c.identity == new.identity)
        proven = and_(same, accounts.c.enabled)
        kept = {
            "remote_id": case((proven, accounts.c.remote_id), else_=null()),
            "former_id": case(
                (proven, accounts.c.former_id), else_=coalesce(accounts.c.remote_id, accounts.c.former_id)
            ),
            "barred": case((same, accounts.c.barred), else_=null()),
        }
        given = {name: new[name] for name in ("network", "identity", "setup", "enabled", "next_look_at", "rung_at")}
        return insert.on_conflict_do_update(index_elements=[accounts.c.name], set_=given | kept)

    def bind(self, account: str, remote_id: str) -> None:
        proven = {"account": account, "proven": remote_id}
        with self._db.write() as connection:
            for statement in (*FORGET, BIND):
                connection.execute(statement, proven)
            if connection.execute(FORMER, proven).first() is not None:
                for statement in INHERIT:
                    connection.execute(statement, proven)

    def note_gap(self, account: str, at: datetime | None) -> None:
        with self._db.write_one() as connection:
            connection.execute(NOTE_GAP, {"account": account, "at": at})

    def state(self, account: str) -> AccountState:
        """Of an account never registered, nothing is known."""
        with self._db.read() as connection:
            row = connection.execute(ONE_STATE, {"account": account}).one_or_none()
        return _state(row) if row else AccountState(name=account)

    def states(self) -> list[AccountState]:
        with self._db.read() as connection:
            return sorted((_state(row) for row in connection.execute(STATES)), key=lambda state: state.name)


def _known(connection: Connection) -> Mapping[str, str | None]:
    """Setup by name of the accounts looked at; None: look at it now whatever its setup (it is stopped)."""
    setup = case((accounts.c.stopped.is_(None), accounts.c.setup)).label("setup")
    rows = connection.execute(select(accounts.c.name, setup).where(accounts.c.enabled))
    return {row.name: row.setup for row in rows}


def _row(account: Account, now: datetime) -> dict[str, Any]:
    return {
        "name": account.name,
        "network": account.network,
        "identity": account.identity,
        "setup": _setup(account),
        "enabled": True,
        "failures": 0,
        "reason": "",
        "next_look_at": now,
        "rung_at": now,
    }


def _policy(account: Account) -> dict[str, Any]:
    return {"account": account.name, "mode": account.rule.approval, "approvers": list(account.may_approve)}


def _setup(account: Account) -> str:
    """A digest of all that is configured: whatever changed may change when it must speak."""
    return hashlib.sha256(ascii(_plain(account)).encode()).hexdigest()


def _plain(value: object) -> object:
    """The same in every process: sets and mappings in order, every field of what is made of fields."""
    if is_dataclass(value):
        return [(field.name, _plain(getattr(value, field.name))) for field in fields(value)]
    if isinstance(value, Mapping):
        return sorted(value.items())
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _state(row: Row[Any]) -> AccountState:
    return AccountState(**dict(zip(KNOWN, row, strict=True)))  # twice as fast as by its mapping, for very many
