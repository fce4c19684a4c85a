"""The command group: sections in `--help`, commands imported only when called, and one place for what goes wrong."""

import importlib
import os
import sys
from dataclasses import dataclass
from typing import Any

import click
from click.shell_completion import CompletionItem

from veilleuse.entrypoints.cli.tongue import speaking_to, translated
from veilleuse.language import _


@dataclass(frozen=True, slots=True)
class Command:
    """One command: the module `veilleuse.entrypoints.cli.NAME` holds it as `command`."""

    name: str
    section: str  # "Hidden": it works, and is not listed
    help: str
    module: str = ""  # where NAME is a word of Python's own


class Sections(click.Group):
    """Lists its commands by section; `--help` imports none of them."""

    def __init__(self, *args: Any, commands_by_section: tuple[Command, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {command.name: command for command in commands_by_section}

    def main(self, *args: Any, **extra: Any) -> Any:
        """In the language of whoever typed it, from the first word of `--help` on."""
        typed = args[0] if args else extra.get("args")
        with speaking_to(sys.argv[1:] if typed is None else typed, os.environ):
            own, params = self.help, self.params
            here = translated(click.Command(None, help=own, params=params))
            self.help, self.params = here.help, here.params
            try:
                return super().main(*args, **extra)
            finally:
                self.help, self.params = own, params

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, command in self._known.items() if command.section != "Hidden"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._known:
            return None
        _structlog_without_rich()
        module = importlib.import_module(f"veilleuse.entrypoints.cli.{self._known[cmd_name].module or cmd_name}")
        command: click.Command = module.command
        return translated(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self._known:
            from veilleuse.domain.nearest import nearest

            if guess := nearest(args[0], self.list_commands(ctx)):
                ctx.fail(_('No such command "{name}". Did you mean "{guess}"?').format(name=args[0], guess=guess))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """From the table alone: importing every command would make the Tab key slow."""
        listed = (command for command in self._known.values() if command.section != "Hidden")
        names = [CompletionItem(c.name, help=_(c.help)) for c in listed if c.name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for section in dict.fromkeys(command.section for command in self._known.values()):
            if section != "Hidden":
                rows = [(c.name, _(c.help)) for c in self._known.values() if c.section == section]
                with formatter.section(_(section)):
                    formatter.write_dl(rows, col_max=14)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a user's mistake ends in a sentence and an exit code, never in a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            code = _exit_code(error)
            if code is None:
                raise
            click.echo(f"veilleuse: {error}", err=True)
            sys.exit(code)


def _structlog_without_rich() -> None:
    """structlog loads rich, where it is installed, for tracebacks we never print: 5.6 MB and 60 ms of each start."""
    if "structlog" not in sys.modules and "rich" not in sys.modules:
        sys.modules["rich"] = None  # type: ignore[assignment] # None: importing it fails
        try:
            importlib.import_module("structlog")
        finally:
            del sys.modules["rich"]


def _exit_code(error: Exception) -> int | None:
    """2: usage, configuration, a second daemon, a newer schema. 1: the database cannot be reached. None: our bug."""
    from veilleuse.config import ConfigInvalid, SecretMissing
    from veilleuse.entrypoints.web.trouble import PortTaken
    from veilleuse.ports import StoreUnavailable, StoreUnfit

    if isinstance(error, ConfigInvalid | SecretMissing | StoreUnfit | PortTaken):
        return 2
    return 1 if isinstance(error, StoreUnavailable) else None
