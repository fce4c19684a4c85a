"""Tells the demo: each line says day and hour, account, what happened, why."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from veilleuse.ports import Clock
from veilleuse.services.look import Action, LookReport
from veilleuse.services.sync_report import SyncReport

PARIS = ZoneInfo("Europe/Paris")
MARKS = {
    Action.PUBLISHED: click.style("published  ", fg="green", bold=True),
    Action.WAITS: click.style("stays quiet", fg="cyan"),
    Action.NEEDS_HUMAN: click.style("needs you  ", fg="yellow", bold=True),
    Action.IN_DOUBT: click.style("in doubt   ", fg="magenta", bold=True),
    Action.BLIND: click.style("cannot read", fg="red"),
}
WHO = 22  # columns


class Teller:
    """Prints a line when something changes; also the demo's notifier, so that Claire is called on this terminal."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, tuple[Action, str]] = {}

    def looked(self, report: LookReport) -> None:
        """A look. What was said of the account already is not said again."""
        gist = (report.action, _gist(report))
        if report.action is Action.PACED or self._told.get(report.account) == gist:
            return
        self._told[report.account] = gist
        self._line(report.account, MARKS[report.action], report.reason)
        if report.action is Action.PUBLISHED and report.text:
            self._more(click.style(report.text.replace("\n", " "), italic=True))

    def synced(self, report: SyncReport) -> None:
        for word, posts in (("added", report.added), ("changed", report.changed), ("withdrawn", report.withdrawn)):
            if posts:
                what = f"{len(posts)} post{'s' if len(posts) > 1 else ''} {word}"
                self._line("content folder", click.style("read       ", dim=True), what)

    def channels(self, person: str) -> int:
        return 1

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        mark = click.style("calls      ", fg="red" if urgent else "yellow", bold=True)
        self._line(person.capitalize(), mark, title.removeprefix("veilleuse: "))
        for text in body.splitlines():
            if text.strip():
                self._more(click.style(text.strip(), dim=True))

    def _line(self, who: str, mark: str, what: str) -> None:
        click.echo(f"{_stamp(self._clock.now())}  {who:<{WHO}}{mark}  {what}")

    def _more(self, what: str) -> None:
        click.echo(f"{'':<{len(_stamp(self._clock.now())) + WHO + 15}}{what}")


def _gist(report: LookReport) -> str:
    """What makes a look worth a new line: a new due moment, not the passing of time."""
    if report.action is Action.PUBLISHED:
        return report.ref or ""
    return report.speaks_at.isoformat() if report.speaks_at else ""


def _stamp(now: datetime) -> str:
    return click.style(f"{now.astimezone(PARIS):%a %d %b %H:%M}", dim=True)
