"""`veilleuse db`: the care of the database."""

from pathlib import Path

import click

from veilleuse import bootstrap


@click.group("db")
def command() -> None:
    """The care of the database."""


@command.command("upgrade")
@click.pass_obj
def upgrade(config: Path) -> None:
    """Bring the database to this version's schema; make it if there is none.

    A SQLite file is copied first, and no daemon may be at work on it. `veilleuse run` does the same at its start.
    """
    settings = bootstrap.load(config)
    report = bootstrap.upgrade(settings, bootstrap.SystemClock())
    name = bootstrap.database_name(settings)
    if report.before is None:
        click.echo(f"Made the database {name} (schema {report.after}).")
    elif not report.changed:
        click.echo(f"The database {name} is up to date (schema {report.after}).")
    else:
        click.echo(f"Upgraded the database {name} from schema {report.before} to {report.after}.")
        if report.backup is not None:
            click.echo(f"The copy made before: {report.backup}")
