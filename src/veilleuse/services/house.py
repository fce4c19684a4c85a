"""The house at work: what happens when it opens, when its folder is read, when it closes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding
from veilleuse.language import sentence
from veilleuse.ports import Clock, Spool, Store
from veilleuse.services.alert import Alerts
from veilleuse.services.astray import Astray
from veilleuse.services.clock_watch import ClockWatch
from veilleuse.services.deliver import Deliver, DeliveryReport
from veilleuse.services.digest import Digest
from veilleuse.services.examine import Examine
from veilleuse.services.letters import Letters
from veilleuse.services.outage import Outage
from veilleuse.services.rounds import Rounds
from veilleuse.services.sync import Progress, Sync
from veilleuse.services.sync_report import SyncReport
from veilleuse.services.tasks import Tasks
from veilleuse.services.timekeeper import Timekeeper

log = structlog.get_logger()

JUDGED_BY_SYNC = frozenset({Condition.CONTENT_INVALID, Condition.CONTENT_MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Every service of one process, on one database. `daemon` is its name there."""

    daemon: str
    keeper: str  # the person called for what concerns no single account
    accounts: Mapping[str, Account]
    store: Store
    clock: Clock  # the machine's, right or wrong
    timekeeper: Timekeeper
    clock_watch: ClockWatch
    sync: Sync
    alerts: Alerts
    deliver: Deliver
    rounds: Rounds
    examine: Examine
    tasks: Tasks
    astray: Astray
    spool: Spool
    outage: Outage
    letters: Letters | None = None
    digest: Digest | None = None

    def open_doors(self) -> None:
        """Say that we live, take in receipts the database once refused, know the accounts. Raises StoreUnavailable."""
        self.beat()
        self.replay_spool()
        self.store.register(self.accounts.values(), self.timekeeper.now())
        self.alerts.let_go(self.accounts, JUDGED_BY_SYNC)
        self.examine.begin()

    def beat(self) -> None:
        """Say that we live, and whether our clock can be believed. Raises StoreUnavailable, SchemaNewer."""
        self.rounds.beat()
        self.clock_watch()

    def replay_spool(self) -> None:
        self.spool.replay(self.store.record_receipt)

    def sync_content(self, *, progress: Progress | None = None) -> SyncReport:
        """Bring the folder into the queue, and tell what is wrong with it. Raises StoreUnavailable."""
        report = self.sync.run(progress=progress)
        found = report.findings(self.accounts, self.keeper)
        concerned = {finding.account for finding in found} | {
            alert.finding.account for alert in self.store.alerts() if alert.finding.condition in JUDGED_BY_SYNC
        }
        for account in sorted(concerned):
            own = [finding for finding in found if finding.account == account]
            self.alerts.reconcile(account, own, JUDGED_BY_SYNC)
        return report

    def judge_configuration(self, refused: str) -> None:
        """`refused`: why a newer one than this house's cannot be used; "": there is none. Raises StoreUnavailable."""
        finding = Finding(
            condition=Condition.CONFIGURATION_REFUSED,
            account="",
            subject="",
            text=sentence("The new configuration is refused, the one before goes on. {why}", why=refused),
            remedy=sentence("Correct it (`veilleuse check` shows it whole), then reload the daemon again."),
            person=self.keeper,
        )
        self.alerts.reconcile("", [finding] if refused else [], {Condition.CONFIGURATION_REFUSED})

    def tell(self, *, gather: timedelta = timedelta(0)) -> DeliveryReport:
        """What time has decided is written, and what waits is sent; only that by a wrong clock.

        Raises StoreUnavailable.
        """
        if self.timekeeper.aside:
            return self.deliver.run(gather=gather)
        self.alerts.ripen()
        report = self.deliver.run(gather=gather)
        if self.digest is not None:
            self.digest.write()
        if self.letters is not None:
            report = report.with_those_of(self.letters.send(report.reached))
        self.alerts.judge_channels(report.dead)
        return report

    def care(self) -> None:
        """For cron: examine whose day it is, one after the other; call for what people must do."""
        self.tasks.call()
        for name in self.examine.due():
            self.examine.daily(name)

    def close_doors(self) -> None:
        """Give our claims back. Raises StoreUnavailable."""
        self.store.retire(self.daemon)
