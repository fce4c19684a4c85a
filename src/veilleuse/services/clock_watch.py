"""A clock that is contradicted: one more network is asked, and a human is told, in the name of this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.errors import NetworkError
from veilleuse.domain.network import NetworkSpec
from veilleuse.language import sentence
from veilleuse.ports import Clock, Networks, Store
from veilleuse.services.alert import Alerts
from veilleuse.services.observe import CLOCK_BACKOFF
from veilleuse.services.spending import Bill, Spending
from veilleuse.services.timekeeper import Timekeeper

log = structlog.get_logger()

THE_DATABASE = "database"  # the subject of what any daemon may say of its server's clock


@dataclass(slots=True, kw_only=True)
class ClockWatch:
    """Called after each beat. `host` names the machine, whatever process runs there; `keeper` is told."""

    host: str
    keeper: str
    accounts: Mapping[str, Account]
    specs: Mapping[str, NetworkSpec]
    store: Store
    networks: Networks
    clock: Clock
    timekeeper: Timekeeper
    spending: Spending
    alerts: Alerts
    _asked: int = 0
    _asked_at: datetime | None = None
    _missed: int = 0  # in a row, without an answer

    def __call__(self) -> None:
        """Raises StoreUnavailable."""
        if not self.timekeeper.aside:
            self._asked, self._asked_at, self._missed = 0, None, 0
        elif not self.timekeeper.outvoted and self._may_ask():
            self._ask()
        if found := self.findings():
            self.alerts.reconcile("", found, ())  # nobody judges of another's clock: an alert no longer found lapses

    def findings(self) -> list[Finding]:
        """What is wrong with the clock of this machine, or with that of the database's server."""
        ours = self.clock.now()
        if self.timekeeper.aside:
            theirs = self.timekeeper.now()
            told = (
                sentence(
                    "The clock of {host} says {ours} UTC, the networks' {theirs} UTC.",
                    host=self.host,
                    ours=_minute(ours),
                    theirs=_minute(theirs),
                )
                if self.timekeeper.heard_of
                else sentence(
                    "The clock of {host} says {ours} UTC, the database's {theirs} UTC.",
                    host=self.host,
                    ours=_minute(ours),
                    theirs=_minute(theirs),
                )
            )
            text = sentence(
                "{told} The daemon there stands aside: it looks at no account and publishes nothing.", told=told
            )
            remedy = sentence(
                "Set that clock (timedatectl); the daemon then goes on by itself. "
                "Daemons on machines with a right clock go on meanwhile."
            )
            return [self._finding(self.host, text, remedy)]
        if (ahead := self.timekeeper.database_off) is not None:
            text = sentence(
                "The clock of the database's server says {theirs} UTC, that of {host} {ours} UTC, "
                "and the networks agree with {host}.",
                host=self.host,
                ours=_minute(ours),
                theirs=_minute(ours + ahead),
            )
            remedy = sentence("Set the clock of the database's server. veilleuse goes on meanwhile.")
            return [self._finding(THE_DATABASE, text, remedy)]
        return []

    def _finding(self, subject: str, text: str, remedy: str) -> Finding:
        return Finding(
            condition=Condition.CLOCK_OFF, account="", subject=subject, text=text, remedy=remedy, person=self.keeper
        )

    def _may_ask(self) -> bool:
        """At once, then as seldom as a network is asked again that contradicts us."""
        pause = CLOCK_BACKOFF[min(self._asked, len(CLOCK_BACKOFF)) - 1]
        return self._asked_at is None or abs(self.clock.now() - self._asked_at) >= pause

    def _ask(self) -> None:
        """One read, whose answer bears the time; nothing else of it is kept, but what it cost."""
        ranked = sorted((s for s in self.store.states() if self._readable(s)), key=self._rank)
        self._asked, self._asked_at = self._asked + 1, self.clock.now()
        if not ranked:
            return
        state = ranked[self._missed % len(ranked)]
        self._missed += 1
        account, bill = self.accounts[state.name], Bill({})
        try:
            with self.networks.open(account) as network:
                try:
                    theirs = network.read(state.binding, state.cursor).server_time
                finally:
                    self.spending.count(account, network, bill, self.timekeeper.now())
        except NetworkError as error:
            log.warning("clock.not_told", account=account.name, why=str(error))
            return
        if theirs is not None:
            self._missed = 0
            self.timekeeper.heard(account.name, theirs, self.clock.now())

    def _readable(self, state: AccountState) -> bool:
        known = state.name in self.accounts and state.read_at is not None and state.remote_id is not None
        return known and state.stopped is None and state.barred is None

    def _rank(self, state: AccountState) -> tuple[bool, bool, str]:
        """A network that has not spoken first, and one whose reads cost nothing."""
        heard = {self.accounts[name].network for name in self.timekeeper.heard_of if name in self.accounts}
        network = self.accounts[state.name].network
        return network in heard, self.specs[network].bills, state.name


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
