"""A freeze: nobody speaks for this account (or for anyone) until a human thaws it, or until its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from veilleuse.domain import phrases
from veilleuse.language import _

STOP = "STOP "  # how the origin of a freeze by file begins; the file's path follows
COMMAND = "command"  # the origin of a freeze by a person's command


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """`account` is "" for all, or for all of `network`. `origin` tells a STOP file (its path) from a command.

    Times are aware UTC; `until` is the first moment it no longer holds.
    """

    account: str
    network: str = ""
    origin: str
    by: str
    reason: str
    since: datetime
    until: datetime | None = None

    def holds(self, account: str, network: str, now: datetime) -> bool:
        """Whether it silences that account of that network now. Expiry is computed, never stored."""
        meant = self.account in ("", account) and self.network in ("", network)
        return meant and (self.until is None or now < self.until)

    @property
    def file(self) -> str | None:
        """The STOP file it stands in, relative to the content folder; None: somebody's command."""
        return self.origin.removeprefix(STOP) if self.origin.startswith(STOP) else None

    @property
    def hand(self) -> str:
        """Who froze it, for people."""
        return self.by if self.file is None else _("a STOP file")

    @property
    def words(self) -> str:
        """Whom it was said of, as `freeze` and `thaw` take it."""
        return self.account or (f"--network {self.network}" if self.network else "--all")

    @property
    def whom(self) -> str:
        """The same, for people: who is silent."""
        if self.account:
            return self.account
        return _("every account on {network}").format(network=self.network) if self.network else _("every account")

    @property
    def remedy(self) -> str:
        """What ends it before its time: the same hand that began it."""
        if self.file is not None:
            return _("remove the file {file} from the content folder").format(file=self.file)
        return f"`veilleuse thaw {self.words}`"

    def told(self, zone: ZoneInfo, now: datetime) -> str:
        """ "frozen by claire since today at 11:00, until tomorrow at 09:00: the reason", in that zone."""
        since = _("frozen by {name} since {when}").format(name=self.hand, when=phrases.at(self.since, zone, now))
        if self.until:
            since = f"{since}, {phrases.until_at(self.until, zone, now)}"
        reason = self.reason.rstrip(". ") or _("no reason was given")
        return _("{frozen}: {reason}").format(frozen=since, reason=reason)

    def cost(self, account: str, limit: datetime | None, zone: ZoneInfo, now: datetime) -> str:
        """What its silence costs that account, in words; "" if it ends in time, or if the limit is unknown."""
        if limit is None or (self.until is not None and self.until <= limit):
            return ""
        said = _("{account} passed its limit {when}") if limit <= now else _("{account} passes its limit {when}")
        return said.format(account=account, when=phrases.at(limit, zone, now))


def freeze_on(freezes: Iterable[Freeze], account: str, network: str, now: datetime) -> Freeze | None:
    """What silences that account now, the longest if there are several."""
    holding = [freeze for freeze in freezes if freeze.holds(account, network, now)]
    return max(holding, key=lambda freeze: (freeze.until is None, freeze.until or now), default=None)
