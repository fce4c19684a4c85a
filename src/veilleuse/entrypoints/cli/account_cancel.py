"""`veilleuse account cancel`: a plan is called off, as far as it can be."""

from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain.plan import PlanKind, StepKind
from veilleuse.domain.plan_words import NAMES
from veilleuse.entrypoints.cli.choice import complete_account
from veilleuse.entrypoints.cli.plan import kept, one_account, person_option, show
from veilleuse.language import _
from veilleuse.services import plans


@click.command("cancel")
@click.argument("account", shell_complete=complete_account)
@person_option
@click.pass_obj
def command(config: Path, account: str, person: str) -> None:
    """Call an account's plan off. What has been said cannot be unsaid; a closed account stays closed.

    Exit codes: 0 fine; 1 it cannot be called off; 2 usage or configuration.
    """
    settings, meant = one_account(config, account, person)
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store, kept():
        called_off = plans.cancel(store, meant, person, now)
        if called_off.plan.kind is PlanKind.HIBERNATE and not called_off.plan.cancelled:
            click.echo(_("{name} is not woken: it hibernates again.").format(name=account))
            show(called_off.plan, meant, now)
            return
        name = _(NAMES[called_off.plan.kind])
        click.echo(_("{account}: {plan} called off; its silence counts from now.").format(account=account, plan=name))
        if called_off.doubt:
            perhaps = _("Its post is perhaps published: `veilleuse resolve {name}` tells when that is known.")
            click.echo(perhaps.format(name=account))
        if StepKind.SAY in called_off.left:
            click.echo(
                _(
                    "The farewell stands on the network and cannot be unsaid: delete or unpin it there by hand, or "
                    "explain it in a post."
                )
            )
