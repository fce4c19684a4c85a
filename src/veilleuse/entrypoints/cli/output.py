"""What commands print: tables for eyes, JSON for programs."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from veilleuse.language import _

json_option = click.option("--json", "as_json", is_flag=True, help="For programs: UTC times, no colours.")


def print_json(value: object) -> None:
    """Times as RFC 3339 in UTC with `Z`, durations in seconds."""
    click.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """A table as wide as the terminal allows; rich is imported only here."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*map(_, columns), box=SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for row in rows:
        table.add_row(*(Text.from_ansi(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """ "Fri 27 Nov 10:12", local; "-" if unknown."""
    return "-" if at is None else at.astimezone(zone).strftime(_("%a %d %b %H:%M"))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case date() | Path():
            return str(value)
        case timedelta():
            return int(value.total_seconds())
        case Enum():
            return value.value
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case str():
            return str(value)  # a sentence kept in every language, in that of the reader
        case int() | float() | None:
            return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [_plain(item) for item in value]
