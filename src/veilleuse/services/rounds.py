"""Rounds: ask the database which accounts are due, and have each one looked at. Nothing is scheduled anywhere else."""

import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.timing import FARTHEST_LOOK
from veilleuse.language import sentence
from veilleuse.ports import Clock, LookStore, StoreUnavailable
from veilleuse.services.alert import Alerts
from veilleuse.services.look import Action, LookReport
from veilleuse.services.timekeeper import Timekeeper

log = structlog.get_logger()

Submit = Callable[[Callable[[], None]], object]

FAILED_RETRY = timedelta(minutes=5)
SET_BACK = timedelta(minutes=1)  # a clock set back so far was ahead: all that it put off is looked at
DAEMON_LIFE = timedelta(seconds=45)
BATCH = 100


class Rounds:
    """Claims due accounts and submits a look for each. One instance per process; safe to poll from a timer thread."""

    def __init__(
        self,
        *,
        store: LookStore,
        clock: Clock,
        alerts: Alerts,
        look: Callable[[str], LookReport],
        accounts: dict[str, Account],
        daemon: str,
        timekeeper: Timekeeper,
    ) -> None:
        self._store = store
        self._clock = clock
        self._alerts = alerts
        self._look = look
        self._accounts = accounts
        self._daemon = daemon
        self._timekeeper = timekeeper
        self._retired = False  # our clock is wrong, and our claims are given back
        self._in_flight: set[str] = set()
        self._kept: set[str] = set()  # claims that could not be given back when their look failed
        self._lock = threading.Lock()
        self._claiming = threading.Lock()  # what one poll has just claimed must not look lost to another
        self._beaten_at: datetime | None = None

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    def in_flight_on(self, network: str) -> int:
        with self._lock:
            return sum(1 for name in self._in_flight if self._accounts[name].network == network)

    def poll(
        self, submit: Submit, done: Callable[[LookReport], None], *, room: int = BATCH, network: str | None = None
    ) -> int:
        """Claim up to `room` due accounts, submit their looks; how many: none by a wrong clock.

        Raises StoreUnavailable.
        """
        if self._beaten_at and not timedelta(0) <= self._clock.now() - self._beaten_at <= DAEMON_LIFE:
            self.beat()  # the clock has jumped, or we slept
        if self._timekeeper.aside:
            return 0
        for name in tuple(self._kept):
            with suppress(StoreUnavailable):
                self._store.finish_look(self._daemon, replace(self._store.state(name), next_look_at=self._clock.now()))
                self._kept.discard(name)
        with self._claiming:
            with self._lock:
                under_way = self._in_flight | self._kept
            claimed = self._store.claim_due(self._daemon, self._clock.now(), room, under_way, network)
            strangers = [name for name in claimed if name not in self._accounts]
            claimed = [name for name in claimed if name in self._accounts]
            with self._lock:
                self._in_flight.update(claimed)
        for name in strangers:  # of a newer configuration than ours: whoever has that looks at them
            self._store.finish_look(self._daemon, replace(self._store.state(name), next_look_at=self._clock.now()))
        for name in claimed:
            submit(partial(self._run, name, done))
        return len(claimed)

    def until_quiet(self, done: Callable[[LookReport], None]) -> list[LookReport]:
        """For cron: look, one after the other, until nothing is due and nobody waits for a turn."""
        reports: list[LookReport] = []

        def keep(report: LookReport) -> None:
            reports.append(report)
            done(report)
            if self._beaten_at is not None and self._clock.now() >= self._beaten_at + DAEMON_LIFE / 3:
                self.beat()

        while self.poll(lambda job: job(), keep) or (_turns(reports) and not self._timekeeper.aside):
            if turns := _turns(reports):
                self._clock.sleep(max(0.0, (min(turns) - self._clock.now()).total_seconds()))
        return reports

    def beat(self) -> None:
        """Say that this process lives; look at accounts that a wrong clock has put off. Raises StoreUnavailable."""
        before = self._clock.now()
        told = self._store.beat(self._daemon, before, DAEMON_LIFE)
        now = self._clock.now()
        self._timekeeper.beaten(before, told, now)
        set_back = self._beaten_at is not None and now < self._beaten_at - SET_BACK
        if self._timekeeper.aside:
            self._stand_aside()
            self._beaten_at = now
            return
        if self._retired:
            log.info("clock.right_again", daemon=self._daemon)
            self._retired = False
        if rung := self._store.ring_beyond(now if set_back else now + FARTHEST_LOOK, now):
            log.warning("clock.was_ahead", accounts=rung)
        self._beaten_at = now

    def _stand_aside(self) -> None:
        """What is under way finds its claim gone, and sends nothing; the others take it over."""
        if not self._retired:
            log.error("clock.wrong", daemon=self._daemon, why="contradicted: nothing is looked at")
            self._store.retire(self._daemon)
            self._kept.clear()
            self._retired = True

    def _run(self, name: str, done: Callable[[LookReport], None]) -> None:
        try:
            report = self._look(name)
        except StoreUnavailable as error:
            log.error("account.look_failed", account=name, why=str(error))
            report = self._failed(name, str(error))
        except Exception as error:
            log.exception("account.look_failed", account=name)
            kind = type(error).__name__
            report = self._failed(name, sentence("the program failed ({kind}); its log has the details", kind=kind))
            self._tell(report)
        finally:
            with self._lock:
                self._in_flight.discard(name)
        done(report)

    def _failed(self, name: str, why: str) -> LookReport:
        """Give the claim back, so that a failure delays the account instead of losing it."""
        look_at = self._clock.now() + FAILED_RETRY
        try:
            state = self._store.state(name)
            self._store.finish_look(self._daemon, replace(state, next_look_at=look_at, reason=why))
        except StoreUnavailable as error:
            log.error("account.not_released", account=name, why=str(error))
            self._kept.add(name)
        return LookReport(account=name, action=Action.NEEDS_HUMAN, reason=why, look_at=look_at)

    def _tell(self, report: LookReport) -> None:
        finding = Finding(
            condition=Condition.PROGRAM_FAILED,
            account=report.account,
            subject="",
            text=sentence(
                "{name}: {what}. Nothing is sent twice because of it.", name=report.account, what=report.reason
            ),
            remedy=sentence("Please report it with the log around this moment. veilleuse tries again in five minutes."),
            person=self._accounts[report.account].owner,
        )
        try:
            self._alerts.reconcile(report.account, [finding], {Condition.PROGRAM_FAILED})
        except StoreUnavailable as error:
            log.error("alert.not_stored", account=report.account, why=str(error))


def _turns(reports: Collection[LookReport]) -> list[datetime]:
    """When those accounts have their turn whose last word was that they wait for it."""
    last = {report.account: report for report in reports}
    return [report.look_at for report in last.values() if report.action is Action.PACED]
