"""Which accounts are due, and which daemon looks at each of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, delete, literal, not_, null, or_, select, update

from veilleuse.adapters.db.part import Part, batches
from veilleuse.adapters.db.tables import REVISION, accounts, daemons, version
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.account import AccountState
from veilleuse.ports import SchemaNewer

# A look lasts seconds. A claim so old was lost with the write that should have given it back.
CLAIM_LIFE = timedelta(minutes=15)

SCHEMA = select(version.c.version_num).scalar_subquery()

EARLIEST = (
    select(accounts.c.next_look_at)
    .where(accounts.c.next_look_at.is_not(None), accounts.c.claimed_by.is_(None))
    .order_by(accounts.c.next_look_at)
    .limit(1)
)

_now = bindparam("now", type_=Moment())
RING = (
    update(accounts)
    .where(accounts.c.name == bindparam("account"), accounts.c.enabled)
    .values(
        rung_at=_now,
        next_look_at=case((accounts.c.next_look_at <= _now, accounts.c.next_look_at), else_=_now),
    )
)


class SqlClaims(Part):
    def claim_due(self, daemon: str, now: datetime, limit: int) -> list[str]:
        due = self._due(daemon, now)
        with self._db.read() as connection:
            if connection.execute(due.limit(1)).first() is None:
                return []  # the usual case takes no lock
        chosen = due.limit(limit).with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED")
        claim = (
            update(accounts)
            .where(accounts.c.name.in_(select(chosen.c.name)))
            .values(claimed_by=daemon, claimed_at=self._db.moment(now), rung_at=null())
            .returning(accounts.c.next_look_at, accounts.c.name)
        )
        with self._db.write() as connection:
            claimed = sorted((look_at, name) for look_at, name in connection.execute(claim))
        return [name for _, name in claimed]

    def _due(self, daemon: str, now: datetime) -> Select[Any]:
        """Names of accounts this daemon may claim, the most overdue first; none under another program's schema."""
        alive = select(daemons.c.name).where(daemons.c.alive_until > self._db.moment(now))
        orphaned = and_(accounts.c.claimed_by != daemon, accounts.c.claimed_by.not_in(alive))
        forgotten = accounts.c.claimed_at <= self._db.moment(now, -CLAIM_LIFE)
        return (
            select(accounts.c.name)
            .where(accounts.c.next_look_at <= now, or_(accounts.c.claimed_by.is_(None), orphaned, forgotten))
            .where(SCHEMA == REVISION)
            .order_by(accounts.c.next_look_at)
        )

    def next_look_at(self) -> datetime | None:
        with self._db.read() as connection:
            moment: datetime | None = connection.execute(EARLIEST).scalar()
        return moment

    def ring(self, accounts_: Iterable[str], now: datetime) -> None:
        with self._db.write() as connection:
            for names in batches(sorted(accounts_)):
                connection.execute(RING, [{"account": name, "now": now} for name in names])

    def finish_look(self, daemon: str, state: AccountState) -> None:
        """Nothing is stored if another daemon has taken the account over: what was found is no longer news."""
        finish = (
            update(accounts)
            .where(accounts.c.name == state.name, accounts.c.claimed_by == daemon)
            .values(
                remote_id=state.remote_id,
                read_at=state.read_at,
                cursor=state.cursor,
                failures=state.failures,
                stopped=state.stopped,
                speaks_at=state.speaks_at,
                reason=state.reason,
                next_look_at=case(
                    (not_(accounts.c.enabled), null()),
                    (accounts.c.rung_at.is_not(None), accounts.c.rung_at),
                    else_=literal(state.next_look_at, Moment()),
                ),
                claimed_by=null(),
                claimed_at=null(),
                rung_at=null(),
            )
        )
        with self._db.write() as connection:
            connection.execute(finish)

    def beat(self, daemon: str, now: datetime, life: timedelta) -> None:
        insert = self._db.insert(daemons).values(name=daemon, alive_until=self._db.moment(now, life))
        live = insert.on_conflict_do_update(
            index_elements=[daemons.c.name], set_={"alive_until": insert.excluded.alive_until}
        )
        with self._db.write() as connection:
            connection.execute(live)
            connection.execute(delete(daemons).where(daemons.c.alive_until <= self._db.moment(now)))
            schema = connection.execute(select(SCHEMA)).scalar()
        if schema != REVISION:
            raise SchemaNewer(
                f"The database {self._db.name} now has schema {schema}; this program knows {REVISION}. "
                "It looks at nothing more: restart it with the newer version."
            )

    def retire(self, daemon: str) -> None:
        with self._db.write() as connection:
            connection.execute(
                update(accounts).where(accounts.c.claimed_by == daemon).values(claimed_by=null(), claimed_at=null())
            )
            connection.execute(delete(daemons).where(daemons.c.name == daemon))
