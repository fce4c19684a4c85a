"""The configuration, read and judged: everything the house was told about itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from veilleuse.config.secret_ref import SecretRef
from veilleuse.domain import person
from veilleuse.domain.account import Account

Network = IPv4Network | IPv6Network


class Role(StrEnum):
    """What a person may do on the page."""

    READER = "reader"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(person.Person):
    """Somebody who can be called, or may approve."""

    notify: tuple[SecretRef, ...] = ()  # Apprise addresses, one a channel
    password: str | None = field(default=None, repr=False)  # argon2 hash
    role: Role = Role.APPROVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The page. Whoever asks from one of `trusted_proxies` is who its `user_header` says.

    From `metrics_from`, without any from this machine, /metrics is read.
    """

    listen: tuple[str, int] | None = None  # None: no page
    address: str | None = None  # as people reach it, through a proxy
    trusted_proxies: tuple[Network, ...] = ()
    user_header: str | None = None
    metrics_from: tuple[Network, ...] = ()

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.listen is not None and _is_loopback(self.listen[0])

    @property
    def secure(self) -> bool:
        """Whether people reach it by https."""
        return self.address is not None and urlsplit(self.address).scheme == "https"

    def trusts(self, host: str) -> bool:
        return _within(host, self.trusted_proxies)

    def measured_from(self, host: str) -> bool:
        return _within(host, self.metrics_from) if self.metrics_from else _is_loopback(host)


def _within(host: str, networks: Iterable[Network]) -> bool:
    try:
        asking = ip_address(host)
    except ValueError:
        return False
    return any(asking in network for network in networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One configuration file. Paths are absolute; no secret has been fetched."""

    path: Path
    timezone: ZoneInfo
    language: str
    content: Path
    accounts: tuple[Account, ...]  # in the order of the file
    people: tuple[Person, ...]
    alerts_owner: str  # whom to call for what concerns no single account
    credentials: Mapping[str, Mapping[str, SecretRef]] = field(default_factory=dict)  # by account, by secret
    database: SecretRef | None = None  # None: the default place; see `database_location`
    heartbeat_url: SecretRef | None = None
    web: Web = field(default_factory=Web)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
