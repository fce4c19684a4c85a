"""Whom `freeze` and `thaw` mean: one account, those of a network, or all."""

from collections.abc import Callable
from typing import Any

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.entrypoints.cli.choice import chosen, complete_account, unknown
from veilleuse.language import _


def scope_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `account`, `network` and `everyone` to a command."""
    for option in (
        click.option("--all", "everyone", is_flag=True, help="All accounts, those added later too."),
        click.option("--network", metavar="NAME", help="All accounts on this network, those added later too."),
        click.argument("account", required=False, shell_complete=complete_account),
    ):
        command = option(command)
    return command


def scope(settings: Settings, account: str | None, network: str | None, everyone: bool) -> tuple[str, str] | None:
    """Account and network as a freeze holds them, "" for all; None: nobody was named. Raises a usage error."""
    if sum((account is not None, network is not None, everyone)) > 1:
        raise click.UsageError(_("Name one account, or --network, or --all; not several of them."))
    if account is not None:
        chosen(settings, account)
        return account, ""
    networks = sorted({known.network for known in bootstrap.accounts_of(settings).values()})
    if network is not None and network not in networks:
        raise unknown("network", network, networks)
    if network is None and not everyone:
        return None
    return "", network or ""
