"""`veilleuse sync`: bring the content folder into the queue, or say what that would do."""

import sys
import time
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain.content import FolderState
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.entrypoints.cli.verdicts import echo_verdicts, folder_trouble, verdict_as_json
from veilleuse.language import N_, _
from veilleuse.services.sync import SyncReport

CHANGES = {
    "added": N_("added"),
    "changed": N_("changed"),
    "found": N_("back in its file"),
    "missing": N_("gone from its file: not said from now on, withdrawn if it stays away for a minute"),
    "withdrawn": N_("withdrawn"),
}
NAMED = 20  # posts spelled out for each kind of change
SLOW = 2.0  # seconds without a word before people wonder
REFRESH = 0.2  # seconds


@click.command("sync")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@json_option
@click.pass_obj
def command(config: Path, dry_run: bool, as_json: bool) -> None:
    """Bring the content folder into the queue. A running daemon does so by itself every 10 seconds.

    Exit codes: 0 fine; 1 something in the folder must be mended; 2 the configuration, or no database yet.
    """
    settings = bootstrap.load(config)
    progress = Progress()
    with bootstrap.open_sync(settings, bootstrap.SystemClock()) as sync:
        try:
            report = sync.run(dry_run=dry_run, progress=progress)
        finally:
            progress.wipe()
    trouble = folder_trouble(report, settings)
    if as_json:
        print_json(_as_json(report, dry_run))
    else:
        _print(report, trouble, dry_run)
    if trouble or report.has_errors:
        sys.exit(1)


class Progress:
    """A line on the terminal once a sync has lasted; nothing in a pipe."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SLOW
        self._shown = False
        self._wanted = sys.stderr.isatty()

    def __call__(self, done: int, total: int, path: str) -> None:
        now = time.monotonic()
        if self._wanted and now >= self._next:
            self._next = now + REFRESH
            self._shown = True
            click.echo(
                "\r"
                + _("{done} of {total} files read; now {path}").format(done=done, total=total, path=path[-60:])
                + "\x1b[K",
                nl=False,
                err=True,
            )

    def wipe(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _print(report: SyncReport, trouble: str | None, dry_run: bool) -> None:
    echo_verdicts(report.verdicts)
    if trouble:
        click.echo(click.style(trouble, fg="red"))
    if report.state in (FolderState.MISSING, FolderState.UNREADABLE):
        return
    for kind, words in CHANGES.items():
        refs: tuple[str, ...] = getattr(report, kind)
        for ref in refs[:NAMED]:
            click.echo(f"  {ref}  {_(words)}")
        if len(refs) > NAMED:
            click.echo(_("  ... and {number} more {what}").format(number=len(refs) - NAMED, what=_(kind)))
    if not dry_run:
        click.echo(f"{report.summary}.")
    elif any(getattr(report, kind) for kind in CHANGES):
        click.echo(_("Would be: {summary}; nothing was written.").format(summary=report.summary))
    else:
        click.echo(_("Nothing would change."))


def _as_json(report: SyncReport, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "folder": report.state,
        **{kind: getattr(report, kind) for kind in CHANGES},
        "unchanged": report.unchanged,
        "files_as_before": report.unread,
        "verdicts": [verdict_as_json(verdict) for verdict in report.verdicts],
    }
