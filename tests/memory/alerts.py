"""Alerts in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tests.memory.lock import Locked, one_at_a_time
from veilleuse.adapters.db.alerts import NEVER_PUT_OFF
from veilleuse.domain.alert import Alert, Condition, Finding, Notification, Told


@one_at_a_time
class MemoryAlerts(Locked):
    def __init__(self) -> None:
        super().__init__()
        self._alerts: dict[int, Alert] = {}
        self._notifications: dict[int, Notification] = {}

    def alerts(self, *, since: datetime | None = None, account: str | None = None) -> list[Alert]:
        return [
            alert
            for alert in self._alerts.values()
            if (alert.resolved_at is None or (since is not None and alert.resolved_at > since))
            and account in (None, alert.finding.account)
        ]

    def save_alerts(
        self,
        *,
        opened: Iterable[Alert],
        updated: Iterable[Alert],
        told: Iterable[tuple[Finding, Told, int]],
        now: datetime,
    ) -> None:
        ids: dict[tuple[Condition, str, str], int] = {}
        for alert in opened:
            if alert.resolved_at is not None or not self._open_beside(alert):
                ids[alert.finding.key] = new = len(self._alerts) + 1
                self._alerts[new] = replace(alert, id=new)
        for alert in updated:
            ids[alert.finding.key] = alert.id
            if self._alerts[alert.id].resolved_at is None or not self._open_beside(alert):
                self._alerts[alert.id] = _acknowledged(alert, self._alerts[alert.id])
        for finding, what, channel in told:
            if finding.key in ids:
                new = len(self._notifications) + 1
                self._notifications[new] = Notification(
                    id=new,
                    alert_id=ids[finding.key],
                    person=finding.person,
                    channel=channel,
                    what=what,
                    condition=finding.condition,
                    account=finding.account,
                    text=finding.text,
                    remedy=finding.remedy,
                    created_at=now,
                    next_try_at=now,
                )

    def _open_beside(self, alert: Alert) -> bool:
        return any(other.finding.key == alert.finding.key and other.id != alert.id for other in self.alerts())

    def acknowledge(self, alert_id: int, by: str, now: datetime) -> bool:
        alert = self._alerts.get(alert_id)
        if alert is None or alert.resolved_at is not None:
            return False
        if alert.acked_at is None:
            self._alerts[alert_id] = replace(alert, acked_at=now, acked_by=by)
        return True

    def due_notifications(self, now: datetime, limit: int = 100) -> list[Notification]:
        due = [
            (n.next_try_at, n.id)
            for n in self._notifications.values()
            if n.next_try_at and not now < n.next_try_at <= now + NEVER_PUT_OFF
        ]
        return [self._notifications[number] for _, number in sorted(due)[:limit]]

    def undelivered(self) -> int:
        return sum(1 for message in self._notifications.values() if message.next_try_at)

    def all_notifications(self) -> list[Notification]:
        return list(self._notifications.values())

    def lease(self, ids: Iterable[int], *, now: datetime, beyond: datetime, until: datetime) -> frozenset[int]:
        messages = [self._notifications[number] for number in ids]
        free = [m for m in messages if m.next_try_at is not None and not now < m.next_try_at <= beyond]
        for message in free:
            self._notifications[message.id] = replace(message, next_try_at=until)
        return frozenset(message.id for message in free)

    def reschedule(self, ids: Iterable[int], *, tries: int, next_try_at: datetime | None) -> None:
        for number in ids:
            message = self._notifications[number]
            self._notifications[number] = replace(message, tries=tries, next_try_at=next_try_at)


def _acknowledged(alert: Alert, stored: Alert) -> Alert:
    """Who has seen it stays named, until a new life of it is announced."""
    if alert.announced and (stored.told_at is None or stored.told_at < alert.opened_at):
        return replace(alert, acked_at=None, acked_by=None)
    return replace(alert, acked_at=stored.acked_at, acked_by=stored.acked_by)
