"""`veilleuse account`: the whole life of an account, from a look at how it lives to its last word."""

import click

from veilleuse.entrypoints.cli.group import Command, Sections

COMMANDS = (
    Command("audit", "An account's life", "How alive accounts are, your own and others.", module="account_audit"),
    Command(
        "hibernate", "An account's life", "Silent on purpose, hidden where that can be.", module="account_hibernate"
    ),
    Command("wake", "An account's life", "Visible again, then the comeback post.", module="account_wake"),
    Command("farewell", "An account's life", "One last post that sends readers elsewhere.", module="account_farewell"),
    Command("done", "An account's life", "The step that waits for your hand is done.", module="account_done"),
    Command("cancel", "An account's life", "Call an account's plan off.", module="account_cancel"),
)


@click.group(cls=Sections, commands_by_section=COMMANDS)
def command() -> None:
    """How alive accounts are, yours and others'; hibernation, waking, farewell."""
