"""What the database keeps of alerts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from veilleuse.domain.alert import Alert, Finding, Notification, Told


class AlertStore(Protocol):
    """Alerts and the messages about them."""

    def alerts(self, *, since: datetime | None = None, account: str | None = None) -> list[Alert]:
        """The open ones, and with `since` those resolved after it; with `account` only its own ("" for the house)."""
        ...

    def save_alerts(
        self,
        *,
        opened: Iterable[Alert],
        updated: Iterable[Alert],
        told: Iterable[tuple[Finding, Told, int]],
        now: datetime,
    ) -> None:
        """One transaction. `opened` come with id 0 (and, for a test message, already resolved).

        Each of `told` becomes a notification on that channel, due now, about the alert of that key among `opened` and
        `updated`.
        """
        ...

    def acknowledge(self, alert_id: int, by: str, now: datetime) -> bool: ...

    def due_notifications(self, now: datetime, limit: int = 100) -> list[Notification]:
        """The longest due first; also those put off by more than a day, which only a wrong clock does."""
        ...

    def undelivered(self) -> int:
        """How many messages wait to be sent, for their first or another time."""
        ...

    def all_notifications(self) -> list[Notification]:
        """For tests and `alerts --json`: every message ever written, oldest first."""
        ...

    def lease(self, ids: Iterable[int], *, now: datetime, beyond: datetime, until: datetime) -> frozenset[int]:
        """Put off until then, in one step, those due by `now` or put off beyond `beyond`; which.

        The others were delivered, or somebody else is sending them.
        """
        ...

    def reschedule(self, ids: Iterable[int], *, tries: int, next_try_at: datetime | None) -> None:
        """`next_try_at` None: delivered."""
        ...
