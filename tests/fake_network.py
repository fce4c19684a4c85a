"""A network in memory, for the services' tests. It passes the same contract suite as the real adapters."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Identity, Kind, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import NetworkError
from veilleuse.domain.network import Key, NetworkSpec
from veilleuse.ports import Clock

SPEC = NetworkSpec(
    name="x",
    title="X",
    keys=(Key(name="handle"),),
    identity_key="handle",
    secrets=(),
    limit=280,
    measure=len,
    link_in_text=True,
    image_types=frozenset({"image/png"}),
    image_max_bytes=1000,
    absence_after=timedelta(hours=2),
)


@dataclass(slots=True)
class Fault:
    """What the next call meets. `effect`: whether a publish takes place all the same."""

    error: NetworkError | Exception
    effect: bool = False
    meanwhile: Callable[[], None] | None = None  # what happens while the call is under way


@dataclass(slots=True)
class FakeNetwork:
    """One account's timeline, the ledger the tests read. Ids grow with time; newest first in a reading."""

    clock: Clock
    spec: NetworkSpec = SPEC
    handle: str = "acme"
    timeline: list[Entry] = field(default_factory=list)
    sent: list[Payload] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    ids: int = 0
    reads: int = 0
    whose: str = "42"  # the presence that the credentials in use are of
    identified: int = 0
    identify_faults: deque[NetworkError] = field(default_factory=deque)
    read_faults: deque[NetworkError] = field(default_factory=deque)
    prepare_faults: deque[NetworkError] = field(default_factory=deque)
    publish_faults: deque[Fault] = field(default_factory=deque)
    answered: Callable[[], None] | None = None  # what happens between an effect and our learning of it
    clock_error: timedelta = timedelta(0)  # how far its clock is ahead of ours
    tells_time: bool = True
    most: int = 200  # entries in one reading
    shows_nothing: bool = False  # a right was lost: an empty timeline, without an error

    def human_posts(self, text: str, *, kind: Kind = Kind.POST, at: datetime | None = None) -> Entry:
        return self._append(text, kind, at or self.now)

    @property
    def now(self) -> datetime:
        return self.clock.now() + self.clock_error

    def delete(self, remote_id: str) -> None:
        """Somebody deletes it by hand."""
        self.timeline = [entry for entry in self.timeline if entry.remote_id != remote_id]

    def begin(self) -> None:
        """A client is opened."""

    def identify(self) -> Identity:
        self.identified += 1
        if self.identify_faults:
            raise self.identify_faults.popleft()
        return Identity(remote_id=self.whose, handle=self.handle)

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        self.reads += 1
        if self.read_faults:
            raise self.read_faults.popleft()
        server_time = self.now if self.tells_time else None
        if self.shows_nothing:
            return Reading(entries=(), complete=cursor is None, cursor=cursor, server_time=server_time)
        after = int(cursor) if cursor else 0
        shown = [e for e in self.timeline if e.remote_id not in self.hidden and int(e.remote_id) > after]
        entries = tuple(sorted(shown, key=lambda e: -int(e.remote_id)))
        kept = entries[: self.most] if cursor else entries[:5]
        return Reading(
            entries=kept,
            complete=cursor is None or len(kept) == len(entries),
            cursor=kept[0].remote_id if kept else cursor,
            server_time=server_time,
        )

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if self.prepare_faults:
            raise self.prepare_faults.popleft()
        return {"media_id": "m1"} if image is not None else {}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        fault = self.publish_faults.popleft() if self.publish_faults else None
        if fault and fault.meanwhile:
            fault.meanwhile()
        if fault is None or fault.effect:
            self.sent.append(payload)
            entry = self._append(payload.text, Kind.POST, self.now)
            if self.answered:
                self.answered()
        if fault is not None:
            raise fault.error
        return Published(remote_id=entry.remote_id, url=entry.url)

    def _append(self, text: str, kind: Kind, at: datetime) -> Entry:
        self.ids += 1
        remote_id = str(self.ids)
        entry = Entry(remote_id=remote_id, text=text, created_at=at, kind=kind, url=f"https://x.example/{remote_id}")
        self.timeline.append(entry)
        return entry


@dataclass(slots=True)
class FakeNetworks:
    """The fake network of each account, by name."""

    by_account: dict[str, FakeNetwork]
    opened: int = 0
    token: str = "token"  # every account's
    _marks: dict[str, str] = field(default_factory=dict)

    def mark(self, account: str) -> str:
        return self._marks.get(account, self.token)  # where a test opens another network in its place

    @contextmanager
    def open(self, account: Account) -> Iterator[FakeNetwork]:
        self.opened += 1
        self._marks[account.name] = self.token
        self.by_account[account.name].begin()
        yield self.by_account[account.name]
