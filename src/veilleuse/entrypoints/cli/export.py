"""`veilleuse export`: the queue as files that `sync` reads back."""

from collections.abc import Iterator
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.services.export import Exported


@click.command("export")
@click.argument("account", required=False, shell_complete=complete_account)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A new folder. Nothing is replaced.",
)
@json_option
@click.pass_obj
def command(config: Path, account: str | None, output: Path, as_json: bool) -> None:
    """Write the queue as TOML files and images, which `sync` reads back to the same queue.

    What is published, or perhaps published, is left out: nobody who reads these files shall say it again. Where
    approval is signed, the signatures stay in the database; they hold for exactly these contents.
    """
    settings = bootstrap.load(config)
    accounts = chosen(settings, account)
    try:
        exported = bootstrap.export_queue(settings, accounts, output)
    except FileExistsError as there:
        raise click.UsageError(f"{there} is there already, and stays as it is. Name another folder.") from None
    except OSError as error:
        raise click.UsageError(f"{error.filename or output} cannot be written: {error.strerror}.") from None
    if as_json:
        print_json(exported)
        return
    for each in exported:
        left_out = "".join(f"; {words} left out" for words in _left_out(each))
        if each.posts:
            drafts = f", {phrases.count(each.drafts, 'draft')} among them" if each.drafts else ""
            click.echo(f"{output / each.account}.toml: {phrases.count(each.posts, 'post')}{drafts}{left_out}.")
        else:
            click.echo(f"{each.account}: no post waits, so no file was written{left_out}.")


def _left_out(exported: Exported) -> Iterator[str]:
    if exported.said:
        yield phrases.count(exported.said, "published post")
    if exported.doubtful:
        yield f"{phrases.count(exported.doubtful, 'post')} perhaps published (`veilleuse resolve`)"
