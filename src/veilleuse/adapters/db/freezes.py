"""Freezes: by STOP files, which the folder owns, and by people's commands."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, and_, bindparam, delete, or_, select

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import accounts, freezes
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.freeze import STOP, Freeze

ACCOUNT = bindparam("of_account", type_=Text)
NOW = bindparam("now", type_=Moment())

BY_FILE = select(freezes).where(freezes.c.origin.startswith(STOP))
KEY = ("account", "network", "origin")
THIS = and_(*(freezes.c[name] == bindparam(f"of_{name}", type_=Text) for name in KEY))

HOLDS = or_(freezes.c.until.is_(None), freezes.c.until > NOW)
HOLDING = select(freezes).where(HOLDS).order_by(freezes.c.since)

# What silences one account: its own freeze, its network's, or everybody's.
_network = select(accounts.c.network).where(accounts.c.name == ACCOUNT).scalar_subquery()
SILENCES: ColumnElement[bool] = and_(
    or_(freezes.c.account == "", freezes.c.account == ACCOUNT),
    or_(freezes.c.network == "", freezes.c.network == _network),
    HOLDS,
)


class SqlFreezes(Part):
    def set_stops(self, stops: Iterable[Freeze]) -> None:
        """Writes only what differs: it is asked at every rescan, and hardly anything ever does."""
        wanted = {(stop.account, stop.origin): stop for stop in stops}
        with self._db.read() as connection:
            held = {(freeze.account, freeze.origin): freeze for freeze in map(_freeze, connection.execute(BY_FILE))}
        gone = [freeze for key, freeze in held.items() if key not in wanted]
        fresh = [stop for key, stop in wanted.items() if key not in held or held[key].reason != stop.reason]
        if not gone and not fresh:
            return
        with self._db.write() as connection:
            if gone:
                connection.execute(delete(freezes).where(THIS), list(map(_key, gone)))
            self._replace(connection, freezes, map(_row, fresh))

    def freeze(self, freeze: Freeze) -> None:
        with self._db.write() as connection:
            self._replace(connection, freezes, [_row(freeze)])

    def thaw(self, freeze: Freeze) -> bool:
        with self._db.write() as connection:
            return connection.execute(delete(freezes).where(THIS), _key(freeze)).rowcount > 0

    def freezes(self, now: datetime) -> list[Freeze]:
        with self._db.read() as connection:
            return [_freeze(row) for row in connection.execute(HOLDING, {"now": now})]


def _key(freeze: Freeze) -> dict[str, str]:
    return {f"of_{name}": getattr(freeze, name) for name in KEY}


def _row(freeze: Freeze) -> dict[str, Any]:
    return {
        "account": freeze.account,
        "network": freeze.network,
        "origin": freeze.origin,
        "frozen_by": freeze.by,
        "reason": freeze.reason,
        "since": freeze.since,
        "until": freeze.until,
    }


def _freeze(row: Row[Any]) -> Freeze:
    return Freeze(
        account=row.account,
        network=row.network,
        origin=row.origin,
        by=row.frozen_by,
        reason=row.reason,
        since=row.since,
        until=row.until,
    )
