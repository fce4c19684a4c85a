"""Acknowledge: somebody has seen an alert. It stays open until its cause is gone."""

from datetime import datetime
from typing import Protocol

from veilleuse.domain.deed import Act, Deed
from veilleuse.ports import AlertStore, AuditStore


class AlertTrail(AlertStore, AuditStore, Protocol):
    """Alerts, and who did what about them."""


def acknowledge(store: AlertTrail, alert_id: int, by: str, now: datetime) -> bool:
    """Whether there is such an open alert. `now` is aware UTC."""
    alert = next((alert for alert in store.alerts() if alert.id == alert_id), None)
    if alert is None or not store.acknowledge(alert_id, by, now):
        return False
    if alert.acked_at is None:
        finding = alert.finding
        store.note(
            Deed(
                at=now,
                by=by,
                act=Act.ACKNOWLEDGED,
                account=finding.account,
                subject=str(alert_id),
                detail=finding.text,
            )
        )
    return True
