"""What a wrong clock has written, put right: left alone, an account would wait for years that never come."""

from datetime import datetime

from sqlalchemy import Table, Text, Update, and_, bindparam, case, or_, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import accounts, activities, attempts, receipts
from veilleuse.adapters.db.types import Moment

ACCOUNT = bindparam("of_account", type_=Text)
NOW = bindparam("now", type_=Moment())

RING_BEYOND = (
    update(accounts)
    .where(accounts.c.enabled, accounts.c.next_look_at > bindparam("beyond", type_=Moment()))
    .values(next_look_at=NOW, rung_at=NOW)
)


def _rewound(table: Table, name: str, *moments: str) -> Update:
    ahead = [table.c[moment] > NOW for moment in moments]
    values = {moment: case((table.c[moment] > NOW, NOW), else_=table.c[moment]) for moment in moments}
    return update(table).where(and_(table.c[name] == ACCOUNT, or_(*ahead))).values(values)


REWIND = (
    _rewound(accounts, "name", "seen_at", "spoke_at", "read_at", "gap_at", "awake_at"),
    _rewound(activities, "account", "at", "first_seen_at"),
    _rewound(attempts, "account", "created_at", "send_before", "closed_at"),
    _rewound(receipts, "account", "at"),
)


class SqlRewind(Part):
    def ring_beyond(self, moment: datetime, now: datetime) -> int:
        with self._db.write() as connection:
            return connection.execute(RING_BEYOND, {"beyond": moment, "now": now}).rowcount

    def rewind(self, account: str, now: datetime) -> None:
        with self._db.write() as connection:
            for statement in REWIND:
                connection.execute(statement, {"of_account": account, "now": now})
