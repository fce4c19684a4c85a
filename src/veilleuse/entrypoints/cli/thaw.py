"""`veilleuse thaw`: end a freeze. One post at most follows, and only if the account is near its limit."""

import sys
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.entrypoints.cli.choice import who_acts
from veilleuse.entrypoints.cli.scope import scope, scope_options
from veilleuse.language import _
from veilleuse.services.freezes import thaw


@click.command("thaw")
@scope_options
@click.option("--as", "person", metavar="NAME", help="Who thaws: one of [people]. [default: your login]")
@click.pass_obj
def command(config: Path, account: str | None, network: str | None, everyone: bool, person: str | None) -> None:
    """End the freeze that `freeze` began with the same words. A STOP file's ends when the file is removed.

    Nothing floods: an account speaks once at most, and only when it is near its limit; the others wait their time.

    Exit codes: 0 fine; 1 some of them stay frozen; 2 usage, the configuration, or no database yet.
    """
    settings = bootstrap.load(config)
    accounts = bootstrap.accounts_of(settings)
    now = bootstrap.SystemClock().now()
    meant = scope(settings, account, network, everyone)
    if meant is None:
        raise click.UsageError(
            _("Name an account, or --network NAME, or --all; `veilleuse freeze` lists what is frozen.")
        )
    by = who_acts(settings, person)
    wanted = Freeze(account=meant[0], network=meant[1], origin=COMMAND, by=by, reason="", since=now)
    zone = accounts[account].rule.zone if account else settings.timezone
    with bootstrap.open_reading(settings) as store:
        done = thaw(store, accounts, wanted, now)
    if done.lifted is not None:
        click.echo(_("Thawed. It was {told}.").format(told=done.lifted.told(zone, now)))
    elif not done.still:
        click.echo(_("{whom} was not frozen.").format(whom=wanted.whom))
    for held in done.still:
        click.echo(
            _("{whom} stays {told}. To thaw: {remedy}.").format(
                whom=held.whom, told=held.told(zone, now), remedy=_remedy(held, settings.content)
            )
        )
    if done.still:
        sys.exit(1)


def _remedy(freeze: Freeze, content: Path) -> str:
    return freeze.remedy if freeze.file is None else _("remove the file {number}").format(number=content / freeze.file)
