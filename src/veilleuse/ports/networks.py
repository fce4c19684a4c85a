"""The social networks."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Reading
from veilleuse.domain.address import Place
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.audit import Survey
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.waiting import Wait


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


# What only some networks can. One that can has the method; one that cannot goes without it.


@runtime_checkable
class Tracing(Protocol):
    """It tells exactly what became of one call: by the key of a record, by the state of a draft."""

    def trace(self, remote_id: str, prepared: Mapping[str, str]) -> Published | NotLive | None:
        """The post that a `publish` with `prepared` made; None if this cannot be told after all. Sends nothing."""
        ...


@runtime_checkable
class Examining(Protocol):
    def examine(self) -> Examination:
        """Whose credentials these are, what they may, when they die. Publishes nothing; on X it is billed."""
        ...


@runtime_checkable
class Exposing(Protocol):
    def visible(self, entry: Entry) -> bool | None:
        """Whether a stranger without credentials sees this post; None if that cannot be told."""
        ...


@runtime_checkable
class Hiding(Protocol):
    """It can be hidden from strangers by a program, as far as this network goes (`domain.by_hand` says how far).

    Each may be called again: what is done already stays done. A refusal is ContentRefused or CredentialsRefused.
    """

    def hide(self) -> None: ...

    def show(self) -> None: ...

    def hidden(self) -> bool:
        """As the network tells it now."""
        ...


@runtime_checkable
class Pinning(Protocol):
    """A post can be made to stand first by a program. May be called again."""

    def pin(self, post_id: str) -> None: ...

    def pinned(self, post_id: str) -> bool:
        """As the network tells it now."""
        ...


@runtime_checkable
class Answering(Protocol):
    """It tells, free of charge, who waits for an answer."""

    def unanswered(self, remote_id: str, since: datetime) -> tuple[Wait, ...]:
        """Of what other people said to this account since that aware moment: whom nothing of ours has answered.

        Nobody: an empty tuple. A right that the credentials lack is CredentialsRefused; the account goes on without.
        """
        ...


@runtime_checkable
class Billing(Protocol):
    """Its calls cost money."""

    def billed(self) -> Mapping[str, int]:
        """Items by name (`domain.prices`) that this client's calls have cost since it was opened."""
        ...


@runtime_checkable
class Recalling(Protocol):
    """It can read back to any moment."""

    def cursor_at(self, moment: datetime) -> str:
        """A cursor as if the last read had been at that aware moment."""
        ...


@runtime_checkable
class Surveying(Protocol):
    """It shows other people's accounts too, to these credentials."""

    def survey(self, handle: str, since: datetime) -> Reading:
        """That account's timeline back to the aware moment `since` (at most 200 entries); of one silent since then,
        its few newest entries.
        """
        ...


class PublicAccounts(Protocol):
    """What anybody may read on the open web."""

    def survey(self, place: Place, since: datetime) -> Survey:
        """The account at that address, back to the aware moment `since`. Raises the errors of `domain.errors`."""
        ...


class Networks(Protocol):
    def open(self, account: Account) -> AbstractContextManager[Network]:
        """A client with that account's secrets. Raises CredentialsRefused if a secret cannot be had."""
        ...
