"""`veilleuse passwd`: a password for the page, as the line to put into the configuration."""

import sys
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.entrypoints.cli.choice import known_person
from veilleuse.language import _

SHORTEST = 10  # characters
MEMORY = 19_456  # KiB: OWASP's figure for a small machine; the page checks one password at a time


@click.command("passwd")
@click.argument("name", required=False)
@click.pass_obj
def command(config: Path, name: str | None) -> None:
    """Ask for a password twice and print the line that holds its hash. Nothing is written, the password is not shown.

    With NAME, one of [people], it says where the line belongs. From a pipe, the first line is the password.
    """
    if name is not None:
        known_person(bootstrap.load(config), name)
    if sys.stdin.isatty():
        password = click.prompt(_("Password"), hide_input=True, confirmation_prompt=_("Once more"), err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST:
        raise click.UsageError(
            _("At least {shortest} characters: a sentence is easy to keep. Nothing was printed.").format(
                shortest=SHORTEST
            )
        )
    from argon2 import PasswordHasher

    hashed = PasswordHasher(memory_cost=MEMORY, time_cost=2, parallelism=1).hash(password)
    click.echo(
        _("Put this line under [people.{what}] of {config} and start veilleuse again:").format(
            what=name or "NAME", config=config
        ),
        err=True,
    )
    click.echo(f'password = "{hashed}"')
