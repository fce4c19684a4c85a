"""The ledger: everything the sandbox's networks ever showed. The oracle of the tests reads this, never a database."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from veilleuse.domain.activity import Kind

By = Literal["human", "api"]

X_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)  # of X's ids: every new id here is made like one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One account of the sandbox. `number` is its id in the API: a user id on X, the page id on Facebook."""

    network: str
    identity: str  # handle or page id
    number: str
    title: str
    secrets: Mapping[str, str]
    expires_at: datetime | None = None  # when its token dies; None: never
    may_post: bool = True  # whether its token carries that right
    hidden: bool = False  # locked on Mastodon, unpublished on Facebook
    may_manage: bool = True  # whether its token may change the account itself
    may_hear: bool = True  # whether its token may read who speaks to it
    public: bool = True  # False: its app is in development mode, and strangers see nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One thing on a timeline. `created_at` is aware UTC."""

    id: str
    text: str
    created_at: datetime
    by: By
    kind: Kind = Kind.POST
    link: str | None = None
    image: str | None = None  # the id of an upload
    alt: str | None = None
    content_warning: str | None = None
    visibility: str = "public"
    language: str | None = None
    pinned: bool = False
    deleted: bool = False
    to: str | None = None  # the id of what was heard and is answered by this


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing somebody said to an account. `at` is aware UTC."""

    id: str
    author: str  # "": somebody of the house, on a blog
    text: str
    at: datetime
    to: str | None = None  # the id of what it is said of
    held: bool = False  # a comment that nobody has let through yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    id: str
    data: bytes
    alt: str | None = None


@dataclass(slots=True, kw_only=True)
class Ledger:
    """Thread-safe. With a file, every change is kept there and read again at the next start."""

    file: Path | None = None
    presences: dict[str, Presence] = field(default_factory=dict)  # by identity
    shift: timedelta = timedelta()  # how far the clock was stepped by hand
    _shown: dict[str, list[Shown]] = field(default_factory=dict)  # by identity, oldest first
    _heard: dict[str, list[Heard]] = field(default_factory=dict)  # by identity, oldest first
    _images: dict[str, Image] = field(default_factory=dict)
    _last: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            self._load(json.loads(self.file.read_text("utf-8")))

    def timeline(self, identity: str, *, deleted: bool = False) -> tuple[Shown, ...]:
        """Oldest first."""
        with self._lock:
            return tuple(shown for shown in self._shown.get(identity, ()) if deleted or not shown.deleted)

    def new_id(self, at: datetime) -> int:
        """Ids grow with time and are never the same, as X's snowflakes."""
        with self._lock:
            self._last = max(self._last + 1, ((at - X_EPOCH) // timedelta(milliseconds=1)) << 22)
            return self._last

    def show(self, identity: str, shown: Shown) -> Shown:
        with self._lock:
            self._shown.setdefault(identity, []).append(shown)
            self._shown[identity].sort(key=lambda one: one.created_at)
            self._save()
        return shown

    def hear(self, identity: str, heard: Heard) -> Heard:
        with self._lock:
            self._heard.setdefault(identity, []).append(heard)
            self._heard[identity].sort(key=lambda one: one.at)
            self._save()
        return heard

    def heard(self, identity: str) -> tuple[Heard, ...]:
        """Oldest first."""
        with self._lock:
            return tuple(self._heard.get(identity, ()))

    def delete(self, identity: str, post_id: str) -> bool:
        with self._lock:
            shown = self._shown.get(identity, [])
            found = any(one.id == post_id and not one.deleted for one in shown)
            self._shown[identity] = [replace(one, deleted=True) if one.id == post_id else one for one in shown]
            self._save()
        return found

    def amend(self, identity: str, post_id: str, **fields: Any) -> None:
        """Somebody changes something about a post."""
        with self._lock:
            shown = self._shown.get(identity, [])
            self._shown[identity] = [replace(one, **fields) if one.id == post_id else one for one in shown]
            self._save()

    def alter(self, identity: str, **fields: Any) -> Presence:
        """Somebody changes something about an account."""
        with self._lock:
            self.presences[identity] = replace(self.presences[identity], **fields)
            return self.presences[identity]

    def keep_image(self, image: Image) -> None:
        with self._lock:
            self._images[image.id] = image

    def image(self, image_id: str) -> Image | None:
        with self._lock:
            return self._images.get(image_id)

    def step(self, by: timedelta) -> None:
        with self._lock:
            self.shift += by
            self._save()

    def _save(self) -> None:
        if self.file is None:
            return
        state = {
            "last": self._last,
            "shift_s": self.shift.total_seconds(),
            "shown": {identity: [as_dict(one) for one in shown] for identity, shown in self._shown.items()},
            "heard": {identity: [heard_as_dict(one) for one in heard] for identity, heard in self._heard.items()},
        }
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(state, ensure_ascii=False), "utf-8")
        new.replace(self.file)

    def _load(self, state: Mapping[str, Any]) -> None:
        self._last, self.shift = state["last"], timedelta(seconds=state["shift_s"])
        for identity, shown in state["shown"].items():
            self._shown[identity] = [
                Shown(**one | {"created_at": datetime.fromisoformat(one["created_at"]), "kind": Kind(one["kind"])})
                for one in shown
            ]
        for identity, heard in state.get("heard", {}).items():
            self._heard[identity] = [Heard(**one | {"at": datetime.fromisoformat(one["at"])}) for one in heard]


def as_dict(shown: Shown) -> dict[str, Any]:
    """For JSON; times in RFC 3339."""
    return asdict(shown) | {"created_at": shown.created_at.isoformat(), "kind": shown.kind.value}


def heard_as_dict(heard: Heard) -> dict[str, Any]:
    return asdict(heard) | {"at": heard.at.isoformat()}
