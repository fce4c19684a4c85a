"""One incarnation of a daemon: the real services on simulated ports, and its bells."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from tests.simulation.baton import Task
from tests.simulation.client import Networks
from tests.simulation.lives import LivingNetworks
from tests.simulation.ports import Machine, Ports, StorePort
from veilleuse import ports as real
from veilleuse.services.deliver import GATHER
from veilleuse.services.furnish import furnish
from veilleuse.services.house import House
from veilleuse.services.look import Action, LookReport
from veilleuse.services.outage import Outage

if TYPE_CHECKING:
    from tests.simulation.world import World

POLL = timedelta(seconds=5)
OUTAGE_TOLD_AFTER = timedelta(minutes=1)
LONGEST_NAP = timedelta(hours=6)
WATCHFUL_NAP = timedelta(minutes=5)  # after trouble: claims of the dead, receipts in the spool
SCANS = (timedelta(seconds=10), timedelta(seconds=80))  # after a change: to see it, and to withdraw what is gone
SCAN_AGAIN = timedelta(seconds=30)
COMPANY = timedelta(minutes=5)  # a message that waits for company is asked for again; the real one asks each 5 seconds
QUIET = frozenset({Action.WAITS, Action.NEEDS_HUMAN})


class Incarnation:
    """From start to crash. It naps where the real one rings every five seconds for nothing."""

    def __init__(self, world: "World", machine: Machine, number: int) -> None:
        self.world = world
        self.task = Task(f"{machine.name}/{number}")
        self.ports = Ports(world, self.task, machine)
        self.house = furnished(world, self.ports, self.task.name)
        self.scanned_at: list[datetime] = []
        self.tried_at = world.baton.now
        self.napping = False
        self.well_at = world.baton.now

    def live(self) -> None:
        world, house = self.world, self.house
        world.say(self.task.name, "starts")
        while True:
            try:
                house.open_doors()
                break
            except real.StoreUnavailable:
                self.ports.take(30)  # the service manager starts it again
        self._ring((self._scan,))
        while True:
            self._ring((house.beat, self._scan_if_changed, self._poll, house.replay_spool, self._deliver))
            self.napping = True
            world.baton.sleep(self.task, self._next_bell())
            self.napping = False

    def _ring(self, bells: Iterable[Callable[[], object]]) -> None:
        """Each bell once; a database that stays away for a minute is told without it."""
        now, away = self.world.baton.now, None
        for bell in bells:
            try:
                bell()
            except real.StoreUnavailable as error:
                away = str(error)
        if away is None:
            self.well_at = now
            self.house.outage.over()
        elif now - self.well_at > OUTAGE_TOLD_AFTER:
            self.house.outage.tell(away)

    def _poll(self) -> None:
        self.house.rounds.poll(lambda job: job(), self._looked)

    def _looked(self, report: LookReport) -> None:
        self.world.counts["looks"] += 1
        if self.world.telling and (report.action not in QUIET or report.trouble):
            self.world.say(self.task.name, f"{report.account}: {report.action}: {report.reason}")

    def _scan(self) -> None:
        begun = self.world.baton.now
        self.tried_at = begun
        if self.house.timekeeper.aside:
            return
        if not self.house.sync_content().passing and self.world.folder_readable:
            self.world.synced(begun)
        self.scanned_at = [*self.scanned_at[-1:], begun]

    def _scan_if_changed(self) -> None:
        """The real one scans each ten seconds; nothing comes of it unless the folder changed."""
        if self._scan_due() <= self.world.baton.now or self.world.random.random() < 0.05:
            self._scan()

    def _scan_due(self) -> datetime:
        """After the folder's last change each daemon scans soon, and once more to withdraw what is gone."""
        changed = self.world.folder.changed_at
        done = sum(1 for at in self.scanned_at if changed is not None and at >= changed)
        if changed is None or done == len(SCANS):
            return datetime.max.replace(tzinfo=UTC)
        return max(changed + SCANS[done], self.tried_at + SCAN_AGAIN)

    def _deliver(self) -> None:
        if not self.house.timekeeper.aside:
            self.house.alerts.ripen()
        self.ports.delivering = True
        try:
            self.house.deliver.run(gather=GATHER)
        finally:
            self.ports.delivering = False

    def _next_bell(self) -> datetime:
        world = self.world
        now, error = world.baton.now, self.ports.machine.clock_error
        aside = self.house.timekeeper.aside
        nap = WATCHFUL_NAP if world.restless or aside else LONGEST_NAP
        bells = [now + nap] if aside else [now + nap, self._scan_due()]
        if not aside and (at := world.store.next_look_at()) is not None:
            bells.append(_less(at, error))
        if (waiting := world.next_message_at()) is not None:
            at = _less(waiting, timedelta(0) if aside else error) + GATHER
            bells.append(at if at > now else now + COMPANY)
        return max(min(bells), now + POLL) + world.random.random() * POLL


def _less(at: datetime, error: timedelta) -> datetime:
    """When a clock that is wrong by so much shows that time."""
    with suppress(OverflowError):
        return at - error
    return at


class Marker:
    """Fulfils ports.Marker for one machine."""

    def __init__(self, told: set[str], machine: str) -> None:
        self._told, self._machine = told, machine

    def set(self) -> bool:
        news = self._machine not in self._told
        self._told.add(self._machine)
        return news

    def clear(self) -> bool:
        news = self._machine in self._told
        self._told.discard(self._machine)
        return news


def furnished(world: "World", ports: Ports, daemon: str) -> House:
    """As bootstrap does, on other ports."""
    return furnish(
        daemon=daemon,
        host=ports.machine.name,
        keeper="claire",
        people={},
        accounts=dict(world.accounts),
        specs=world.specs,
        store=cast(real.Store, StorePort(ports, world.store)),
        networks=cast(real.Networks, Networks(ports) if world.lives is None else LivingNetworks(ports)),
        mark=lambda account: "its own",
        content=ports,
        stops=ports,
        notifier=ports,
        clock=ports,
        ids=ports,
        spool=ports,
        outage=Outage(notifier=ports, marker=Marker(world.outages_told, ports.machine.name), person="claire"),
    )
