"""`veilleuse completion`: what a shell must know to complete commands and accounts."""

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from veilleuse.language import _

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", required=False, type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str | None) -> None:
    """Print the completion script of your shell (by default that of $SHELL).

    \b
    bash:  echo 'eval "$(veilleuse completion bash)"' >> ~/.bashrc
    zsh:   echo 'eval "$(veilleuse completion zsh)"' >> ~/.zshrc
    fish:  veilleuse completion fish > ~/.config/fish/completions/veilleuse.fish
    """
    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(_("Name your shell: {shells}.").format(shells=", ".join(SHELLS)))
    script = get_completion_class(name)
    assert script is not None
    click.echo(script(ctx.find_root().command, {}, "veilleuse", "_VEILLEUSE_COMPLETE").source())
