"""What a network shows of an account: the newest thing it did, by hand or by us."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Which sort of activity an entry is; the rule's `activity` says which of them break a silence."""

    POST = "post"
    REPLY = "reply"
    REPOST = "repost"


class Author(StrEnum):
    HUMAN = "human"
    VEILLEUSE = "veilleuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on the timeline. `text` is as a reader sees it, links expanded; `created_at`, aware UTC, may lie."""

    remote_id: str
    text: str
    created_at: datetime
    kind: Kind = Kind.POST
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One successful read of a timeline, newest first."""

    entries: tuple[Entry, ...]
    complete: bool  # it reached back to the cursor asked for (or, without one, to where the adapter looks at most)
    cursor: str | None  # where the next read may begin; opaque, the adapter's own
    server_time: datetime | None  # the HTTP Date of the answer, aware UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose credentials these are, as the network says."""

    remote_id: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What this account's own server allows, where it tells (a Mastodon instance); None: as the network's spec says."""

    length: int | None = None  # longest text, as the spec measures
    alt: int | None = None  # characters of alternative text
    image_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a network tells of credentials, without publishing. `expires_at` is aware UTC; None: it does not say."""

    identity: Identity
    may_post: bool | None = None
    expires_at: datetime | None = None
    limits: Limits | None = None
    server_time: datetime | None = None  # the HTTP Date of the answer, aware UTC
    warnings: tuple[str, ...] = ()  # sentences for people: what is wrong or will be soon, and the remedy
    notes: tuple[str, ...] = ()  # what could be better: told to whoever asks, and nobody is called for it
