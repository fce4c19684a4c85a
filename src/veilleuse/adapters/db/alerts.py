"""Alerts and the messages about them."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Text, and_, bindparam, case, func, null, or_, select, update

from veilleuse.adapters.db.part import Part, batches
from veilleuse.adapters.db.tables import alerts, notifications
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.alert import Alert, Condition, Finding, Notification, Told

NEVER_PUT_OFF = timedelta(days=1)

FINDING = [field.name for field in fields(Finding)]
ACKNOWLEDGED = ("acked_at", "acked_by")
LIFE = [field.name for field in fields(Alert) if field.name not in ("id", "finding")]

# An alert may stand open, but not beside another one of the same key.
_other = alerts.alias()
_taken = select(_other.c.id).where(
    _other.c.condition == alerts.c.condition,
    _other.c.account == alerts.c.account,
    _other.c.subject == alerts.c.subject,
    _other.c.resolved_at.is_(None),
    _other.c.id != alerts.c.id,
)
_resolved_at, _told_at = bindparam("resolved_at", type_=Moment()), bindparam("told_at", type_=Moment())
_opened_at = bindparam("opened_at", type_=Moment())
# Somebody may acknowledge while a look is judged: that stands, until a new life of the alert is announced.
_new_life = and_(_told_at >= _opened_at, or_(alerts.c.told_at.is_(None), alerts.c.told_at < _opened_at))
UPDATE = (
    update(alerts)
    .where(alerts.c.id == bindparam("alert_id"), or_(_resolved_at.is_not(None), ~_taken.exists()))
    .values({name: bindparam(name) for name in ("text", "remedy", "person", *LIFE) if name not in ACKNOWLEDGED})
    .values({name: case((_new_life, null()), else_=alerts.c[name]) for name in ACKNOWLEDGED})
)

NOTIFY = notifications.insert()

# The open ones, and those resolved since a moment; of every account, or of one. By whether each is asked.
_open, _lately = alerts.c.resolved_at.is_(None), alerts.c.resolved_at > bindparam("since", type_=Moment())
_all = {False: select(alerts).where(_open), True: select(alerts).where(or_(_open, _lately))}
_one = alerts.c.account == bindparam("of_account", type_=Text)
KNOWN = {
    (lately, one): (known.where(_one) if one else known).order_by(alerts.c.id)
    for lately, known in _all.items()
    for one in (False, True)
}

Key = tuple[Condition, str, str]


class SqlAlerts(Part):
    def alerts(self, *, since: datetime | None = None, account: str | None = None) -> list[Alert]:
        wanted = KNOWN[since is not None, account is not None]
        with self._db.read() as connection:
            return [_alert(row) for row in connection.execute(wanted, {"since": since, "of_account": account})]

    def save_alerts(
        self,
        *,
        opened: Iterable[Alert],
        updated: Iterable[Alert],
        told: Iterable[tuple[Finding, Told, int]],
        now: datetime,
    ) -> None:
        """An alert another daemon has opened meanwhile is not opened, nor told, a second time."""
        ids: dict[Key, int] = {}
        with self._db.write() as connection:
            for alert in opened:
                if (new := connection.execute(self._open, _row(alert)).scalar()) is not None:
                    ids[alert.finding.key] = new
            for changed in batches(updated):
                connection.execute(UPDATE, [_row(alert) | {"alert_id": alert.id} for alert in changed])
                ids.update((alert.finding.key, alert.id) for alert in changed)
            messages = (_message(*message, ids, now) for message in told if message[0].key in ids)
            for batch in batches(messages):
                connection.execute(NOTIFY, batch)

    @cached_property
    def _open(self) -> Any:
        return self._db.insert(alerts).on_conflict_do_nothing().returning(alerts.c.id)

    def acknowledge(self, alert_id: int, by: str, now: datetime) -> bool:
        """Whether there is such an open alert. Who acknowledged first stays named."""
        is_open = and_(alerts.c.id == alert_id, alerts.c.resolved_at.is_(None))
        with self._db.write() as connection:
            connection.execute(
                update(alerts).where(is_open, alerts.c.acked_at.is_(None)).values(acked_at=now, acked_by=by)
            )
            return connection.execute(select(alerts.c.id).where(is_open)).first() is not None

    def due_notifications(self, now: datetime, limit: int = 100) -> list[Notification]:
        at = notifications.c.next_try_at
        due = select(notifications).where(or_(at <= now, at > now + NEVER_PUT_OFF))
        with self._db.read() as connection:
            rows = connection.execute(due.order_by(notifications.c.next_try_at, notifications.c.id).limit(limit))
            return [_notification(row) for row in rows]

    def undelivered(self) -> int:
        waiting = select(func.count()).select_from(notifications).where(notifications.c.next_try_at.is_not(None))
        with self._db.read() as connection:
            return connection.execute(waiting).scalar_one()

    def all_notifications(self) -> list[Notification]:
        with self._db.read() as connection:
            rows = connection.execute(select(notifications).order_by(notifications.c.id))
            return [_notification(row) for row in rows]

    def lease(self, ids: Iterable[int], *, now: datetime, beyond: datetime, until: datetime) -> frozenset[int]:
        at, leased = notifications.c.next_try_at, set[int]()
        free = update(notifications).where(or_(at <= now, at > beyond)).values(next_try_at=until)
        with self._db.write() as connection:
            for batch in batches(sorted(ids)):
                ours = free.where(notifications.c.id.in_(batch)).returning(notifications.c.id)
                leased.update(connection.execute(ours).scalars())
        return frozenset(leased)

    def reschedule(self, ids: Iterable[int], *, tries: int, next_try_at: datetime | None) -> None:
        with self._db.write() as connection:
            for batch in batches(sorted(ids)):
                connection.execute(
                    update(notifications)
                    .where(notifications.c.id.in_(batch))
                    .values(tries=tries, next_try_at=next_try_at)
                )


def _row(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert.finding, name) for name in FINDING} | {name: getattr(alert, name) for name in LIFE}


def _alert(row: Row[Any]) -> Alert:
    values = row._mapping
    finding = Finding(**{name: values[name] for name in FINDING})
    return Alert(id=row.id, finding=finding, **{name: values[name] for name in LIFE})


def _message(finding: Finding, what: Told, channel: int, ids: dict[Key, int], now: datetime) -> dict[str, Any]:
    return {
        "alert_id": ids[finding.key],
        "person": finding.person,
        "channel": channel,
        "what": what,
        "condition": finding.condition,
        "account": finding.account,
        "text": finding.text,
        "remedy": finding.remedy,
        "created_at": now,
        "tries": 0,
        "next_try_at": now,
    }


def _notification(row: Row[Any]) -> Notification:
    return Notification(**row._mapping)
