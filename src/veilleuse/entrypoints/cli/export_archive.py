"""`veilleuse export --archive`: all that was ever said, as JSON lines and as a page."""

from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.bootstrap.archive import read_archive, write_archive
from veilleuse.config import Settings
from veilleuse.entrypoints.cli.output import print_json
from veilleuse.language import _, ngettext, speaking

PAGE = "archive.html"


def export_archive(settings: Settings, account: str | None, folder: Path, *, as_json: bool) -> None:
    """Into a new folder. Raises a usage error."""
    from veilleuse.entrypoints.web.report import archive_page

    try:
        written = write_archive(settings, [account] if account else [], folder)
        with speaking(settings.language), (folder / PAGE).open("x", encoding="utf-8") as file:
            file.writelines(
                archive_page(lambda: read_archive(folder), bootstrap.SystemClock().now(), settings.timezone)
            )
    except KeyError:
        raise click.UsageError(_("Nothing was ever said on {account}.").format(account=account)) from None
    except FileExistsError as there:
        raise click.UsageError(
            _("{there} is there already, and stays as it is. Name another folder.").format(there=there.filename)
        ) from None
    except OSError as error:
        raise click.UsageError(
            _("{what} cannot be written: {strerror}.").format(what=error.filename or folder, strerror=error.strerror)
        ) from None
    if as_json:
        print_json({"sayings": written, "lines": folder / "archive.jsonl", "page": folder / PAGE})
        return
    told = ngettext("{count} post: {lines}, and {page}.", "{count} posts: {lines}, and {page}.", written)
    click.echo(told.format(count=written, lines=folder / "archive.jsonl", page=folder / PAGE))
