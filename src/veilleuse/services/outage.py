"""An outage of the database: alerts are stored first, so when nothing can be stored, someone is told directly, once."""

from dataclasses import dataclass

import structlog

from veilleuse.language import _, speaking
from veilleuse.ports import Marker, Notifier, NotifyFailed

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    notifier: Notifier
    marker: Marker
    person: str
    language: str = "en"  # theirs

    def tell(self, why: str) -> bool:
        """Tell on every channel, once an outage, restarts included. Never raises.

        False: no channel took it, and nobody knows yet.
        """
        if not self.marker.set():
            return True
        with speaking(self.language):
            meanwhile = _("Nothing is published until it can be used again.")
            told = self._send(_("veilleuse: its database cannot be used"), f"{why}\n\n{meanwhile}", urgent=True)
        if not told:
            self.marker.clear()
        return told

    def over(self) -> None:
        """The all-clear, if the outage was told. Never raises."""
        if self.marker.clear():
            with speaking(self.language):
                self._send(_("veilleuse: its database is back"), _("veilleuse goes on where it stopped."), urgent=False)

    def _send(self, title: str, body: str, *, urgent: bool) -> bool:
        """Whether a channel took it, or there is none to try again."""
        failures, channels = 0, self.notifier.channels(self.person)
        for channel in range(channels):
            try:
                self.notifier.send(self.person, channel, title=title, body=body, urgent=urgent)
            except NotifyFailed as failed:
                log.error("outage.not_told", person=self.person, why=str(failed))
                failures += 1
        return failures < channels or not channels
