"""The alert half of a store, in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from veilleuse.domain.alert import Alert, Finding, Notification, Told


class AlertRows:
    """`writes` counts transactions."""

    def __init__(self) -> None:
        self.rows: dict[int, Alert] = {}
        self.messages: dict[int, Notification] = {}
        self.writes = 0

    def alerts(self, *, since: datetime | None = None, account: str | None = None) -> list[Alert]:
        return [
            alert
            for alert in self.rows.values()
            if account in (None, alert.finding.account)
            and (alert.resolved_at is None or (since is not None and alert.resolved_at > since))
        ]

    def save_alerts(
        self,
        *,
        opened: Iterable[Alert],
        updated: Iterable[Alert],
        told: Iterable[tuple[Finding, Told, int]],
        now: datetime,
    ) -> None:
        self.writes += 1
        written = [replace(alert, id=len(self.rows) + number) for number, alert in enumerate(opened, 1)]
        written += updated
        self.rows |= {alert.id: alert for alert in written}
        ids = {alert.finding.key: alert.id for alert in written}
        for finding, what, channel in told:
            number = len(self.messages) + 1
            self.messages[number] = Notification(
                id=number,
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

    def acknowledge(self, alert_id: int, by: str, now: datetime) -> bool:
        self.rows[alert_id] = replace(self.rows[alert_id], acked_at=now, acked_by=by)
        return True

    def due_notifications(self, now: datetime, limit: int = 100) -> list[Notification]:
        due = [n for n in self.messages.values() if n.next_try_at is not None and n.next_try_at <= now]
        return due[:limit]

    def all_notifications(self) -> list[Notification]:
        return list(self.messages.values())

    def reschedule(self, ids: Iterable[int], *, tries: int, next_try_at: datetime | None) -> None:
        for number in ids:
            self.messages[number] = replace(self.messages[number], tries=tries, next_try_at=next_try_at)
