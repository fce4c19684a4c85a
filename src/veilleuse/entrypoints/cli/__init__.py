"""The command `veilleuse`. Each command is a module of its own, imported when it is called."""

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from veilleuse.entrypoints.cli.group import Command, Sections

COMMANDS = (
    Command("init", "Start", "Write a first configuration and content folder."),
    Command("check", "Start", "Judge configuration, secrets and content."),
    Command("demo", "Start", "Four accounts, a sandbox and a fast clock: see it work."),
    Command("run", "Every day", "Keep the accounts alive until stopped."),
    Command("status", "Every day", "How each account stands, and why."),
    Command("queue", "Every day", "What speaks next, what waits, and why."),
    Command("forecast", "Every day", "What will be said over the coming year; what is missing."),
    Command("sync", "Every day", "Bring the content folder into the queue."),
    Command("approve", "Every day", "Sign posts, having seen exactly what will be said."),
    Command("history", "Every day", "What was published, when, and who approved it."),
    Command("freeze", "When it matters", "Publish nothing for now; or list what is frozen."),
    Command("thaw", "When it matters", "End a freeze."),
    Command("veto", "When it matters", "Hold a post back; the next one moves up."),
    Command("resolve", "When it matters", "Settle what is perhaps published."),
    Command("alerts", "When it matters", "What needs a human."),
    Command("account", "An account's life", "Audit, hibernation, waking, farewell."),
    Command("db", "Upkeep", "The database: upgrade, backup, restore."),
    Command("export", "Upkeep", "Write the queue as files that `sync` reads back."),
    Command("import", "Upkeep", "Bring over the posts of another tool, as drafts.", module="import_"),
    Command("passwd", "Upkeep", "A password for the page."),
    Command("completion", "Upkeep", "Print the completion script of your shell."),
    Command("schemas", "Hidden", "Write the JSON Schemas for editors."),
    Command("sandbox", "Hidden", "Serve pretend networks on this machine."),
)


@click.group(cls=Sections, commands_by_section=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="VEILLEUSE_CONFIG",
    default=Path("veilleuse.toml"),
    show_default=True,
    help="The configuration. [env: VEILLEUSE_CONFIG]",
)
@click.version_option(package_name="veilleuse", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, config: Path) -> None:
    """A pilot light for a company's social accounts.

    One short, approved post when an account has been silent too long; a human's own post always comes first.
    """
    ctx.obj = config
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without emoji is no reason to fail
