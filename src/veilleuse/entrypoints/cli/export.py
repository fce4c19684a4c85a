"""`veilleuse export`: the queue as files that `sync` reads back."""

from collections.abc import Iterator
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.export_archive import export_archive
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.language import _
from veilleuse.services.export import Exported


@click.command("export")
@click.argument("account", required=False, shell_complete=complete_account)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A new folder. Nothing is replaced.",
)
@click.option(
    "--archive", is_flag=True, help="In place of the queue, all that was ever said: as JSON lines and as a web page."
)
@json_option
@click.pass_obj
def command(config: Path, account: str | None, output: Path, archive: bool, as_json: bool) -> None:
    """Write the queue as TOML files and images, which `sync` reads back to the same queue.

    What is published, or perhaps published, is left out: nobody who reads these files shall say it again. Where
    approval is signed, the signatures stay in the database; they hold for exactly these contents.

    With --archive, what was published instead, by hand too: text, link, image, time, address, who approved it and how
    we know; archive.jsonl for programs, archive.html for people. An ACCOUNT may be one that is configured no more.
    """
    settings = bootstrap.load(config)
    if archive:
        export_archive(settings, account, output, as_json=as_json)
        return
    accounts = chosen(settings, account)
    try:
        exported = bootstrap.export_queue(settings, accounts, output)
    except FileExistsError as there:
        raise click.UsageError(
            _("{there} is there already, and stays as it is. Name another folder.").format(there=there)
        ) from None
    except OSError as error:
        raise click.UsageError(
            _("{what} cannot be written: {strerror}.").format(what=error.filename or output, strerror=error.strerror)
        ) from None
    if as_json:
        print_json(exported)
        return
    for each in exported:
        left_out = "".join(_("; {what} left out").format(what=words) for words in _left_out(each))
        if each.posts:
            drafts = _(", {count} among them").format(count=phrases.count(each.drafts, "draft")) if each.drafts else ""
            click.echo(
                _("{number}.toml: {count}{drafts}{left_out}.").format(
                    number=output / each.account,
                    count=phrases.count(each.posts, "post"),
                    drafts=drafts,
                    left_out=left_out,
                )
            )
        else:
            click.echo(
                _("{account}: no post waits, so no file was written{left_out}.").format(
                    account=each.account, left_out=left_out
                )
            )


def _left_out(exported: Exported) -> Iterator[str]:
    if exported.said:
        yield phrases.count(exported.said, "published post")
    if exported.doubtful:
        yield _("{count} perhaps published (`veilleuse resolve`)").format(
            count=phrases.count(exported.doubtful, "post")
        )
