"""What accounts cost, how they were last examined, what people must do for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Text, bindparam, func, or_, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import accounts, charges, examinations, tasks
from veilleuse.adapters.db.types import read, written
from veilleuse.domain.activity import Examination, Identity, Limits
from veilleuse.domain.examination import Examined
from veilleuse.domain.task import Task

NEVER_PUT_OFF = timedelta(days=2)

ACCOUNT = bindparam("of_account", type_=Text)
SUMS = (
    select(charges.c.account, charges.c.item, func.sum(charges.c.count).label("count"))
    .where(charges.c.day >= bindparam("since"))
    .group_by(charges.c.account, charges.c.item)
)
ONE_EXAMINED = select(examinations).where(examinations.c.account == ACCOUNT)
BAR = update(accounts).where(accounts.c.name == ACCOUNT)


class SqlCare(Part):
    def charge(self, account: str, day: date, items: Mapping[str, int]) -> None:
        rows = [{"account": account, "day": day, "item": item, "count": items[item]} for item in sorted(items)]
        if not rows:
            return
        insert = self._db.insert(charges)
        more = {"count": charges.c.count + insert.excluded.count}
        with self._db.write() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=list(charges.primary_key), set_=more), rows)

    def charges(self, since: date) -> Mapping[str, Mapping[str, int]]:
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        with self._db.read() as connection:
            for account, item, count in connection.execute(SUMS, {"since": since}):
                found[account][item] = int(count)
        return found

    def claim_examination(self, account: str, now: datetime, until: datetime) -> bool:
        insert = self._db.insert(examinations).values(account=account, due_at=until, failures=0, refused=False)
        due = or_(examinations.c.due_at <= now, examinations.c.due_at > now + NEVER_PUT_OFF)
        claim = insert.on_conflict_do_update(
            index_elements=[examinations.c.account], set_={"due_at": insert.excluded.due_at}, where=due
        ).returning(examinations.c.account)
        with self._db.write() as connection:
            return connection.execute(claim).first() is not None

    def examined(self, account: str) -> Examined | None:
        with self._db.read() as connection:
            row = connection.execute(ONE_EXAMINED, {"of_account": account}).one_or_none()
        return _examined(row) if row else None

    def all_examined(self) -> list[Examined]:
        with self._db.read() as connection:
            return [_examined(row) for row in connection.execute(select(examinations).order_by(examinations.c.account))]

    def record_examination(self, examined: Examined) -> None:
        with self._db.write() as connection:
            self._replace(connection, examinations, [_row(examined)])

    def bar(self, account: str, why: str | None) -> None:
        with self._db.write() as connection:
            connection.execute(BAR.values(barred=why), {"of_account": account})

    def tasks(self) -> list[Task]:
        with self._db.read() as connection:
            rows = connection.execute(select(tasks).order_by(tasks.c.account, tasks.c.kind))
            return [Task(**row._mapping) for row in rows]

    def save_tasks(self, tasks_: Iterable[Task]) -> None:
        with self._db.write() as connection:
            self._replace(connection, tasks, map(asdict, tasks_))


def _row(examined: Examined) -> dict[str, Any]:
    found = examined.found
    return {
        "account": examined.account,
        "due_at": examined.due_at,
        "at": examined.at,
        "remote_id": found and found.identity.remote_id,
        "handle": found and found.identity.handle,
        "may_post": found and found.may_post,
        "expires_at": found and found.expires_at,
        "limits": asdict(found.limits) if found and found.limits else None,
        "warnings": [written(warning) for warning in found.warnings] if found else None,
        "visible": examined.visible,
        "failures": examined.failures,
        "trouble": examined.trouble,
        "refused": examined.refused,
    }


def _examined(row: Row[Any]) -> Examined:
    found = None
    if row.remote_id is not None:
        found = Examination(
            identity=Identity(remote_id=row.remote_id, handle=row.handle),
            may_post=row.may_post,
            expires_at=row.expires_at,
            limits=Limits(**row.limits) if row.limits else None,
            warnings=tuple(read(warning) for warning in row.warnings or ()),
        )
    return Examined(
        account=row.account,
        due_at=row.due_at,
        at=row.at,
        found=found,
        visible=row.visible,
        failures=row.failures,
        trouble=row.trouble,
        refused=row.refused,
    )
