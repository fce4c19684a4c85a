"""`veilleuse db`: the care of the database."""

from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.entrypoints.cli.confirm import confirmed
from veilleuse.language import _


@click.group("db")
def command() -> None:
    """The care of the database."""


@command.command("upgrade")
@click.pass_obj
def upgrade(config: Path) -> None:
    """Bring the database to this version's schema, or make it.

    A SQLite file is copied first, and no daemon may be at work on it. `veilleuse run` does the same at its start.
    """
    settings = bootstrap.load(config)
    report = bootstrap.upgrade(settings, bootstrap.SystemClock())
    name = bootstrap.database_name(settings)
    if report.before is None:
        click.echo(_("Made the database {name} (schema {after}).").format(name=name, after=report.after))
    elif not report.changed:
        click.echo(_("The database {name} is up to date (schema {after}).").format(name=name, after=report.after))
    else:
        click.echo(
            _("Upgraded the database {name} from schema {before} to {after}.").format(
                name=name, before=report.before, after=report.after
            )
        )
        if report.backup is not None:
            click.echo(_("The copy made before: {backup}").format(backup=report.backup))


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_obj
def backup(config: Path, file: Path | None) -> None:
    """Copy the database as it is now, while the daemon works on.

    Without FILE the copy stands beside the database, under the time it was made.
    """
    settings = bootstrap.load(config)
    try:
        copy = bootstrap.backup(settings, file, bootstrap.SystemClock())
    except FileExistsError as there:
        raise click.ClickException(
            _("{filename} stands there already. Nothing was written.").format(filename=there.filename)
        ) from None
    except bootstrap.ServerDatabase as server:
        raise click.UsageError(
            _(
                "{server} is a Postgres database: it is copied by Postgres' own tools, also while daemons run:\n"
                "  pg_dump --format=custom --file={what} '{server}'"
            ).format(server=server, what=file or "veilleuse.dump")
        ) from None
    click.echo(_("Copied the database to {copy} ({size}).").format(copy=copy, size=phrases.size(copy.stat().st_size)))


@command.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(config: Path, file: Path, yes: bool) -> None:
    """Go back to a copy, without saying anything twice. No daemon may be at work on the database.

    The database that stands there is kept beside it. What it knows of publications, doubts, freezes, vetoes and
    signatures is carried over; what was said besides is recognised on the networks before anything is published.
    """
    settings = bootstrap.load(config)
    try:
        question = _("Put {file} in the place of {database_name}?")
        if not yes and not confirmed(question.format(file=file, database_name=bootstrap.database_name(settings))):
            raise click.Abort
        done = bootstrap.restore(settings, file, bootstrap.SystemClock())
    except bootstrap.ServerDatabase as server:
        raise click.UsageError(
            _(
                "{server} is a Postgres database. Stop every daemon, then:\n"
                "  pg_restore --clean --if-exists --dbname='{server}' {file}\n  veilleuse db upgrade\n"
                "What was said since is recognised on the networks before anything is published; freezes and "
                "signatures made since must be made again; note them first: `veilleuse freeze`, "
                "`veilleuse history --approvals`."
            ).format(server=server, file=file)
        ) from None
    until = f"{done.last_known:%Y-%m-%d %H:%M} UTC" if done.last_known else _("never")
    click.echo(_("Restored {file}. The newest publication it knows of itself: {until}.").format(file=file, until=until))
    if done.replaced is not None:
        click.echo(_("The database that stood there is kept as {replaced}.").format(replaced=done.replaced))
    if done.carried is None:
        click.echo(
            _(
                "It could not be read. Freezes, vetoes, signatures and doubts since the copy are lost: "
                "freeze again what must be silent (`veilleuse freeze`) BEFORE you start the daemon."
            )
        )
    elif carried := [f"{count} {what}" for what, count in done.carried.items() if count]:
        click.echo(_("Carried over from it: {names}.").format(names=", ".join(carried)))
    click.echo(_("Each account is read on its network before it speaks. Start the daemon when you are ready."))
