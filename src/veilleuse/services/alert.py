"""Alerts: what a look found becomes stored alerts, and what must be told becomes notifications, in one transaction."""

from collections.abc import Collection, Iterable
from itertools import groupby
from threading import Lock

import structlog

from veilleuse.domain.alert import REOPEN_SILENTLY, Alert, Condition, Finding, Told
from veilleuse.domain.alert_policy import Changes, reconcile, ripen
from veilleuse.language import sentence
from veilleuse.ports import AlertStore, Clock, Notifier

log = structlog.get_logger()


class Alerts:
    """Decides and stores; sends nothing. All methods raise StoreUnavailable; safe to call from several threads."""

    def __init__(self, store: AlertStore, notifier: Notifier, clock: Clock) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._lock = Lock()  # known alerts are read, judged and written as one step

    def reconcile(self, account: str, findings: Collection[Finding], scope: Collection[Condition]) -> None:
        """What one look found of that account ("" for the house), among the conditions it could judge (`scope`)."""
        if any(finding.account != account for finding in findings):
            raise ValueError(f"findings of another account than {account!r}")
        now = self._clock.now()
        with self._lock:
            known = self._store.alerts(since=now - REOPEN_SILENTLY, account=account)
            self._save(reconcile(known, findings, scope, now))

    def subjects(self, account: str, condition: Condition) -> set[str]:
        """What of that kind stands open for that account."""
        standing = (alert.finding for alert in self._store.alerts(account=account))
        return {finding.subject for finding in standing if finding.condition is condition}

    def standing(self) -> list[Alert]:
        """Every open alert, of all accounts."""
        return self._store.alerts()

    def ripen(self) -> None:
        """What time alone decides, for all accounts: run before each delivery."""
        now = self._clock.now()
        with self._lock:
            known = sorted(self._store.alerts(), key=_account)
            for _, alerts in groupby(known, key=_account):
                self._save(ripen(list(alerts), now))

    def test(self, people: Collection[str]) -> int:
        """Write a test message to every channel of these people; how many. It leaves no open alert behind."""
        now = self._clock.now()
        opened = [
            Alert(id=0, finding=finding, strikes=1, opened_at=now, seen_at=now, told_at=now, resolved_at=now)
            for finding in map(_test_finding, people)
        ]
        told = list(self._addressed((alert.finding, Told.OPENED) for alert in opened))
        self._store.save_alerts(opened=opened, updated=(), told=told, now=now)
        return len(told)

    def _save(self, changes: Changes) -> None:
        if not changes:
            return
        told = list(self._addressed(changes.told))
        self._store.save_alerts(opened=changes.opened, updated=changes.updated, told=told, now=self._clock.now())
        for finding, what in changes.told:
            log.info(
                f"alert.{what}",
                condition=finding.condition,
                account=finding.account,
                person=finding.person,
                text=finding.text,
            )

    def _addressed(self, told: Iterable[tuple[Finding, Told]]) -> Iterable[tuple[Finding, Told, int]]:
        """One message for each channel. Somebody without any cannot be told: the alert is stored and shown anyway."""
        for finding, what in told:
            channels = self._notifier.channels(finding.person)
            if not channels:
                log.warning(
                    "alert.nobody_to_tell",
                    condition=finding.condition,
                    account=finding.account,
                    person=finding.person,
                    remedy=f"add `notify` to [people.{finding.person}]",
                )
            yield from ((finding, what, channel) for channel in range(channels))


def _account(alert: Alert) -> str:
    return alert.finding.account


def _test_finding(person: str) -> Finding:
    return Finding(
        condition=Condition.TEST,
        account="",
        subject=person,
        text=sentence("This is a test: alerts for {person} arrive here.", person=person),
        remedy=sentence("Nothing. Real alerts take the same way."),
        person=person,
    )
