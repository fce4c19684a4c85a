"""A whole house in memory: one account, a fake network, a clock that stands where the test puts it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from tests.domain.posts import a_post, utc
from tests.fake_network import SPEC, FakeNetwork, FakeNetworks
from tests.fakes import FakeClock, MemoryStore, SequentialIds
from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Receipt
from veilleuse.domain.content import SyncChange
from veilleuse.domain.hours import ALWAYS, Hours
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Rule
from veilleuse.ports import Clock, Network, Store
from veilleuse.services.alert import Alerts
from veilleuse.services.clock_watch import ClockWatch
from veilleuse.services.look import Look, LookReport
from veilleuse.services.observe import Observe
from veilleuse.services.pace import Pace
from veilleuse.services.prove import Prove
from veilleuse.services.publish import Publish
from veilleuse.services.rounds import Rounds
from veilleuse.services.settle import Settle
from veilleuse.services.spending import Spending
from veilleuse.services.stops import Stops
from veilleuse.services.timekeeper import Timekeeper

START = utc("2026-11-20 10:00")
RULE = Rule(hours=Hours(zone=ZoneInfo("Europe/Paris"), week=ALWAYS))


def an_account(name: str = "acme-x", rule: Rule = RULE, network: str = "x") -> Account:
    return Account(name=name, network=network, identity=name, owner="claire", approvers=("claire",), rule=rule)


@dataclass
class KeptReceipts:
    """A spool in memory."""

    kept: list[Receipt] = field(default_factory=list)

    def keep(self, receipt: Receipt) -> None:
        self.kept.append(receipt)

    def replay(self, record: object) -> int:
        raise NotImplementedError


@dataclass
class NoPhone:
    """A notifier that would deliver on one channel; these tests read the alerts, not the mail."""

    def channels(self, person: str) -> int:
        return 1

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        raise AssertionError("nothing is delivered in a look")


@dataclass
class Folder:
    """A content folder in which at most one STOP file stands."""

    house: "House"

    def stops(self) -> tuple[tuple[str, str, str], ...]:
        return () if self.house.stop is None else (("", "STOP", self.house.stop),)


class OwnServer:
    """A store whose server shows the time the test gives it, whatever the real one's clock says."""

    def __init__(self, store: Store, server: Clock | None) -> None:
        self._store = store
        self._server = server

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def beat(self, daemon: str, now: datetime, life: timedelta) -> datetime | None:
        self._store.beat(daemon, now, life)
        return self._server.now() if self._server else None


class House:
    def __init__(
        self,
        *posts: Post,
        rule: Rule = RULE,
        names: tuple[str, ...] = ("acme-x",),
        store: Store | None = None,
        dry_run: bool = False,
        network: str = "x",
        daemon: str = "me",
        beside: "House | None" = None,
        clock: FakeClock | None = None,
        server: Clock | None = None,
    ) -> None:
        """`beside`: another process of the same company, on the same networks, by the same clock or its own.

        `server`: the clock of the database; None: it has none.
        """
        self.server = server
        self.daemon = daemon
        self.clock: FakeClock = clock or (beside.clock if beside else FakeClock(START))
        self.store: Store = store or MemoryStore()
        self.accounts = {name: an_account(name, rule, network) for name in names}
        spec = replace(SPEC, name=network)
        networks = FakeNetworks({name: FakeNetwork(clock=self.clock, handle=name, spec=spec) for name in names})
        self.networks: FakeNetworks = beside.networks if beside else networks
        self.spool = KeptReceipts()
        self.timekeeper = Timekeeper(self.clock)
        self.alerts = Alerts(self.store, NoPhone(), self.timekeeper)
        self.stop: str | None = None  # what a STOP file says at this very moment
        self.store.register(self.accounts.values(), START)
        self.store.beat(daemon, START, timedelta(days=3650))
        self.feed(*posts)
        self.ids: SequentialIds = beside.ids if beside else SequentialIds()
        self.specs = {network: spec}
        look = Look(
            accounts=self.accounts,
            specs=self.specs,
            store=self.store,
            networks=self,
            clock=self.clock,
            observe=Observe(
                store=self.store, clock=self.clock, settle=Settle(store=self.store), timekeeper=self.timekeeper
            ),
            publish=Publish(
                store=self.store,
                clock=self.clock,
                ids=self.ids,
                spool=self.spool,
                daemon=daemon,
                stopped=Stops(store=self.store, source=Folder(self), clock=self.clock),
                prove=Prove(mark=lambda name: self.networks.mark(name)),
            ),
            alerts=self.alerts,
            pace=Pace(),
            spending=Spending(store=self.store),
            daemon=daemon,
            dry_run=dry_run,
        )
        self.clock_watch = ClockWatch(
            host=daemon,
            keeper="claire",
            accounts=self.accounts,
            specs=self.specs,
            store=self.store,
            networks=self,
            clock=self.clock,
            timekeeper=self.timekeeper,
            spending=Spending(store=self.store),
            alerts=self.alerts,
        )
        self._look = look
        self.look_with()

    def beat(self) -> None:
        """As a daemon does each 15 seconds."""
        self.rounds.beat()
        self.clock_watch()

    def open(self, account: Account) -> AbstractContextManager[Network]:
        """As ports.Networks: a test may put others in the place of `networks`."""
        return self.networks.open(account)

    def look_with(self, **parts: Any) -> None:
        """From now on, looks with these parts of theirs."""
        self.rounds = Rounds(
            store=cast(Store, OwnServer(self.store, self.server)),
            clock=self.clock,
            timekeeper=self.timekeeper,
            alerts=self.alerts,
            look=replace(self._look, **parts),
            accounts=self.accounts,
            daemon=self.daemon,
        )

    @property
    def network(self) -> FakeNetwork:
        return self.networks.by_account["acme-x"]

    def feed(self, *posts: Post) -> None:
        self.store.apply(SyncChange(upserts=posts), self.clock.now())

    def look(self, after: timedelta = timedelta(0)) -> list[LookReport]:
        """Let time pass, then look at whatever is due, as cron would."""
        self.clock.advance(after)
        return self.rounds.until_quiet(lambda report: None)

    def force(self, after: timedelta = timedelta(0)) -> LookReport:
        """Let time pass, then look at the account even if it is not due."""
        self.clock.advance(after)
        self.store.ring(self.accounts, self.clock.now())
        return self.rounds.until_quiet(lambda report: None)[-1]

    def live_until(self, end: datetime) -> list[LookReport]:
        """Look whenever the database says so, until that moment."""
        reports: list[LookReport] = []
        while (at := self.store.next_look_at()) is not None and at <= end:
            self.clock.advance(max(timedelta(0), at - self.clock.now()))
            reports += self.rounds.until_quiet(lambda report: None)
        return reports

    def open_alerts(self) -> dict[str, str]:
        return {alert.finding.condition.value: alert.finding.text for alert in self.store.alerts()}


def posts(count: int) -> tuple[Post, ...]:
    return tuple(a_post(f"p{n}", place=n) for n in range(count))
