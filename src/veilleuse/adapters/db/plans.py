"""Plans: one row an account, replaced only by whoever has seen it as it stands."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Text, and_, bindparam, case, not_, or_, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.receipts import ACCOUNT
from veilleuse.adapters.db.tables import accounts, audit, plans
from veilleuse.adapters.db.types import Moment, read, written
from veilleuse.domain.deed import Deed
from veilleuse.domain.plan import Plan, PlanKind, Step, StepKind, StepState

POST = bindparam("of_post", type_=Text)

_network = select(accounts.c.network).where(accounts.c.name == ACCOUNT).scalar_subquery()
_remote_id = select(accounts.c.remote_id).where(accounts.c.name == ACCOUNT).scalar_subquery()
_closed = and_(plans.c.kind == PlanKind.FAREWELL, plans.c.over_at.is_not(None), not_(plans.c.cancelled))
_same_presence = and_(plans.c.network == _network, plans.c.remote_id == _remote_id)

# What forbids an attempt: while a plan is not over, all but its own post; once an account is closed, everything.
HUSHED = (
    select(case((_closed, "closed"), else_=plans.c.kind))
    .where(
        or_(
            and_(_closed, or_(plans.c.account == ACCOUNT, _same_presence)),
            and_(
                plans.c.account == ACCOUNT, plans.c.over_at.is_(None), or_(plans.c.says.is_(None), plans.c.says != POST)
            ),
        )
    )
    .limit(1)
    .scalar_subquery()
)

# A closed account's plan is never replaced.
REPLACE = update(plans).where(
    plans.c.account == ACCOUNT, plans.c.version == bindparam("seen", type_=Integer), not_(_closed)
)
AWAKE = update(accounts).where(accounts.c.name == ACCOUNT).values(awake_at=bindparam("at", type_=Moment()))


class SqlPlans(Part):
    def plans(self) -> list[Plan]:
        with self._db.read() as connection:
            return [_plan(row) for row in connection.execute(select(plans).order_by(plans.c.account))]

    def keep_plan(self, plan: Plan, before: Plan | None, deed: Deed | None = None) -> bool:
        row = _row(plan)
        with self._db.write() as connection:
            if before is None:
                first = self._db.insert(plans).values(row).on_conflict_do_nothing().returning(plans.c.account)
                kept = connection.execute(first).first() is not None
            else:
                seen = {"of_account": plan.account, "seen": before.version}
                kept = connection.execute(REPLACE.values(row), seen).rowcount > 0
            if not kept:
                return False
            if plan.over_at is not None and not plan.closed:
                connection.execute(AWAKE, {"of_account": plan.account, "at": plan.over_at})
            if deed is not None:
                connection.execute(audit.insert(), asdict(deed))
        return True


def _row(plan: Plan) -> dict[str, Any]:
    row = {each.name: getattr(plan, each.name) for each in fields(plan)}
    return row | {"steps": [_kept(step) for step in plan.steps]}


def _kept(step: Step) -> Mapping[str, str | None]:
    return {
        "kind": step.kind.value,
        "state": step.state.value,
        "at": step.at.isoformat() if step.at else None,
        "by": step.by,
        "detail": written(step.detail),
    }


def _plan(row: Row[Any]) -> Plan:
    kept: dict[str, Any] = dict(row._mapping)
    return Plan(**kept | {"steps": tuple(map(_step, row.steps))})


def _step(kept: Mapping[str, Any]) -> Step:
    return Step(
        kind=StepKind(kept["kind"]),
        state=StepState(kept["state"]),
        at=datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        by=kept["by"],
        detail=read(kept["detail"]),
    )
