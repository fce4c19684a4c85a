"""The social networks."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Reading
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.network import NetworkSpec


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
class Billing(Protocol):
    """Its calls cost money."""

    def billed(self) -> Mapping[str, int]:
        """Items by name (`domain.prices`) that this client's calls have cost since it was opened."""
        ...


class Networks(Protocol):
    def open(self, account: Account) -> AbstractContextManager[Network]:
        """A client with that account's secrets. Raises CredentialsRefused if a secret cannot be had."""
        ...
