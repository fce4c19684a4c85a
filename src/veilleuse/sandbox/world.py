"""The made-up world behind the server: accounts, what they show, what goes wrong next, what time it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from veilleuse.domain.activity import Kind
from veilleuse.ports import Clock
from veilleuse.sandbox.bluesky import Bluesky
from veilleuse.sandbox.facebook import Facebook
from veilleuse.sandbox.faults import Fault, Faults
from veilleuse.sandbox.feed import Feed
from veilleuse.sandbox.ledger import Heard, Image, Ledger, Presence, Shown
from veilleuse.sandbox.mastodon import Mastodon
from veilleuse.sandbox.wire import Wire
from veilleuse.sandbox.wordpress import WordPress
from veilleuse.sandbox.x import X

_NETWORKS = (X, Facebook, Mastodon, Bluesky, WordPress, Feed)


class World:
    """Accounts go by identity: a handle, a page id. Times are aware UTC."""

    def __init__(self, clock: Clock, *, state_file: Path | None = None) -> None:
        self.ledger = Ledger(file=state_file)
        self.faults = Faults()
        self.networks: Mapping[str, Wire] = {network.name: network(self.ledger) for network in _NETWORKS}
        self._clock = clock

    @property
    def presences(self) -> Mapping[str, Presence]:
        return self.ledger.presences

    def now(self) -> datetime:
        """The clock given, and whatever `step` added."""
        return self._clock.now() + self.ledger.shift

    def step(self, by: timedelta) -> None:
        self.ledger.step(by)

    def add(
        self,
        network: str,
        identity: str,
        *,
        title: str | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Presence:
        """An account. Without secrets it gets made-up ones: `presence.secrets`, named as in the configuration."""
        wire = self.networks.get(network)
        if wire is None:
            raise ValueError(f"no such network: {network} (one of {', '.join(self.networks)})")
        presence = Presence(
            network=network,
            identity=identity,
            number=wire.number(identity),
            title=title or identity,
            secrets=dict(secrets)
            if secrets
            else {name: f"sandbox-{name}-{identity.rpartition('/')[2]}" for name in wire.secrets},
        )
        self.ledger.presences[identity] = presence
        return presence

    def alter(self, identity: str, **fields: Any) -> Presence:
        """Somebody changes an account: any field of `Presence`, `expires_at` and `may_post` among them."""
        return self.ledger.alter(identity, **fields)

    def post_as_human(
        self,
        identity: str,
        text: str,
        *,
        kind: Kind = Kind.POST,
        at: datetime | None = None,
        link: str | None = None,
        visibility: str = "public",
        pinned: bool = False,
        to: str | None = None,
    ) -> Shown:
        """Somebody posts by hand, now or (for an imported past) at that moment."""
        presence, at = self.ledger.presences[identity], at or self.now()
        shown = Shown(
            id=self.networks[presence.network].post_id(presence, self.ledger.new_id(at)),
            text=text,
            created_at=at,
            by="human",
            kind=kind,
            link=link,
            visibility=visibility,
            pinned=pinned,
            to=to,
        )
        return self.ledger.show(identity, shown)

    def reply_as_stranger(
        self,
        identity: str,
        text: str,
        *,
        author: str = "marie",
        to: str | None = None,
        at: datetime | None = None,
        held: bool = False,
    ) -> Heard:
        """Somebody else answers that post of the account, or speaks to it out of the blue; on a blog, comments."""
        presence, at = self.ledger.presences[identity], at or self.now()
        number = self.networks[presence.network].post_id(presence, self.ledger.new_id(at))
        return self.ledger.hear(identity, Heard(id=number, author=author, text=text, at=at, to=to, held=held))

    def answer_as_human(self, identity: str, to: str, text: str) -> None:
        """Somebody of the house answers what was heard under that id."""
        if self.ledger.presences[identity].network == WordPress.name:  # a comment is no article
            self.reply_as_stranger(identity, text, author="", to=to)
        else:
            self.post_as_human(identity, text, kind=Kind.REPLY, to=to)

    def delete(self, identity: str, post_id: str) -> bool:
        """Somebody deletes it by hand; whether it was there."""
        return self.ledger.delete(identity, post_id)

    def timeline(self, identity: str, *, deleted: bool = False) -> tuple[Shown, ...]:
        """What stands there, oldest first; with `deleted`, all that ever stood there."""
        return self.ledger.timeline(identity, deleted=deleted)

    def image(self, image_id: str) -> Image | None:
        return self.ledger.image(image_id)

    def fault(self, identity: str, sort: str, fault: Fault, *, times: int = 1) -> None:
        """The next `times` calls of that sort (faults.SORTS) on that account meet this."""
        self.faults.add(identity, sort, fault, times)
