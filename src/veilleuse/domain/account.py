"""An account: one presence of the company on one network, and what the house knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from veilleuse.domain.activity import Author
from veilleuse.domain.rule import Rule


class AccountKind(StrEnum):
    PROFESSIONAL = "professional"
    PERSONAL = "personal"
    RESERVED = "reserved"  # a name kept, watched, never posted to


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as configured."""

    name: str
    network: str
    identity: str  # the value of the network's identity key: a handle, a page id
    owner: str
    rule: Rule
    approvers: tuple[str, ...] = ()
    about: str = ""
    language: str = "en"
    kind: AccountKind = AccountKind.PROFESSIONAL
    budget_usd: Decimal | None = None  # the most this account may cost in a month; None: no limit
    preview: bool = False  # tell the owner the day before what will be said
    log_in_reminder: bool = True  # on a network that counts log-ins: call somebody to log in
    log_in_every: timedelta | None = None  # its network's interval, where veilleuse knows none
    watched: bool = False  # its network is only read: nearing its limit calls its owner
    by_hand: bool = False  # its owner carries each message on, and is told that one waits
    options: Mapping[str, str] = field(default_factory=dict)  # the network's own keys, base_url among them

    @property
    def speaks(self) -> bool:
        """Whether veilleuse ever posts there."""
        return not self.watched and self.kind is not AccountKind.RESERVED

    @property
    def may_approve(self) -> tuple[str, ...]:
        """Its approvers; where none are named, its owner."""
        return self.approvers or (self.owner,)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What the database knows of one account. All times aware UTC.

    Two clocks: `seen_at` is what the network shows; `spoke_at` is our own receipts and guards sending.
    """

    name: str
    remote_id: str | None = None  # proven by the network, not merely configured
    seen_at: datetime | None = None
    seen_by: Author | None = None
    spoke_at: datetime | None = None
    read_at: datetime | None = None  # last successful read; None: activity is unknown, which is not "never"
    cursor: str | None = None
    gap_at: datetime | None = None  # a read did not reach back to what is known: what was said between is unknown
    failures: int = 0  # reads failed in a row
    stopped: str | None = None  # why no call is made, in a sentence
    barred: str | None = None  # an examination was not passed: why no call is made until one is
    next_look_at: datetime | None = None
    speaks_at: datetime | None = None
    reason: str = ""
    awake_at: datetime | None = None  # its hibernation ended: its silence counts from here

    @property
    def binding(self) -> str:
        """The remote identity receipts are bound to; without a proven one there is nothing to bind to."""
        if self.remote_id is None:
            raise ValueError(f"{self.name} has no proven identity yet")
        return self.remote_id

    @property
    def last_activity(self) -> datetime | None:
        """The newest of what the network shows and what we know we said."""
        return max((at for at in (self.seen_at, self.spoke_at) if at is not None), default=None)

    @property
    def counts_from(self) -> datetime | None:
        """When its silence began to count: its newest activity, or the end of its hibernation."""
        return max((at for at in (self.last_activity, self.awake_at) if at is not None), default=None)

    @property
    def last_activity_by(self) -> Author | None:
        """Whose that was. What we said ourselves is ours before any read shows it."""
        if self.spoke_at is not None and self.spoke_at == self.last_activity:
            return Author.VEILLEUSE
        return self.seen_by
