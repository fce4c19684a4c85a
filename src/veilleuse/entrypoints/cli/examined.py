"""Things examined: a row each, how they are shown together, and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import click

from veilleuse.entrypoints.cli.output import print_table
from veilleuse.language import N_, _, ngettext


class Health(StrEnum):
    GOOD = "good"
    UNKNOWN = "unknown"  # it did not answer: ask again
    BAD = "bad"  # a human must act


MARKS = {Health.GOOD: ("✓", "green"), Health.UNKNOWN: ("?", "yellow"), Health.BAD: ("✗", "red")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing examined. `remedy` is "" exactly when it is good."""

    what: str
    health: Health
    text: str
    remedy: str = ""


def show(rows: Sequence[Row]) -> None:
    """One table; under whatever is not good, what to do."""
    cells = []
    for row in rows:
        mark, colour = MARKS[row.health]
        text = f"{row.text}" if row.health is Health.GOOD else click.style(f"{row.text}", fg=colour)
        cells.append((click.style(mark, fg=colour), row.what, f"{text}\n→ {row.remedy}" if row.remedy else text))
    print_table(("", N_("examined"), N_("found")), cells)


def verdict(rows: Sequence[Row]) -> str:
    """All of it in one line."""
    bad = sum(row.health is Health.BAD for row in rows)
    silent = sum(row.health is Health.UNKNOWN for row in rows)
    if bad:
        said = ngettext(
            "{count} thing needs you. Nothing was published.", "{count} things need you. Nothing was published.", bad
        )
        return said.format(count=bad)
    if silent:
        said = ngettext(
            "{count} thing could not be told. Nothing was published.",
            "{count} things could not be told. Nothing was published.",
            silent,
        )
        return said.format(count=silent)
    return _("All is well. Nothing was published.")
