"""Which accounts are due, and which daemon looks at each of them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    literal,
    not_,
    null,
    or_,
    select,
    update,
)

from veilleuse.adapters.db.part import Part, batches
from veilleuse.adapters.db.tables import REVISION, accounts, daemons, version
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.account import AccountState
from veilleuse.language import sentence
from veilleuse.ports import SchemaNewer

# A look lasts seconds, minutes in a storm. A claim so old was lost with the write that should have given it back.
CLAIM_LIFE = timedelta(hours=1)

NAME, DAEMON = bindparam("account", type_=Text), bindparam("daemon", type_=Text)
NETWORK = bindparam("on_network", type_=Text)
NOW = bindparam("now", type_=Moment())

SCHEMA = select(version.c.version_num).scalar_subquery()

LOST = accounts.c.claimed_by == bindparam("loser", type_=Text)
FORGOTTEN = or_(  # the latter was claimed by a clock that was wrong
    accounts.c.claimed_at <= bindparam("forgotten"), accounts.c.claimed_at > bindparam("ahead")
)

EARLIEST = (
    select(accounts.c.next_look_at)
    .where(accounts.c.next_look_at.is_not(None), accounts.c.claimed_by.is_(None))
    .order_by(accounts.c.next_look_at)
    .limit(1)
)

RING = (
    update(accounts)
    .where(accounts.c.name == NAME, accounts.c.enabled)
    .values(
        rung_at=NOW,
        next_look_at=case((accounts.c.next_look_at <= NOW, accounts.c.next_look_at), else_=NOW),
    )
)

# What a look may change. The rest of the state belongs to readings, receipts and people.
FOUND = ("remote_id", "read_at", "cursor", "failures", "stopped", "speaks_at", "reason")

FREE = {"claimed_by": null(), "claimed_at": null()}
FINISH = (
    update(accounts)
    .where(accounts.c.name == NAME, accounts.c.claimed_by == DAEMON)
    .values(
        {name: bindparam(name) for name in FOUND}
        | FREE
        | {
            "rung_at": null(),
            "next_look_at": case(
                (not_(accounts.c.enabled), null()),
                (accounts.c.rung_at.is_not(None), accounts.c.rung_at),
                else_=bindparam("look_at", type_=Moment()),
            ),
        }
    )
)
RELEASE = update(accounts).where(accounts.c.claimed_by == DAEMON).values(FREE)


class SqlClaims(Part):
    def claim_due(
        self,
        daemon: str,
        now: datetime,
        limit: int,
        under_way: Collection[str] | None = None,
        network: str | None = None,
    ) -> list[str]:
        asked: dict[str, Any] = {"daemon": daemon, "now": now, "forgotten": now - CLAIM_LIFE, "ahead": now + CLAIM_LIFE}
        asked |= {"on_network": network, "loser": None if under_way is None else daemon}
        due, claim = self._idle
        if under_way:
            asked["under_way"] = [*under_way]
            due, claim = self._busy
        with self._db.read() as connection:
            if connection.execute(due, asked | {"most": 1}).first() is None:
                return []  # the usual case takes no lock
        with self._db.write_one() as connection:
            claimed = connection.execute(claim, asked | {"most": limit}).all()
        return [row.name for row in sorted(claimed, key=lambda row: (row.next_look_at, row.name))]

    @cached_property
    def _busy(self) -> tuple[Select[Any], Any]:
        """What is due, and the claim of it, while this daemon looks at some accounts."""
        return self._asking(and_(LOST, accounts.c.name.not_in(bindparam("under_way", expanding=True))))

    @cached_property
    def _idle(self) -> tuple[Select[Any], Any]:
        """The same while it looks at none. (An IN is spelled anew at each execution: most polls are spared that.)"""
        return self._asking(LOST)

    def _asking(self, lost: ColumnElement[bool]) -> tuple[Select[Any], Any]:
        """Accounts this daemon may claim, the most overdue first; none under another program's schema."""
        alive = select(daemons.c.name).where(daemons.c.alive_until > self._db.moment(NOW))
        orphaned = and_(accounts.c.claimed_by != DAEMON, accounts.c.claimed_by.not_in(alive))
        due = (
            select(accounts.c.name)
            .where(accounts.c.next_look_at <= NOW, or_(accounts.c.claimed_by.is_(None), orphaned, lost, FORGOTTEN))
            .where(or_(NETWORK.is_(None), accounts.c.network == NETWORK), SCHEMA == REVISION)
            .order_by(accounts.c.next_look_at)
            .limit(bindparam("most"))
        )
        mine = due.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED")
        claim = (
            update(accounts)
            .where(accounts.c.name.in_(select(mine.c.name)))
            .values(claimed_by=DAEMON, claimed_at=NOW, rung_at=null())
            .returning(accounts.c.name, accounts.c.next_look_at)
        )
        return due, claim

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
        found = {name: getattr(state, name) for name in FOUND}
        found |= {"account": state.name, "daemon": daemon, "look_at": state.next_look_at}
        with self._db.write_one() as connection:
            connection.execute(FINISH, found)

    def beat(self, daemon: str, now: datetime, life: timedelta) -> datetime | None:
        insert = self._db.insert(daemons).values(name=daemon, alive_until=self._db.after(now, life))
        live = insert.on_conflict_do_update(
            index_elements=[daemons.c.name], set_={"alive_until": insert.excluded.alive_until}
        ).returning(self._db.moment(literal(now, Moment())))
        with self._db.write() as connection:
            told: datetime = connection.execute(live).scalar_one()
            connection.execute(self._bury, {"now": now})
            schema = connection.execute(select(SCHEMA)).scalar()
        if schema != REVISION:
            raise SchemaNewer(
                sentence(
                    "The database {name} was changed by a newer version of this program (schema {schema}; this one "
                    "knows {revision}). This daemon looks at nothing more: restart it with the newer version.",
                    name=self._db.name,
                    schema=schema,
                    revision=REVISION,
                )
            )
        return told if self._db.path is None else None  # a file has no clock of its own

    @cached_property
    def _bury(self) -> Delete:
        return delete(daemons).where(daemons.c.alive_until <= self._db.moment(NOW))

    def bury_all(self) -> None:
        """No daemon lives: whoever holds the lock of a SQLite file knows that, and waits for none."""
        with self._db.write() as connection:
            connection.execute(delete(daemons))

    def retire(self, daemon: str) -> None:
        with self._db.write() as connection:
            connection.execute(RELEASE, {"daemon": daemon})
            connection.execute(delete(daemons).where(daemons.c.name == daemon))
