"""What really stands on the networks. The oracle reads only this; no database of ours is asked."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from veilleuse.domain.activity import Entry, Kind
from veilleuse.domain.attempt import Payload
from veilleuse.domain.network import NetworkSpec

NEWEST = 5  # entries of a read without cursor
READ_CAP = 200


@dataclass(slots=True)
class Standing:
    """One thing on a timeline, as the network knows it. Times aware UTC, by the network's clock."""

    remote_id: int
    text: str  # as it was handed in
    shown: str  # as a reader sees it: escaped, rewritten, perhaps edited
    created_at: datetime
    visible_at: datetime  # no read shows it before
    kind: Kind = Kind.POST
    payload: Payload | None = None  # ours; None: a human's
    key: str = ""  # the attempt it came from
    daemon: str = ""
    gone_at: datetime | None = None  # deleted, hidden or edited beyond recognition by a human
    deleted: bool = False
    known_at: datetime | None = None  # our side kept a proof of it then; None: never, or lost with a restored backup

    proves: tuple[str, int] | None = None  # post and use, by that proof

    @property
    def ours(self) -> bool:
        return self.payload is not None

    def visible(self, at: datetime) -> bool:
        return self.visible_at <= at and not (self.deleted and self.gone_at is not None and self.gone_at <= at)

    def recognisable(self, at: datetime) -> bool:
        """Whether a read at that moment shows this very text."""
        return self.visible_at <= at and (self.gone_at is None or at < self.gone_at)


@dataclass(slots=True)
class Timeline:
    """One account on its network."""

    account: str
    spec: NetworkSpec
    remote_id: str
    standing: list[Standing] = field(default_factory=list)

    def append(self, text: str, at: datetime, *, visible_at: datetime | None = None, **fields: Any) -> Standing:
        standing = Standing(
            remote_id=len(self.standing) + 1,
            text=text,
            shown=rewritten(text, len(self.standing)),
            created_at=at,
            visible_at=max(at, visible_at or at),
            **fields,
        )
        self.standing.append(standing)
        return standing

    def shown(self, at: datetime, cursor: str | None) -> tuple[list[Entry], bool]:
        """What a read at that moment shows, newest first, and whether it is all since the cursor."""
        after = int(cursor) if cursor else 0
        entries = [
            Entry(remote_id=str(s.remote_id), text=s.shown, created_at=s.created_at, kind=s.kind, url=self.url(s))
            for s in reversed(self.standing[after:])
            if s.visible(at)
        ]
        most = READ_CAP if cursor else NEWEST
        return entries[:most], cursor is None or len(entries) <= most

    def url(self, standing: Standing) -> str:
        return f"https://{self.spec.name}.example/{self.account}/{standing.remote_id}"

    def ours(self) -> Iterator[Standing]:
        return (standing for standing in self.standing if standing.ours)

    def silent_since(self, now: datetime) -> datetime | None:
        """The newest post anybody could have seen by then."""
        for standing in reversed(self.standing):
            if standing.kind is Kind.POST and standing.visible_at <= now:
                return standing.visible_at
        return None

    def edit(self, standing: Standing, at: datetime) -> None:
        standing.shown, standing.gone_at = f"{standing.shown} (corrigé)", standing.gone_at or at

    def delete(self, standing: Standing, at: datetime) -> None:
        standing.gone_at, standing.deleted = standing.gone_at or at, True


def rewritten(text: str, number: int) -> str:
    """Networks give texts back in their own writing; the same text, another spelling each time."""
    forms = (
        text,
        html.escape(text),
        text.replace("https://", "http://www."),
        f"{text}\u200b ",
        text.replace("é", "e\u0301"),
    )
    return forms[number % len(forms)]


def forget(timelines: Iterator[Timeline], since: datetime) -> None:
    """A restored backup: proofs kept after that moment are gone."""
    for timeline in timelines:
        for standing in timeline.standing:
            if standing.known_at is not None and standing.known_at > since:
                standing.known_at = None
