"""What a person means by a name on the command line: an account, somebody in the configuration."""

import getpass
from collections.abc import Collection, Mapping

import click
import tomli

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain.account import Account
from veilleuse.domain.nearest import nearest
from veilleuse.language import _


def complete_account(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """For the shell: accounts as the configuration names them, whether or not it is right."""
    try:
        configuration = tomli.loads(ctx.find_root().params["config"].read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    accounts = configuration.get("accounts")
    return [name for name in accounts if name.startswith(incomplete)] if isinstance(accounts, dict) else []


def chosen(settings: Settings, name: str | None) -> Mapping[str, Account]:
    """All accounts, or the one of that name. Raises a usage error with a suggestion."""
    accounts = bootstrap.accounts_of(settings)
    if name is None:
        return accounts
    if name not in accounts:
        raise unknown("account", name, accounts)
    return {name: accounts[name]}


def unknown(kind: str, name: str, known: Collection[str]) -> click.UsageError:
    """Nothing bears that name: what was probably meant."""
    guess = nearest(name, known)
    hint = (
        _('Did you mean "{guess}"?').format(guess=guess)
        if guess
        else _("There are: {names}.").format(names=", ".join(known) or _("none"))
    )
    said = {
        "account": _('No account is called "{name}".'),
        "person": _('No person is called "{name}".'),
        "post": _('No post is called "{name}".'),
        "network": _('No network is called "{name}".'),
    }[kind]
    return click.UsageError(f"{said.format(name=name)} {hint}")


def known_person(settings: Settings, name: str) -> str:
    """One of [people]. Raises a usage error with a suggestion."""
    people = [person.name for person in settings.people]
    if name not in people:
        raise unknown("person", name, people)
    return name


def who_acts(settings: Settings, person: str | None) -> str:
    """One of [people] if named, else the login. Raises a usage error with a suggestion."""
    if person is not None:
        return known_person(settings, person)
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return _("somebody at the command line")
