"""`veilleuse check`: judge the configuration, the secrets, the people's addresses, the content and the database."""

import sys
from collections import Counter
from pathlib import Path

import click

from veilleuse import bootstrap, log
from veilleuse.domain import phrases
from veilleuse.domain.content import Severity
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.examined import Health, Row, show, verdict
from veilleuse.entrypoints.cli.inspection import CANNOT_START, Inspection, Part, Point, inspect
from veilleuse.entrypoints.cli.online import examine
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.entrypoints.cli.verdicts import COLOURS
from veilleuse.language import _
from veilleuse.ports import Clock


@click.command("check")
@click.argument("account", required=False, shell_complete=complete_account)
@click.option("--online", is_flag=True, help="Ask the networks too: whose credentials, may they post, when they die.")
@json_option
@click.pass_obj
def command(config: Path, account: str | None, online: bool, as_json: bool) -> None:
    """Judge configuration, secrets, people, content and database. Sends nothing, writes nothing, shows no secret.

    With --online, also whose credentials each account (or that ACCOUNT) has, whether they may post, when they die,
    whether strangers see the newest post, and the machine: its clock, disks, open secrets, the way to the heartbeat.
    Nothing is published. X bills 0.010 USD an account for it. What is found is kept, as the daemon's own daily
    examination.

    Exit codes: 0 fine, or warnings only; 1 something needs a human, or the database does not answer; 2 configuration
    or secrets must be mended.
    """
    if account is not None and not online:
        raise click.UsageError(_("An account is named only with --online; without, everything is judged."))
    clock = bootstrap.SystemClock()
    found = inspect(config, clock)
    rows = _ask(config, account, clock) if online and found.code < CANNOT_START else []
    if as_json:
        examined = {"online": rows} if online else {}
        print_json({"verdict": _verdict(found), "points": found.points, "facts": found.facts, **examined})
    elif rows:
        _print_points(found)
        show(rows)
        click.echo(verdict(rows))
    else:
        _print_points(found)
        _print_facts(found)
    sys.exit(max(found.code, int(any(row.health is not Health.GOOD for row in rows))))


def _ask(config: Path, account: str | None, clock: Clock) -> list[Row]:
    settings = bootstrap.load(config)
    log.configure(
        "eyes", "ERROR", bootstrap.known_secrets(settings, bootstrap.secrets_here())
    )  # all of it is said below
    return examine(settings, list(chosen(settings, account).values()), clock)


def _print_points(found: Inspection) -> None:
    for severity in Severity:
        points = [point for point in found.points if point.severity is severity]
        if points:
            heading = phrases.count(len(points), severity.value).capitalize()
            click.echo(click.style(heading, fg=COLOURS[severity], bold=True))
        for point in points:
            click.echo(f"  {_line(point)}")


def _print_facts(found: Inspection) -> None:
    width = max(len(_(part.value)) for part in Part) + 2
    for part in Part:
        for place, fact in enumerate(found.facts.get(part, ())):
            heading = click.style(f"{'' if place else _(part.value).capitalize():{width}}", bold=True)
            click.echo(f"{heading}{fact}")
    click.echo(_verdict(found))


def _line(point: Point) -> str:
    return f"{_(point.part.value)}: {f'{point.where}: ' if point.where else ''}{point.text}"


def _verdict(found: Inspection) -> str:
    """All of it in one line."""
    counts = Counter(point.severity for point in found.points)
    told = ", ".join(phrases.count(counts[kind], kind.value) for kind in Severity if counts[kind])
    in_error = {point.part for point in found.points if point.severity is Severity.ERROR}
    if in_error - {Part.CONTENT}:
        return _("Not ready: {told}. Mend the errors, then run `veilleuse check` again.").format(told=told)
    if in_error:
        return _("Works, but not all of it: {told}. What is wrong is not published; the rest goes on.").format(
            told=told
        )
    return _("All is well: {told}.").format(told=told) if told else _("All is well.")
