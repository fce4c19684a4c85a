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

    def tell(self, why: str) -> None:
        """Tell on every channel, once an outage, restarts included. Never raises."""
        if self.marker.set():
            with speaking(self.language):
                meanwhile = _("Nothing is published until it can be used again.")
                self._send(_("veilleuse: its database cannot be used"), f"{why}\n\n{meanwhile}", urgent=True)

    def over(self) -> None:
        """The all-clear, if the outage was told. Never raises."""
        if self.marker.clear():
            with speaking(self.language):
                self._send(_("veilleuse: its database is back"), _("veilleuse goes on where it stopped."), urgent=False)

    def _send(self, title: str, body: str, *, urgent: bool) -> None:
        for channel in range(self.notifier.channels(self.person)):
            try:
                self.notifier.send(self.person, channel, title=title, body=body, urgent=urgent)
            except NotifyFailed as failed:
                log.error("outage.not_told", person=self.person, why=str(failed))
