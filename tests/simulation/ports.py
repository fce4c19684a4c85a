"""The ports of one incarnation of a daemon: the only places where time passes, faults strike and death comes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.simulation.baton import Crash, Task
from tests.simulation.weather import Fault
from veilleuse.domain.attempt import Attempt, Receipt
from veilleuse.ports import NotifyFailed, Scan, Store, StoreUnavailable

if TYPE_CHECKING:
    from tests.simulation.world import World

WRITES = frozenset(
    [
        "apply",
        "set_stops",
        "register",
        "claim_due",
        "ring",
        "bind",
        "finish_look",
        "beat",
        "retire",
        "record_reading",
        "open_attempt",
        "close_attempt",
        "count_empty_read",
        "record_receipt",
        "keep_plan",
        "save_alerts",
        "acknowledge",
        "lease",
        "reschedule",
    ]
)
AROUND_A_SEND = frozenset({"open_attempt", "close_attempt", "record_receipt", "keep_plan"})
AWAY = "The database cannot be reached (simulated)."


@dataclass(slots=True)
class Machine:
    """Where daemons run: a clock that may be wrong, a disk that outlives them."""

    name: str
    clock_error: timedelta = timedelta(0)


class Ports:
    """What one incarnation asks of its world. Once its task is dead, every port refuses."""

    def __init__(self, world: "World", task: Task, machine: Machine) -> None:
        self.world = world
        self.task = task
        self.machine = machine
        self.weather = world.weather
        self.delivering = False  # what is stored; a word about the database itself is said once
        self.sending = False  # between the last check and the bytes: no program can close this gap

    def take(self, seconds: float) -> None:
        """Let time pass inside a call; somebody else may act meanwhile, and we may be killed or stopped."""
        if self.task.dead:
            raise Crash
        world, weather = self.world, self.weather
        if weather.now:
            if weather.strikes(Fault.SLOW, 0.2):
                seconds *= world.random.uniform(5, 60)
            if weather.strikes(Fault.CRASHES, 0.01):
                world.crash(self.task, "between two calls")
                raise Crash
            if weather.strikes(Fault.PAUSES, 0.004):
                self.pause()
        world.baton.sleep(self.task, world.baton.now + timedelta(seconds=seconds))

    def pause(self) -> None:
        """Stopped at this very place, for minutes or half a day; the others go on."""
        spans = (1, 3, 10) if self.sending else (1, 3, 20, 200, 700)
        span = timedelta(minutes=self.world.random.choice(spans))
        self.world.pause(self.task, span)

    # --- clock, ids ---

    def now(self) -> datetime:
        if self.task.dead:
            raise Crash
        return self.world.baton.now + self.machine.clock_error

    def sleep(self, seconds: float) -> None:
        self.take(seconds)

    def new(self) -> str:
        return f"{self.world.random.getrandbits(128):032x}"

    # --- content ---

    def scan(self) -> Scan:
        self.take(0.01)
        return self.world.folder.scan()

    def stops(self) -> tuple[tuple[str, str, str], ...]:
        if self.weather.strikes(Fault.PAUSES, 0.1):
            self.pause()
        self.take(0.001)
        return self.world.folder.stops()

    def image(self, sha256: str) -> bytes:
        return self.world.folder.image(sha256)

    # --- people ---

    def channels(self, person: str) -> int:
        return 1

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        self.take(0.5)
        if self.weather.strikes(Fault.PHONE):
            if self.delivering:
                self.world.oracle.unheard.add(person)
            raise NotifyFailed(f"{person}'s channel does not answer (simulated).")
        self.world.oracle.unheard.discard(person)
        self.world.phone_rings(person, title, body)

    # --- the disk of this machine ---

    def keep(self, receipt: Receipt) -> None:
        self.take(0.005)
        if self.weather.blows(Fault.DISK_FULL):
            raise OSError(28, "No space left on device")
        self._crash_at_commit("before the spool holds the receipt", 0.1)
        self.world.spools[self.machine.name].append(receipt)
        self.world.proof_kept(receipt, "spool")
        self._crash_at_commit("after the spool holds the receipt", 0.1)

    def replay(self, record: Callable[[Receipt], None]) -> int:
        spool, taken = self.world.spools[self.machine.name], 0
        while spool:
            try:
                record(spool[0])
            except StoreUnavailable:
                break
            del spool[0]
            taken += 1
        return taken

    def _crash_at_commit(self, where: str, share: float) -> None:
        if self.weather.now and self.weather.strikes(Fault.CRASHES_AT_COMMITS, share):
            self.world.crash(self.task, where)
            raise Crash


class StorePort:
    """The store as one incarnation sees it: fulfils ports.Store by passing every call on, or not."""

    def __init__(self, ports: Ports, store: Store) -> None:
        self._ports = ports
        self._store = store

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ports, writes = self._ports, name in WRITES
        method = self._beat if name == "beat" else getattr(self._store, name)

        def call(*args: Any, **named: Any) -> Any:
            ports.take(ports.world.random.random() * 0.004)
            if name == "open_attempt":
                ports.world.people.meddle(args[0])
            if not ports.weather.now:
                answer = method(*args, **named)
                self._note(name, args)
                return answer
            return self._in_a_storm(name, method, writes, args, named)

        self.__dict__[name] = call
        return call

    def _beat(self, daemon: str, now: datetime, life: timedelta) -> datetime | None:
        """By the clock of this world's server, whatever the real one's says."""
        self._store.beat(daemon, now, life)
        return self._ports.world.server_time

    def _in_a_storm(
        self, name: str, method: Callable[..., Any], writes: bool, args: tuple[Any, ...], named: dict[str, Any]
    ) -> Any:
        ports, weather = self._ports, self._ports.weather
        share = 0.15 if name in AROUND_A_SEND else 0.01
        if weather.blows(Fault.DATABASE_AWAY) or weather.strikes(Fault.DATABASE_FLAKY, 2 * share):
            self._trouble(name, "fails")
        if not writes:
            return method(*args, **named)
        if weather.blows(Fault.DISK_FULL):
            self._trouble(name, "finds the disk full")
        ports._crash_at_commit(f"before the commit of {name}", share)
        answer = method(*args, **named)
        self._note(name, args)
        ports._crash_at_commit(f"after the commit of {name}", share)
        if weather.strikes(Fault.AMBIGUOUS_COMMITS, 2 * share):
            self._trouble(name, "commits, yet reports an error")
        return answer

    def _trouble(self, name: str, what: str) -> None:
        world = self._ports.world
        world.say(self._ports.task.name, f"the database {what}: {name}")
        world.interrupted(self._ports.task)
        world.excuse(None, timedelta(minutes=20), "the database fails")
        raise StoreUnavailable(AWAY)

    def _note(self, name: str, args: tuple[Any, ...]) -> None:
        world = self._ports.world
        if name == "open_attempt":
            attempt: Attempt = args[0]
            world.attempted(self._ports.task, attempt)
        elif name == "record_receipt":
            world.proof_kept(args[0], "database")
            world.closed(self._ports.task)
        elif name == "close_attempt":
            world.closed(self._ports.task)
        elif name == "apply":
            world.applied(args[0])
