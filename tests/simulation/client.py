"""A network as one incarnation meets it: it answers late, wrongly, twice refused, or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from tests.simulation.ledger import Standing, Timeline
from tests.simulation.ports import Ports
from tests.simulation.weather import Fault
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.network import NetworkSpec

STALE = timedelta(minutes=15)  # a read may lag so much behind: less than a restore of a backup takes
LATEST = 0.75  # of `absence_after`: how late an effect may become visible
STOPPED = timedelta(hours=6, minutes=30)  # what a refusal of credentials or budget costs, once it is over
DOUBT = timedelta(hours=3, minutes=45)  # what a doubt may cost
SOON = timedelta(minutes=40)  # what any other failed call costs


@dataclass(slots=True)
class Networks:
    """Fulfils ports.Networks."""

    ports: Ports

    @contextmanager
    def open(self, account: Account) -> Iterator["Client"]:
        yield Client(self.ports, self.ports.world.timelines[account.name])


class Client:
    """Fulfils ports.Network."""

    def __init__(self, ports: Ports, timeline: Timeline) -> None:
        self.ports = ports
        self.timeline = timeline
        self.spec: NetworkSpec = timeline.spec

    def identify(self) -> Identity:
        self._round_trip()
        self._maybe_refused(Fault.UNREADABLE)
        return Identity(remote_id=self.timeline.remote_id, handle=self.timeline.account)

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        self._round_trip()
        self._maybe_refused(Fault.UNREADABLE)
        world, weather = self.ports.world, self.ports.weather
        at = now = world.baton.now
        if weather.strikes(Fault.STALE_READS):
            at -= world.random.random() * STALE
            world.excuse(self.timeline.account, STALE, "a read lags behind")
        entries, complete = self.timeline.shown(at, cursor)
        if weather.strikes(Fault.SHORT_READS):
            entries, complete = entries[: world.random.randint(0, 3)], False
            world.people.read_short(self.timeline.account)
        world.was_read(self.ports.task, self.timeline, at, entries)
        reading = Reading(
            entries=tuple(entries),
            complete=complete,
            cursor=entries[0].remote_id if entries else cursor,
            server_time=now.replace(microsecond=0),
        )
        self._round_trip()
        return reading

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if image is None:
            return {}
        self._round_trip()
        self._maybe_refused(Fault.REFUSALS)
        return {"media_id": "m1"}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        world, weather, random = self.ports.world, self.ports.weather, self.ports.world.random
        self._maybe_refused(Fault.REFUSALS)
        bytes_go = world.baton.now
        self.ports.sending = True
        self._round_trip()
        self.ports.sending = False
        if weather.strikes(Fault.CRASHES_AT_COMMITS, 0.15):
            world.crash(self.ports.task, "before the network has the post")
            self.ports.take(0)
        doubt = weather.strikes(Fault.SERVER_ERRORS, 0.7)
        if doubt and random.random() < 0.5:
            self._doubt("it takes no effect")
        standing = self._take_effect(payload, key, late=weather.strikes(Fault.LATE_EFFECTS))
        if weather.strikes(Fault.CRASHES_AT_COMMITS, 0.15):
            world.crash(self.ports.task, "after the network has the post")
        self._round_trip()
        if doubt or world.baton.now > bytes_go + timedelta(seconds=60):
            self._doubt("yet the post is live")
        return Published(remote_id=str(standing.remote_id), url=self.timeline.url(standing))

    def _take_effect(self, payload: Payload, key: str, *, late: bool) -> Standing:
        world = self.ports.world
        now = world.baton.now
        delay = timedelta(0)
        if late and self.spec.absence_after is not None:
            delay = world.random.random() * LATEST * self.spec.absence_after
            world.excuse(self.timeline.account, delay + DOUBT, "an effect comes late")
        standing = self.timeline.append(
            payload.text, now, visible_at=now + delay, payload=payload, key=key, daemon=self.ports.task.name
        )
        world.published(self.ports.task, self.timeline, standing)
        return standing

    def _doubt(self, truth: str) -> None:
        world = self.ports.world
        world.say(self.ports.task.name, f"{self.timeline.account}: no answer to the publish call; {truth}")
        world.doubted(self.timeline.account)
        if world.random.random() < 0.2:
            raise ValueError("an adapter's bug after the bytes went (simulated)")
        raise OutcomeUnknown("no answer within the deadline (simulated).")

    def _round_trip(self) -> None:
        self.ports.take(self.ports.world.random.uniform(0.05, 0.3))

    def _maybe_refused(self, fault: Fault) -> None:
        """What any call may meet; all of it certainly without effect."""
        weather = self.ports.weather
        if not weather.now:
            return
        if weather.blows(Fault.CREDENTIALS):
            self._refuse(CredentialsRefused("the token was revoked (simulated)."), STOPPED)
        if weather.blows(Fault.BUDGET):
            self._refuse(BudgetExhausted("no credits left (simulated)."), STOPPED)
        if weather.strikes(Fault.RATE_LIMITS):
            random = self.ports.world.random
            wait = random.random() * SOON
            known = random.random() < 0.5
            retry_at = self.ports.world.baton.now + self.ports.machine.clock_error + wait if known else None
            self._refuse(RateLimited("too many requests (simulated).", retry_at=retry_at), 2 * SOON)
        if weather.strikes(fault):
            if fault is Fault.REFUSALS and self.ports.world.random.random() < 0.3:
                self._refuse(ContentRefused("too many hashtags (simulated)."), SOON)
            self._refuse(Unreachable("no connection (simulated)."), SOON)

    def _refuse(self, error: NetworkError, costs: timedelta) -> None:
        world = self.ports.world
        world.say(self.ports.task.name, f"{self.timeline.account}: {error}")
        world.excuse(self.timeline.account, costs, str(error))
        raise error
