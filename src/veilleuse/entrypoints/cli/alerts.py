"""`veilleuse alerts`: what needs a human; who has seen it; whether alerts arrive."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from veilleuse import bootstrap, log
from veilleuse.config import Person, Settings
from veilleuse.domain import phrases
from veilleuse.domain.alert import Alert, Condition
from veilleuse.domain.task import log_in_interval
from veilleuse.entrypoints.cli.choice import known_person, unknown
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.language import _
from veilleuse.ports import Notifier, NotifyFailed
from veilleuse.services.acknowledge import acknowledge
from veilleuse.services.alert import Alerts
from veilleuse.services.deliver import Deliver
from veilleuse.services.tasks import tick_off


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One open alert, as its JSON has it. Times are aware UTC."""

    id: int
    condition: Condition
    account: str
    subject: str
    text: str
    remedy: str
    person: str
    opened_at: datetime
    told_at: datetime | None
    acked_at: datetime | None
    acked_by: str | None


@click.group("alerts", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """What needs a human, the oldest first. Exit code 1 if anything does."""
    if ctx.invoked_subcommand is not None:
        return
    settings = bootstrap.load(ctx.obj)
    with bootstrap.open_reading(settings) as store:
        shown = [_shown(alert) for alert in store.alerts() if not alert.budding]
    now = bootstrap.SystemClock().now()
    if as_json:
        print_json(shown)
    elif not shown:
        click.echo(_("Nothing needs a human."))
    for alert in () if as_json else shown:
        _print(alert, now)
    if shown:
        sys.exit(1)


@command.command("ack")
@click.argument("alert_ids", metavar="ID...", type=int, nargs=-1, required=True)
@click.option("--as", "person", metavar="NAME", required=True, help="Who has seen it: one of [people].")
@click.pass_obj
def ack(config: Path, alert_ids: tuple[int, ...], person: str) -> None:
    """Say that you have seen an alert. It stays open until its cause is gone; a task is done with it."""
    settings = bootstrap.load(config)
    known_person(settings, person)
    clock = bootstrap.SystemClock()
    accounts, zone = bootstrap.accounts_of(settings), settings.timezone
    with bootstrap.open_reading(settings) as store:
        standing = {alert.id: alert for alert in store.alerts()}
        for alert_id in alert_ids:
            if alert_id not in standing:
                raise click.UsageError(
                    _("No open alert has the number {alert_id}; `veilleuse alerts` lists them.").format(
                        alert_id=alert_id
                    )
                )
        for alert_id in dict.fromkeys(alert_ids):
            alert = standing[alert_id]
            acknowledge(store, alert_id, person, clock.now())
            account = accounts.get(alert.finding.account)
            every = log_in_interval(account, bootstrap.SPECS[account.network].log_in_every) if account else None
            task = tick_off(store, every, alert, person, clock.now())
            if task is None:
                click.echo(_("Alert {alert_id}: seen by {person}.").format(alert_id=alert_id, person=person))
            else:
                click.echo(
                    _("Done by {person}. It falls due again {day}.").format(
                        person=person, day=phrases.day(task.due_at, zone, clock.now())
                    )
                )


@command.command("test")
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@click.pass_obj
def test(config: Path, people: tuple[str, ...]) -> None:
    """Send a test message, the way real alerts go.

    To these people, or to everyone with a channel. Exit code 1 if a message did not go out.
    """
    settings = bootstrap.load(config)
    called = _called(settings, people)
    names = [person.name for person in called]
    clock = bootstrap.SystemClock()
    log.configure("eyes", "ERROR")  # what a channel answers is said below
    with bootstrap.open_reading(settings) as store:
        witness = Witness(notifier=bootstrap.notifier(called))
        Alerts(store, witness, clock).test(names)
        Deliver(store, witness, clock).run(people=names)
    for person in called:
        for channel, place in enumerate(person.notify):
            gone = _("{name}: went out by {place}.").format(name=person.name, place=place)
            click.echo(str(witness.said.get((person.name, channel)) or gone))
        if not person.notify:
            click.echo(_("{name} has no channel: add `notify` to [people.{name}].").format(name=person.name))
    if not all(person.notify for person in called) or any(witness.said.values()):
        sys.exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A notifier that remembers what became of each message: "" if it went out, else why not."""

    notifier: Notifier
    said: dict[tuple[str, int], str] = field(default_factory=dict)

    def channels(self, person: str) -> int:
        return self.notifier.channels(person)

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        try:
            self.notifier.send(person, channel, title=title, body=body, urgent=urgent)
        except NotifyFailed as why:
            self.said[person, channel] = str(why)
            raise
        self.said[person, channel] = ""


def _called(settings: Settings, names: Sequence[str]) -> Sequence[Person]:
    """These people, or everyone with a channel. Raises a usage error if there is nobody."""
    people = {person.name: person for person in settings.people}
    for name in names:
        if name not in people:
            raise unknown("person", name, people)
    called = [people[name] for name in dict.fromkeys(names)] or [each for each in people.values() if each.notify]
    if not called:
        raise click.UsageError(_("Nobody in the configuration has a channel: add `notify` to [people.NAME]."))
    return called


def _shown(alert: Alert) -> Shown:
    finding = alert.finding
    return Shown(
        id=alert.id,
        condition=finding.condition,
        account=finding.account,
        subject=finding.subject,
        text=finding.text,
        remedy=finding.remedy,
        person=finding.person,
        opened_at=alert.opened_at,
        told_at=alert.told_at,
        acked_at=alert.acked_at,
        acked_by=alert.acked_by,
    )


def _print(alert: Shown, now: datetime) -> None:
    seen = (
        _("seen by {name}").format(name=alert.acked_by)
        if alert.acked_by
        else _("calls {name}").format(name=alert.person)
    )
    click.echo(f"{click.style(f'{alert.id:>4}', bold=True)}  {alert.text}")
    click.echo(f"      {alert.remedy}")
    click.echo(_("      since {ago}; {seen}").format(ago=phrases.ago(alert.opened_at, now), seen=seen))
