"""`veilleuse account done`: the step that waits for somebody's hand is done."""

from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.entrypoints.cli.choice import complete_account
from veilleuse.entrypoints.cli.plan import kept, one_account, person_option, show
from veilleuse.services import plans


@click.command("done")
@click.argument("account", shell_complete=complete_account)
@person_option
@click.pass_obj
def command(config: Path, account: str, person: str) -> None:
    """Say that you have done by hand what the account's plan waits for: hidden it, shown it, pinned or closed it.

    Exit codes: 0 fine; 1 no step waits for that; 2 usage or configuration.
    """
    settings, meant = one_account(config, account, person)
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store, kept():
        show(plans.done(store, meant, person, now), meant, now)
