"""`veilleuse check`: judge the configuration, the secrets, the people's addresses, the content and the database."""

import sys
from collections import Counter
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.domain.content import Severity
from veilleuse.entrypoints.cli.inspection import Inspection, Part, Point, inspect
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.entrypoints.cli.verdicts import COLOURS


@click.command("check")
@json_option
@click.pass_obj
def command(config: Path, as_json: bool) -> None:
    """Judge configuration, secrets, people, content and database. Sends nothing, writes nothing, shows no secret.

    Exit codes: 0 fine, or warnings only; 1 something in the content must be mended, or the database does not answer;
    2 configuration or secrets must be mended.
    """
    found = inspect(config, bootstrap.SystemClock())
    if as_json:
        print_json({"verdict": _verdict(found), "points": found.points, "facts": found.facts})
    else:
        _print(found)
    sys.exit(found.code)


def _print(found: Inspection) -> None:
    for severity in Severity:
        points = [point for point in found.points if point.severity is severity]
        if points:
            heading = phrases.count(len(points), severity.value).capitalize()
            click.echo(click.style(heading, fg=COLOURS[severity], bold=True))
        for point in points:
            click.echo(f"  {_line(point)}")
    for part in Part:
        for place, fact in enumerate(found.facts.get(part, ())):
            heading = click.style(f"{'' if place else part.capitalize():15}", bold=True)
            click.echo(f"{heading}{fact}")
    click.echo(_verdict(found))


def _line(point: Point) -> str:
    return f"{point.part}: {f'{point.where}: ' if point.where else ''}{point.text}"


def _verdict(found: Inspection) -> str:
    """All of it in one line."""
    counts = Counter(point.severity for point in found.points)
    told = ", ".join(phrases.count(counts[kind], kind.value) for kind in Severity if counts[kind])
    in_error = {point.part for point in found.points if point.severity is Severity.ERROR}
    if in_error - {Part.CONTENT}:
        return f"Not ready: {told}. Mend the errors, then run `veilleuse check` again."
    if in_error:
        return f"Works, but not all of it: {told}. What is wrong is not published; the rest goes on."
    return f"All is well{f': {told}' if told else ''}."
