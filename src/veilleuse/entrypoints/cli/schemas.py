"""`veilleuse schemas`: write the JSON Schemas anew, after a key was added."""

from pathlib import Path

import click

from veilleuse import bootstrap


@click.command("schemas")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def command(folder: Path) -> None:
    """Write the JSON Schemas of configuration and posts into a folder, in the place of those there."""
    for name, text in bootstrap.schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(str(folder / name))
