"""What the commands of an account's life share: whom they mean, who asks, the plan shown step by step."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain.account import Account
from veilleuse.domain.by_hand import by_hand, what_hiding_does
from veilleuse.domain.freeze import freeze_on
from veilleuse.domain.plan import Plan, StepKind, StepState
from veilleuse.domain.plan_words import lines
from veilleuse.entrypoints.cli.choice import chosen, known_person
from veilleuse.language import _
from veilleuse.ports import Store
from veilleuse.services import plans

HIDING = frozenset({StepKind.HIDE, StepKind.SHOW, StepKind.CLOSE})


def person_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--as", "person", metavar="NAME", required=True, help="Who does it: one of [people].")(command)


def dry_run_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--dry-run", is_flag=True, help="Show every step and date; change nothing.")(command)


def one_account(config: Path, name: str, person: str) -> tuple[Settings, Account]:
    """Raises a usage error for whoever, or whatever, nobody knows."""
    settings = bootstrap.load(config)
    meant = chosen(settings, name)[name]
    known_person(settings, person)
    if not meant.speaks:
        raise click.UsageError(
            _("{name} is only watched: nothing is ever posted there, so nothing has to rest or end.").format(name=name)
        )
    return settings, meant


@contextmanager
def kept() -> Iterator[None]:
    """What cannot be done as things are ends in its sentence, and exit code 1."""
    try:
        yield
    except plans.CannotPlan as why:
        click.echo(f"veilleuse: {why}", err=True)
        sys.exit(1)


def show(plan: Plan, account: Account, now: datetime, *, dry_run: bool = False) -> None:
    """Every step with its date; of those not done, how far a program goes and what a person does."""
    spec = bootstrap.SPECS[account.network]
    title = spec.title
    click.echo(f"{click.style(account.name, bold=True)} ({title}, {account.identity}):")
    steps = zip(plan.steps, lines(plan, account.rule.zone, now), strict=True)
    for number, (step, line) in enumerate(steps, start=1):
        click.echo(f"  {number}. {line}")
        if step.state is StepState.DONE or step.kind not in HIDING | {StepKind.PIN}:
            continue
        if spec.pins if step.kind is StepKind.PIN else spec.hides:
            if step.kind in (StepKind.HIDE, StepKind.CLOSE):
                click.echo(f"     {what_hiding_does(account.network)}.")
        else:
            click.echo(
                "     "
                + _("{network} lets no program do it: {owner} is called.").format(network=title, owner=account.owner)
            )
            for how in by_hand(account, step.kind, title):
                click.echo(f"     {how}")
    if dry_run:
        click.echo(_("A rehearsal: nothing was changed."))


def begin(store: Store, plan: Plan, before: Plan | None, account: Account, now: datetime, *, dry_run: bool) -> None:
    """Begin it and show it; a rehearsal only shows it."""
    if not dry_run:
        plans.begin(store, plan, before, now)
    show(plan, account, now, dry_run=dry_run)
    if not dry_run:
        begun(store, account, now)


def begun(store: Store, account: Account, now: datetime) -> None:
    """What happens next, and what would keep it from happening."""
    frozen = freeze_on(store.freezes(now), account.name, account.network, now)
    if frozen is not None:
        told = frozen.told(account.rule.zone, now)
        click.echo(_("{name} is {frozen}: no step is taken until it is thawed.").format(name=account.name, frozen=told))
    said = _("The daemon goes on with it. See how it stands: `veilleuse status {name}`.")
    click.echo(said.format(name=account.name))
