"""The configuration, read and judged: everything the house was told about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from veilleuse.config.secrets import SecretRef
from veilleuse.domain.account import Account
from veilleuse.domain.hours import Hours


class Role(StrEnum):
    """What a person may do on the page."""

    READER = "reader"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be called, or may approve."""

    name: str
    notify: tuple[SecretRef, ...] = ()  # Apprise addresses, one a channel
    deputy: str | None = None
    language: str = "en"
    quiet_hours: Hours | None = None  # when nothing that can wait is sent; in the house's zone
    password: str | None = field(default=None, repr=False)  # argon2 hash
    role: Role = Role.APPROVER


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
    listen: tuple[str, int] | None = None  # where the page is served; None: nowhere
