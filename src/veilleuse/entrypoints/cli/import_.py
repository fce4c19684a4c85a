"""`veilleuse import`: the posts of another tool's file, as drafts in the content folder."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.foreign import DateOrder, Draft, ForeignFile
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.language import _
from veilleuse.ports import FileUnreadable
from veilleuse.services.bring import DatesUnclear

SHOWN = 60  # characters of a text


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "tool", type=click.Choice(tuple(bootstrap.TOOLS)), help="Which tool wrote it. [default: any]")
@click.option("--account", required=True, shell_complete=complete_account, help="Whose posts they become.")
@click.option(
    "--dates",
    type=click.Choice([order.value for order in DateOrder]),
    help="How to read 01/02/2027: us, the month first; fr, the day first.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="A new .csv. [default: content/ACCOUNT/]"
)
@json_option
@click.pass_obj
def command(
    config: Path, file: Path, tool: str | None, account: str, dates: str | None, output: Path | None, as_json: bool
) -> None:
    """Bring over the posts of another tool's file (CSV or Excel), as drafts that nobody has approved yet.

    A time in it becomes "not before": veilleuse speaks when silence grows long, never at an appointed hour. Images are
    not fetched, labels are not kept; the report says so row by row. Nothing is ever replaced.

    Exit codes: 0 fine; 1 the file cannot be read, or holds no post; 2 a slip, or dates that may be read in two ways.
    """
    settings = bootstrap.load(config)
    [one] = chosen(settings, account).values()
    target = output or settings.content / one.name / f"{tool or 'import'}-{file.stem}.csv"
    if target.suffix != ".csv":
        raise click.BadParameter(
            _("{file} is to be a spreadsheet: give it a name that ends in .csv.").format(file=target.name)
        )
    if os.path.lexists(target):
        raise click.UsageError(
            _("{target} is there already, and stays as it is. Name another with --output.").format(target=target)
        )
    order = DateOrder(dates) if dates else None
    try:
        foreign, drafts = bootstrap.import_drafts(file, tool, one, target, bootstrap.SystemClock(), order)
    except FileUnreadable as unreadable:
        click.echo(click.style(str(unreadable.verdict), fg="red"), err=True)
        sys.exit(1)
    except DatesUnclear as unclear:
        raise click.UsageError(f"{file}, {unclear}") from None
    except OSError as error:
        raise click.UsageError(
            _("{what} cannot be written: {strerror}.").format(what=error.filename or target, strerror=error.strerror)
        ) from None
    written = sum(not draft.left_out for draft in drafts)
    if as_json:
        print_json({"file": target if written else None, "rows": drafts, "dropped": foreign.dropped})
    else:
        _print(foreign, drafts, one, target)
    if not written:
        sys.exit(1)


def _print(foreign: ForeignFile, drafts: Sequence[Draft], account: Account, target: Path) -> None:
    for draft in drafts:
        click.echo(_("row {line}: {told}").format(line=draft.line, told=_told(draft, account)))
        for remark in draft.remarks:
            click.echo(click.style(f"    {remark}", fg="yellow"))
    if foreign.note:
        click.echo(click.style(_("{note} Look at the accents.").format(note=foreign.note), fg="yellow"))
    for column, cells in foreign.dropped.items():
        click.echo(
            _('Not kept, since veilleuse has no place for it: "{column}" ({count}).').format(
                column=column, count=phrases.count(cells, "cell")
            )
        )
    written = [draft for draft in drafts if not draft.left_out]
    if not written:
        click.echo(_("There was no post to bring over; nothing was written."))
        return
    left_out = len(drafts) - len(written)
    click.echo(
        _("{target}: {count} written{what}.").format(
            target=target,
            count=phrases.count(len(written), "draft"),
            what=_(", {count} left out").format(count=left_out) if left_out else "",
        )
    )
    if any(draft.not_before for draft in written):
        click.echo(
            _('The times of the file mean "not before": a post is said when silence grows long, never at that hour.')
        )
    click.echo(_("Nothing of it is said before somebody approves it: put a name into its last column."))


def _told(draft: Draft, account: Account) -> str:
    text = " ".join(draft.text.split())
    short = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    if draft.left_out:
        return _("left out{what}").format(what=f": {short}" if short else "")
    if draft.not_before is None:
        return _("draft: {short}").format(short=short)
    when = f"{draft.not_before.astimezone(account.rule.zone):%Y-%m-%d %H:%M}"
    return _("draft, not before {when}: {short}").format(when=when, short=short)
