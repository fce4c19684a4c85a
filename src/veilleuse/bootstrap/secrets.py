"""Secrets of this process, and what is reached with them: people, networks, an outside watcher."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256

from veilleuse.adapters.heartbeat import HttpHeartbeat
from veilleuse.adapters.networks import SPECS, connect
from veilleuse.adapters.notify import AppriseNotifier
from veilleuse.config import Person, SecretMissing, SecretSource, Settings
from veilleuse.domain.account import Account
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.language import sentence
from veilleuse.ports import Heartbeat, Network, Notifier


def secrets_here() -> SecretSource:
    """The secrets of this process: systemd's credentials, /run/secrets, its environment."""
    return SecretSource.from_environ(os.environ)


def missing_secrets(settings: Settings, secrets: SecretSource) -> list[str]:
    """A sentence for each account whose secrets cannot all be had, naming the places looked at."""
    sentences = []
    for account in settings.accounts:
        try:
            secrets.account_secrets(account.name, SPECS[account.network], settings.credentials.get(account.name, {}))
        except SecretMissing as missing:
            sentences.append(str(missing))
    return sentences


def known_secrets(settings: Settings, secrets: SecretSource) -> list[str]:
    """Every secret value there is, to be taken out of logs; what is missing cannot leak."""
    values: list[str] = []
    refs = [ref for person in settings.people for ref in person.notify]
    for ref in (*refs, settings.heartbeat_url):
        if ref is not None:
            with suppress(SecretMissing):
                values.append(secrets.resolve(ref))
    if settings.database is not None:
        with suppress(SecretMissing):
            address = secrets.resolve(settings.database)
            if "://" in address or "=" in address:  # of a file, people must see which it is
                values.append(address)
    for account in settings.accounts:
        spec, own = SPECS[account.network], settings.credentials.get(account.name, {})
        for secret in spec.secrets:  # one by one: that one is missing must not hide the others
            with suppress(SecretMissing):
                values += secrets.account_secrets(account.name, replace(spec, secrets=(secret,)), own).values()
    return values


def addresses(people: Iterable[Person], secrets: SecretSource) -> dict[str, list[str]]:
    """Each person's Apprise addresses. Raises SecretMissing naming the person."""
    found: dict[str, list[str]] = {}
    for person in people:
        try:
            found[person.name] = [secrets.resolve(ref) for ref in person.notify]
        except SecretMissing as missing:
            raise SecretMissing(
                sentence("people.{name}.notify: {why}", name=person.name, why=missing.args[0])
            ) from None
    return found


def notifier(people: Iterable[Person]) -> Notifier:
    """What reaches exactly these people. Raises SecretMissing naming the person."""
    return AppriseNotifier(addresses(people, secrets_here()))


def heartbeat(settings: Settings) -> Heartbeat:
    """The one `heartbeat_url` asks for; silent without it. Raises SecretMissing."""
    ref, secrets = settings.heartbeat_url, secrets_here()
    if ref is not None:
        secrets.resolve(ref)
    return HttpHeartbeat(lambda: secrets.resolve(ref) if ref is not None else None, language=settings.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """Clients with each account's secrets, fetched anew for every look: a renewed token needs no restart."""

    settings: Settings
    secrets: SecretSource
    _marks: dict[str, str] = field(default_factory=dict)

    def mark(self, account: str) -> str:
        """Of the secrets with which that account's client was made last: others have another. It tells none of them."""
        return self._marks[account]

    def open(self, account: Account) -> AbstractContextManager[Network]:
        refs = self.settings.credentials.get(account.name, {})
        try:
            found = self.secrets.account_secrets(account.name, SPECS[account.network], refs)
        except SecretMissing as missing:
            raise CredentialsRefused(" ".join(f"{missing}.".split())) from None
        self._marks[account.name] = sha256(repr(sorted(found.items())).encode()).hexdigest()
        return connect(account, found)
