"""A cursor of time and id, for networks that tell no ids that grow: what is newer than the newest thing seen.

The time leads: the thing itself may have been deleted since. Times there are whole seconds, so another of the same
second may be new.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from veilleuse.domain.activity import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    at: datetime
    remote_id: str

    @classmethod
    def of(cls, cursor: str | None) -> Self:
        if cursor is None:
            return cls(at=datetime.min.replace(tzinfo=UTC), remote_id="")
        at, _, remote_id = cursor.partition(" ")
        return cls(at=datetime.fromisoformat(at), remote_id=remote_id)

    def new(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Those at or after it, newest first, without the very one it names."""
        fresh = [each for each in entries if each.created_at >= self.at and each.remote_id != self.remote_id]
        return tuple(sorted(fresh, key=lambda each: each.created_at, reverse=True))


def cursor_after(entries: Iterable[Entry], cursor: str | None, now: datetime | None) -> str | None:
    """Where the next read begins. What is dated in the future must not hide those that come before that date."""
    past = [each for each in entries if now is None or each.created_at <= now]
    newest = max(past, key=lambda each: each.created_at, default=None)
    return f"{newest.created_at.isoformat()} {newest.remote_id}" if newest else cursor


def cursor_at(moment: datetime) -> str:
    """As if the last read had been at that aware moment."""
    return f"{moment.isoformat()} "
