"""Tells the demo: each line says day and hour, account, what happened, why."""

import shutil
import textwrap
from typing import Any
from zoneinfo import ZoneInfo

import click

from veilleuse.language import N_, _, ngettext
from veilleuse.ports import Clock
from veilleuse.services.look import Action, LookReport
from veilleuse.services.sync_report import SyncReport

PARIS = ZoneInfo("Europe/Paris")
MARKS: dict[Action, tuple[str, dict[str, Any]]] = {
    Action.PUBLISHED: (N_("published  "), {"fg": "green", "bold": True}),
    Action.WAITS: (N_("stays quiet"), {"fg": "cyan"}),
    Action.NEEDS_HUMAN: (N_("needs you  "), {"fg": "yellow", "bold": True}),
    Action.IN_DOUBT: (N_("in doubt   "), {"fg": "magenta", "bold": True}),
    Action.BLIND: (N_("cannot read"), {"fg": "red"}),
}
WHO = 22  # columns
INDENT = 53
NARROW = 8
LONGEST, SHOWN = 14, 5  # lines: of a letter longer than that, the weekly digest, its beginning is shown
LETTER = 73  # columns: letters are written in lines of so many


class Teller:
    """Prints a line when something changes; also the demo's notifier, so that Claire is called on this terminal."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, str] = {}

    def looked(self, report: LookReport) -> None:
        """A look. What was said of the account already is not said again."""
        gist = _gist(report)
        if report.action is Action.PACED or self._told.get(report.account) == gist:
            return
        self._told[report.account] = gist
        self._line(report.account, _mark(report.action), str(report.reason))
        if report.action is Action.PUBLISHED and report.text:
            self._more(f"«\N{NO-BREAK SPACE}{' '.join(report.text.split())}\N{NO-BREAK SPACE}»")

    def synced(self, report: SyncReport) -> None:
        added, changed, gone = len(report.added), len(report.changed), len(report.withdrawn)
        for count, said in (
            (added, ngettext("{count} post added", "{count} posts added", added)),
            (changed, ngettext("{count} post changed", "{count} posts changed", changed)),
            (gone, ngettext("{count} post withdrawn", "{count} posts withdrawn", gone)),
        ):
            if count:
                mark = click.style(_("read       "), dim=True)
                self._line(_("content folder"), mark, said.format(count=count))

    def channels(self, person: str) -> int:
        return 1

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        mark = click.style(_("is called  "), fg="red" if urgent else "yellow", bold=True)
        headline = title.removeprefix(_("veilleuse: {what}").format(what=""))
        foot = _("All that is open: veilleuse alerts")
        self._line(person.capitalize(), mark, headline)
        told = " ".join(headline.split())
        lines = [text for text in body.splitlines() if text.strip() and not text.startswith(foot)]
        rest = len(lines) - SHOWN if len(lines) > LONGEST else 0
        for text in lines[: SHOWN if rest else None]:
            if " ".join(text.split()).removesuffix(".") not in told:
                self._more(text, room=LETTER)
        if rest:
            self._more(_("… {count} lines more").format(count=rest), room=LETTER)

    def seen(self, person: str) -> None:
        self._line(person.capitalize(), click.style(_("has seen it"), dim=True), "")

    def _line(self, who: str, mark: str, what: str) -> None:
        stamp = click.style(f"{self._clock.now().astimezone(PARIS).strftime(_('%a %d %b %H:%M')):<16}", dim=True)
        first, *rest = _wrapped(what) or [""]
        click.echo(f"{stamp}  {who:<{WHO}}{mark}  {first}")
        self._more(" ".join(rest))

    def _more(self, what: str, *, room: int = 0) -> None:
        indent = max(NARROW, min(INDENT, _width() - room))
        for text in _wrapped(what, indent):
            click.echo(" " * indent + click.style(text, dim=True))


def _mark(action: Action) -> str:
    word, style = MARKS[action]
    return click.style(_(word), **style)


def _gist(report: LookReport) -> str:
    """What makes a look worth a new line: a new moment to speak, not the passing of time."""
    return report.speaks_at.isoformat() if report.speaks_at else report.action


def _wrapped(what: str, indent: int = INDENT) -> list[str]:
    """Lines of a list stay lists: what goes on below is set in as deep as its first line."""
    deeper = " " * (len(what) - len(what.lstrip(" -")))
    width = max(40, _width() - indent)
    return textwrap.wrap(what, width, subsequent_indent=deeper, break_on_hyphens=False, break_long_words=False)


def _width() -> int:
    return shutil.get_terminal_size((120, 24)).columns
