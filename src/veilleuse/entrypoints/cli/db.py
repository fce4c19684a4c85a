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


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_obj
def backup(config: Path, file: Path | None) -> None:
    """Copy the database as it is at this moment, while the daemon works on.

    Without FILE the copy stands beside the database, under the time it was made.
    """
    settings = bootstrap.load(config)
    try:
        copy = bootstrap.backup(settings, file, bootstrap.SystemClock())
    except FileExistsError as there:
        raise click.ClickException(f"{there.filename} stands there already. Nothing was written.") from None
    except bootstrap.ServerDatabase as server:
        raise click.UsageError(
            f"{server} is a Postgres database: it is copied by Postgres' own tools, also while daemons run:\n"
            f"  pg_dump --format=custom --file={file or 'veilleuse.dump'} '{server}'"
        ) from None
    click.echo(f"Copied the database to {copy} ({copy.stat().st_size / 1e6:.1f} MB).")


@command.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(config: Path, file: Path, yes: bool) -> None:
    """Go back to a copy, without saying anything twice. No daemon may be at work on the database.

    The database that stands there is kept beside it. What it knows of publications, freezes and signatures is carried
    over; what was said besides is recognised on the networks before anything is published.
    """
    settings = bootstrap.load(config)
    try:
        if not yes:
            click.confirm(f"Put {file} in the place of {bootstrap.database_name(settings)}?", abort=True)
        done = bootstrap.restore(settings, file, bootstrap.SystemClock())
    except bootstrap.ServerDatabase as server:
        raise click.UsageError(
            f"{server} is a Postgres database. Stop every daemon, then:\n"
            f"  pg_restore --clean --if-exists --dbname='{server}' {file}\n"
            "  veilleuse db upgrade\n"
            "What was said since is recognised on the networks before anything is published; freezes and signatures "
            "made since must be made again; note them first: `veilleuse freeze`, `veilleuse history --approvals`."
        ) from None
    until = f"{done.last_known:%Y-%m-%d %H:%M} UTC" if done.last_known else "never"
    click.echo(f"Restored {file}. The newest publication it knows of itself: {until}.")
    if done.replaced is not None:
        click.echo(f"The database that stood there is kept as {done.replaced}.")
    if done.carried is None:
        click.echo(
            "It could not be read. Freezes and signatures made since the copy are lost: freeze again what must be "
            "silent (`veilleuse freeze`) BEFORE you start the daemon."
        )
    elif carried := [f"{count} {what}" for what, count in done.carried.items() if count]:
        click.echo(f"Carried over from it: {', '.join(carried)}.")
    click.echo("Each account is read on its network before it speaks. Start the daemon when you are ready.")
