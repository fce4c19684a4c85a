"""`veilleuse account hibernate`: silent on purpose, hidden where that can be, until somebody wakes it."""

from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.entrypoints.cli.choice import complete_account
from veilleuse.entrypoints.cli.moment import to_come
from veilleuse.entrypoints.cli.plan import begin, dry_run_option, kept, one_account, person_option
from veilleuse.services import plans


@click.command("hibernate")
@click.argument("account", shell_complete=complete_account)
@click.option("--until", metavar="DATE", help='Until when: "2027-03-01". Its owner is reminded some days before.')
@person_option
@dry_run_option
@click.pass_obj
def command(config: Path, account: str, until: str | None, person: str, dry_run: bool) -> None:
    """Let an account sleep: nothing is posted and no silence alarm sounds until `account wake`.

    Where the network lets a program hide the account, the daemon does it and reads back that it holds; elsewhere its
    owner is called with the steps. Once more, with another --until, it only changes the end.

    Exit codes: 0 fine; 1 it cannot be done as things are; 2 usage or configuration.
    """
    settings, meant = one_account(config, account, person)
    now = bootstrap.SystemClock().now()
    end = to_come(until, meant.rule.zone, now) if until else None
    with bootstrap.open_reading(settings) as store, kept():
        before = plans.plan_now(store, meant)
        plan = plans.hibernate(meant, before, person, now, end)
        begin(store, plan, before, meant, now, dry_run=dry_run)
