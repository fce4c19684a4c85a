"""The small protocols the services own. Adapters fulfil them; only bootstrap knows which."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Entry, Identity, Reading
from veilleuse.domain.alert import Alert, Finding, Notification, Told
from veilleuse.domain.approval import ApprovalRecord
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Payload, Published, Receipt
from veilleuse.domain.content import FileRecord, FolderState, IndexedPost, SyncChange, Verdict
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Candidate


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def sleep(self, seconds: float) -> None: ...


class Ids(Protocol):
    def new(self) -> str:
        """A random id of 32 hex digits."""
        ...


# --- networks -----------------------------------------------------------------------------------------------------


class Network(Protocol):
    """One account on one network, for the length of one look. Every call keeps a total deadline.

    Each method raises exactly the errors of `domain.errors`. A failed read is never `OutcomeUnknown`.
    """

    spec: NetworkSpec

    def identify(self) -> Identity | None:
        """Whose credentials these are; None if the network cannot tell. Billed on X, so asked at first use only."""
        ...

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        """The timeline back to `cursor` (at most 200 entries); without one, the few newest entries."""
        ...

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        """Bring what must stand on the network before the post (an uploaded image). Nothing becomes visible."""
        ...

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        """One call that makes the post live. Only here `OutcomeUnknown` may be raised."""
        ...


class Networks(Protocol):
    def open(self, account: Account) -> AbstractContextManager[Network]:
        """A client with that account's secrets. Raises CredentialsRefused if a secret cannot be had."""
        ...


# --- content ------------------------------------------------------------------------------------------------------


class FileUnreadable(Exception):
    """A content file cannot be taken as it stands: nothing of it counts, and its last good posts stay.

    `passing`: the next scan will probably succeed (it was being written), so it is not remembered as judged.
    """

    def __init__(self, verdict: Verdict, *, passing: bool = False) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        self.passing = passing


class ImageChanged(Exception):
    """An image is no longer the one that was judged a moment ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFile:
    """A file as it stands. `fingerprint` changes whenever `parse` could answer differently."""

    path: str  # relative to the content folder
    fingerprint: str
    # Judges one post after the other, in the order of the file; a post that is wrong is verdicts only.
    # Raises FileUnreadable, before the first post unless the file changes while it is read.
    parse: Callable[[], Iterator[Post | Verdict]]
    accounts: tuple[str, ...] = ()  # as its name and folder say; what stands in it may say otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One look at the content folder."""

    state: FolderState
    files: tuple[ContentFile, ...] = ()  # in the order in which their posts speak
    stops: tuple[tuple[str, str, str], ...] = ()  # STOP files: account ("" for all), path, reason
    unreadable: tuple[str, ...] = ()  # folders inside that could not be opened, as "folder/": what they hold is unknown
    detail: str = ""  # which folder it is, and why it could not be read


class ContentSource(Protocol):
    def scan(self) -> Scan: ...

    def stops(self) -> tuple[tuple[str, str, str], ...] | None:
        """Only the STOP files, cheaply, right before a send; None if the folder cannot be read."""
        ...

    def image(self, sha256: str) -> bytes:
        """The bytes of an image that a parsed post names. Raises ImageChanged."""
        ...


# --- storage ------------------------------------------------------------------------------------------------------


class AttemptRefused(Exception):
    """The database forbids this attempt: a freeze, the gap, another attempt, a changed post. Nothing was sent."""


class PostChanged(Exception):
    """What was to be signed is not what stands in the queue now. Nothing was signed."""


class StoreUnavailable(Exception):
    """The database cannot be reached or written. The message says what to do and holds no secret."""


class StoreUnfit(Exception):
    """The database must not be used as it is. The message says what to do and holds no secret."""


class DatabaseMissing(StoreUnfit):
    """There is none yet at that path or address."""


class SchemaOlder(StoreUnfit):
    """It was written by an older version of this program."""


class SchemaNewer(StoreUnfit):
    """It was written by a newer version of this program: a daemon that meets it stops claiming."""


class AnotherDaemon(StoreUnfit):
    """A daemon already works on this SQLite file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must still be true in the transaction that writes an attempt. Aware UTC."""

    daemon: str  # must hold the account's claim
    now: datetime
    spoke_before: datetime  # no receipt of ours after it (the minimum gap)
    day_start: datetime  # the local day, to count receipts against `max_per_day`
    max_per_day: int


class PostStore(Protocol):
    """The queue's texts, as the files own them."""

    def files(self) -> Mapping[str, FileRecord]: ...

    def index(self) -> Mapping[tuple[str, str], IndexedPost]:
        """Every post not withdrawn, by (account, id)."""
        ...

    def published_keys(self) -> frozenset[tuple[str, str]]:
        """(account, id) of every post with a receipt."""
        ...

    def apply(self, change: SyncChange, now: datetime) -> None: ...

    def set_stops(self, stops: Iterable[Freeze]) -> None:
        """Make the freezes of origin `STOP ...` exactly these; others stay."""
        ...


class ApprovalStore(Protocol):
    """Who approved which content. Nothing is ever taken out; names in files are recorded as `apply` meets them."""

    def sign(self, record: ApprovalRecord) -> None:
        """Keep this signature; a second one by the same person changes nothing.

        Raises PostChanged unless a post with exactly that digest stands in the queue.
        """
        ...

    def approvals(self, account: str | None = None, limit: int = 50) -> list[ApprovalRecord]:
        """Newest first, both modes."""
        ...


class LookStore(Protocol):
    """Accounts, claims, activity, attempts, receipts."""

    def register(self, accounts: Iterable[Account], now: datetime) -> None:
        """Know these accounts; look at new, changed and stopped ones now. Others are kept, and no longer looked at."""
        ...

    def claim_due(self, daemon: str, now: datetime, limit: int) -> list[str]:
        """Claim accounts whose next look is due and which no living daemon has claimed, the most overdue first."""
        ...

    def next_look_at(self) -> datetime | None:
        """The earliest next look of all unclaimed accounts."""
        ...

    def ring(self, accounts: Iterable[str], now: datetime) -> None:
        """Look at these accounts at the next poll."""
        ...

    def bind(self, account: str, remote_id: str) -> None:
        """The network has proven whose account this is: from now on, its receipts count under any name."""
        ...

    def ring_beyond(self, moment: datetime, now: datetime) -> int:
        """Look now at the accounts whose next look lies after that moment; how many. A wrong clock put them off."""
        ...

    def rewind(self, account: str, now: datetime) -> None:
        """Our clock is proven right: what a wrong one noted of this account in the future becomes now."""
        ...

    def note_gap(self, account: str, at: datetime | None) -> None:
        """Something on its timeline was left unread since then; None: a human has answered for it."""
        ...

    def finish_look(self, daemon: str, state: AccountState) -> None:
        """Store what the look found and give the claim back. `seen_*`, `spoke_at` and `gap_at` have their own way."""
        ...

    def beat(self, daemon: str, now: datetime, life: timedelta) -> None:
        """This daemon lives for `life` from now (judged on database time where there is one).

        Raises SchemaNewer if the schema is no longer this program's; `claim_due` then claims nothing.
        """
        ...

    def retire(self, daemon: str) -> None:
        """This daemon has stopped; its claims are free."""
        ...

    def state(self, account: str) -> AccountState: ...

    def states(self) -> list[AccountState]: ...

    def record_reading(self, account: str, entries: Sequence[Entry], kinds: Collection[str], now: datetime) -> None:
        """Remember entries never seen before; activity time = min(created_at, now). Updates `seen_at` and `seen_by`.

        Entries whose id has a receipt are ours. Only entries of `kinds` move `seen_at`.
        """
        ...

    def known_ids(self, account: str) -> frozenset[str]:
        """The newest 200 ids ever seen on this account's timeline."""
        ...

    def timeline(self, account: str, since: datetime, until: datetime) -> list[Entry]:
        """What was seen of its timeline between these moments, the oldest first."""
        ...

    def bound_ids(self, account: str) -> frozenset[str]:
        """Remote ids that already have a receipt."""
        ...

    def candidates(self, account: str) -> list[Candidate]:
        """Every post of the account standing in its file (not missing, not withdrawn), drafts included.

        `approved_by` is who approved it by the account's rule (`domain.approval`), whatever its file says.
        """
        ...

    def image(self, sha256: str) -> bytes: ...

    def unsettled(self, account: str) -> list[Attempt]:
        """Attempts open, unknown or held, oldest first."""
        ...

    def open_attempt(self, attempt: Attempt, guard: Guard) -> None:
        """Commit the attempt. Raises AttemptRefused if a guard, a freeze or a unique key forbids it."""
        ...

    def close_attempt(
        self, attempt_id: str, outcome: Outcome, *, now: datetime, fault: Fault | None = None, detail: str = ""
    ) -> None: ...

    def count_empty_read(self, attempt_id: str) -> None: ...

    def record_receipt(self, receipt: Receipt) -> None:
        """A receipt is a fact: accepted in any state of its attempt, once. Also marks the activity as ours."""
        ...

    def freezes(self, now: datetime) -> list[Freeze]:
        """Those that hold at that moment, the oldest first."""
        ...

    def freeze(self, freeze: Freeze) -> None:
        """Hold it from now on, in the place of one of the same account, network and origin."""
        ...

    def thaw(self, freeze: Freeze) -> bool:
        """That freeze holds no more; whether it was there."""
        ...

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        """Newest first."""
        ...

    def attempts(self, account: str | None = None, limit: int = 50) -> list[Attempt]:
        """Newest first, all outcomes."""
        ...


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

    def all_notifications(self) -> list[Notification]:
        """For tests and `alerts --json`: every message ever written, oldest first."""
        ...

    def reschedule(self, ids: Iterable[int], *, tries: int, next_try_at: datetime | None) -> None:
        """`next_try_at` None: delivered."""
        ...


class Store(PostStore, ApprovalStore, LookStore, AlertStore, Protocol):
    """All of it: one database."""

    def close(self) -> None: ...


class Spool(Protocol):
    """Where a receipt goes that the database would not take: fsynced, replayed at start."""

    def keep(self, receipt: Receipt) -> None: ...

    def replay(self, record: Callable[[Receipt], None]) -> int:
        """Hand each kept receipt over, forget those taken, and say how many were."""
        ...


class Marker(Protocol):
    """A thing remembered without the database: that an outage was told."""

    def set(self) -> bool:
        """True if it was not set before."""
        ...

    def clear(self) -> bool:
        """True if it was set."""
        ...


# --- people -------------------------------------------------------------------------------------------------------


class NotifyFailed(Exception):
    """The message did not go out. The text names person and channel, never the address."""


class Notifier(Protocol):
    def channels(self, person: str) -> int: ...

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        """Raises NotifyFailed."""
        ...


# --- the machine --------------------------------------------------------------------------------------------------


class ServiceManager(Protocol):
    """Who started us and watches us (systemd); silent where there is none."""

    watchdog_interval: timedelta | None

    def ready(self) -> None: ...

    def watchdog(self) -> None: ...

    def stopping(self) -> None: ...


class Heartbeat(Protocol):
    """Tells an outside watcher that all is well."""

    def beat(self) -> None:
        """Never raises."""
        ...
