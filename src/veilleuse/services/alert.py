"""Alerts: what a look found becomes stored alerts, and what must be told becomes notifications, in one transaction."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from threading import Lock

import structlog

from veilleuse.domain.alert import REOPEN_SILENTLY, Alert, Condition, Finding, Told
from veilleuse.domain.alert_policy import Changes, Key, reconcile, ripen
from veilleuse.domain.person import People, known
from veilleuse.language import sentence
from veilleuse.ports import AlertStore, Clock, Notifier

log = structlog.get_logger()


class Alerts:
    """Decides and stores; sends nothing. All methods raise StoreUnavailable; safe to call from several threads."""

    def __init__(
        self, store: AlertStore, notifier: Notifier, clock: Clock, people: People | None = None, keeper: str = ""
    ) -> None:
        """`keeper` is called where no channel of somebody's is left alive; a deputy, where that goes for them too."""
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._people = {} if people is None else people
        self._keeper = keeper
        self._dead: dict[tuple[str, int], str] | None = None  # as judged last
        self._lock = Lock()  # known alerts are read, judged and written as one step

    def reconcile(self, account: str, findings: Collection[Finding], scope: Collection[Condition]) -> None:
        """What one look found of that account ("" for the house), among the conditions it could judge (`scope`)."""
        self.judge(account, lambda standing: findings, scope)

    def judge(
        self,
        account: str,
        find: Callable[[Collection[Alert]], Collection[Finding]],
        scope: Collection[Condition],
    ) -> None:
        """The same, where what is found depends on the account's alerts that stand open. `find` changes none."""
        now = self._clock.now()
        with self._lock:
            before = self._store.alerts(since=now - REOPEN_SILENTLY, account=account)
            findings = find([alert for alert in before if alert.open])
            if any(finding.account != account for finding in findings):
                raise ValueError(f"findings of another account than {account!r}")
            self._save(reconcile(before, findings, scope, now))

    def standing(self) -> list[Alert]:
        """Every open alert, of all accounts."""
        return self._store.alerts()

    def ripen(self) -> None:
        """What time alone decides, for all accounts: run before each delivery."""
        now = self._clock.now()
        with self._lock:
            standing = sorted(self._store.alerts(), key=_account)
            for _, alerts in groupby(standing, key=_account):
                self._save(ripen(list(alerts), now))

    def let_go(self, accounts: Collection[str], spared: Collection[Condition]) -> None:
        """End what is open about accounts other than these, without a word: nobody looks at them any more.

        `spared` is found about them all the same.
        """
        now = self._clock.now()
        with self._lock:
            left = [
                replace(alert, resolved_at=now)
                for alert in self._store.alerts()
                if alert.finding.account not in ("", *accounts) and alert.finding.condition not in spared
            ]
            self._save(Changes(updated=tuple(left)))

    def judge_channels(self, dead: Mapping[tuple[str, int], str]) -> None:
        """Which channels take no message, and why: an alert on their person's living ones, else to the keeper."""
        if dead == self._dead:
            return
        found = [self._mute(person, channel, why, dead) for (person, channel), why in dead.items()]
        self.reconcile("", found, {Condition.CHANNEL_DEAD})
        self._dead = dict(dead)

    def _mute(self, person: str, channel: int, why: str, dead: Collection[tuple[str, int]]) -> Finding:
        deputies = (known(self._people, name).deputy for name in (person, self._keeper))
        reached = (
            name
            for name in (person, self._keeper, *deputies)
            if name and any((name, other) not in dead for other in range(self._notifier.channels(name)))
        )
        return Finding(
            condition=Condition.CHANNEL_DEAD,
            account="",
            subject=_line(person, channel),
            text=sentence("{why} What waits for it is kept, and tried again.", why=why),
            remedy=sentence(
                "Mend the address in [people.{person}], then run `veilleuse alerts test {person}`.", person=person
            ),
            person=next(reached, self._keeper or person),
        )

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
        escalated = {alert.finding.key for alert in (*changes.opened, *changes.updated) if alert.escalated_at}
        told = list(self._addressed(changes.told, escalated))
        self._store.save_alerts(opened=changes.opened, updated=changes.updated, told=told, now=self._clock.now())
        for finding, what in changes.told:
            log.info(
                f"alert.{what}",
                condition=finding.condition,
                account=finding.account,
                person=finding.person,
                text=finding.text,
            )

    def _addressed(
        self, told: Iterable[tuple[Finding, Told]], escalated: Collection[Key] = ()
    ) -> Iterator[tuple[Finding, Told, int]]:
        """One message for each channel of its person; what was escalated also for the deputy's.

        Somebody without any cannot be told: the alert is stored and shown anyway.
        """
        for finding, what in told:
            deputy = known(self._people, finding.person).deputy if finding.key in escalated else None
            if what is not Told.ESCALATED:
                yield from self._channels(finding, what)
            if deputy is not None:
                yield from self._channels(replace(finding, person=deputy), what)

    def _channels(self, finding: Finding, what: Told) -> Iterator[tuple[Finding, Told, int]]:
        channels = self._notifier.channels(finding.person)
        if not channels:
            log.warning(
                "alert.nobody_to_tell",
                condition=finding.condition,
                account=finding.account,
                person=finding.person,
                remedy=f"add `notify` to [people.{finding.person}]",
            )
        for channel in range(channels):
            itself = finding.condition is Condition.CHANNEL_DEAD and finding.subject == _line(finding.person, channel)
            if not itself:
                yield finding, what, channel


def _line(person: str, channel: int) -> str:
    """How a channel is called: "claire/2"."""
    return f"{person}/{channel + 1}"


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
