"""The social networks."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Identity, Reading
from veilleuse.domain.attempt import Payload, Published
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


class Networks(Protocol):
    def open(self, account: Account) -> AbstractContextManager[Network]:
        """A client with that account's secrets. Raises CredentialsRefused if a secret cannot be had."""
        ...
