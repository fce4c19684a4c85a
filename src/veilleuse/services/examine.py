"""Examine: ask each network once a day whose credentials we hold, what they may and when they die; warn in time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Entry
from veilleuse.domain.alert import Condition
from veilleuse.domain.attempt import Receipt
from veilleuse.domain.errors import CredentialsRefused, NetworkError
from veilleuse.domain.examination import EXAMINED, Examined, findings, next_examination
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.plan import plan_of
from veilleuse.language import sentence
from veilleuse.ports import Clock, Examining, Exposing, Network, Networks, Store, StoreUnavailable
from veilleuse.services.alert import Alerts
from veilleuse.services.spending import Bill, Spending

log = structlog.get_logger()

LEASE = timedelta(hours=1)  # who has claimed an examination and does not report has died; then it is done again
RETRY = timedelta(hours=1)  # after a network that did not answer
REFUSED_RETRY = timedelta(hours=6)  # a renewed token needs no command
AT_ONCE = 20  # examinations begun at one bell: a thousand new accounts take an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Examine:
    accounts: Mapping[str, Account]
    specs: Mapping[str, NetworkSpec]
    store: Store
    networks: Networks
    clock: Clock
    alerts: Alerts
    spending: Spending

    def due(self) -> list[str]:
        """Claim what is due today, of every daemon's accounts: each is given to one. Raises StoreUnavailable."""
        now = self.clock.now()
        waiting = {each.account for each in self.store.all_examined() if now < each.due_at <= now + timedelta(days=2)}
        closed = {plan.account for plan in self.store.plans() if plan.closed}
        claimed: list[str] = []
        for name in self.accounts:
            if len(claimed) == AT_ONCE:
                break
            if name not in waiting and name not in closed and self.store.claim_examination(name, now, now + LEASE):
                claimed.append(name)
        return claimed

    def begin(self) -> None:
        """At a start, whoever was refused is due: a renewed token needs no command. Raises StoreUnavailable."""
        for each in self.store.all_examined():
            if each.refused:
                self.store.record_examination(replace(each, due_at=self.clock.now()))

    def daily(self, name: str) -> None:
        """Examine one account, if that costs nothing: where it does, the last look's answer serves. Never raises."""
        try:
            if self.specs[self.accounts[name].network].bills:
                before = self.store.examined(name) or Examined(account=name, due_at=self.clock.now())
                self.store.record_examination(replace(before, due_at=next_examination(name, self.clock.now())))
            else:
                self(name)
        except StoreUnavailable as away:
            log.error("account.not_examined", account=name, why=str(away))
        except Exception:
            log.exception("account.not_examined", account=name)

    def __call__(self, name: str) -> Examined:
        """Examine one account now, keep what was found, and tell what needs a human. Raises StoreUnavailable."""
        account, before = self.accounts[name], self.store.examined(name)
        state, newest = self.store.state(name), next(iter(self.store.receipts(name, 1)), None)
        examined = self._ask(account, state, newest, before or Examined(account=name, due_at=self.clock.now()))
        self.store.record_examination(examined)
        self._conclude(account, state, examined)
        log.info("account.examined", account=name, refused=examined.refused, trouble=examined.trouble)
        return examined

    def _ask(self, account: Account, state: AccountState, newest: Receipt | None, before: Examined) -> Examined:
        try:
            with self.networks.open(account) as network:
                bill = Bill({})
                try:
                    return ask(network, account, state, newest, before, self.clock.now)
                finally:
                    self.spending.count(account, network, bill, self.clock.now())
        except NetworkError as error:
            return failed(before, error, self.clock.now())

    def _conclude(self, account: Account, state: AccountState, examined: Examined) -> None:
        """An account that was refused is barred: nothing is called for it until an examination is passed.

        Not where examining costs money and so is rare: there each call is refused by itself (see adapters).
        """
        now, spec = self.clock.now(), self.specs[account.network]
        found = findings(account, spec.title, examined, now)
        if plan_of(self.store.plans(), account, state) is not None:  # hidden is what it is meant to be
            found = [each for each in found if each.condition is not Condition.POST_NOT_PUBLIC]
        self.alerts.reconcile(account.name, found, EXAMINED)
        if examined.refused and not spec.bills:
            self.store.bar(account.name, examined.trouble)
            self.store.ring([account.name], now)  # the look says it to a human
        elif examined.trouble is None and (state.barred or state.stopped):
            self.store.bar(account.name, None)
            self.store.ring([account.name], now)


def ask(
    network: Network,
    account: Account,
    state: AccountState,
    newest: Receipt | None,
    before: Examined,
    clock: Callable[[], datetime],
) -> Examined:
    """What this network tells of the account. `newest` is the last post of ours. Raises the network's errors."""
    if not isinstance(network, Examining):
        return replace(before, due_at=next_examination(account.name, clock()), at=clock(), failures=0, trouble=None)
    found = network.examine()
    known = state.remote_id or (before.found.identity.remote_id if before.found else None)
    if known is not None and found.identity.remote_id != known:
        raise CredentialsRefused(
            sentence(
                "its credentials are those of {handle} ({remote_id}), {name} has always been {known}. Nothing is "
                "called for it. Put its own credentials back, then run `veilleuse check --online`; if it is another "
                "presence now, give it a new name in the configuration.",
                handle=found.identity.handle,
                remote_id=found.identity.remote_id,
                name=account.name,
                known=known,
            )
        )
    return Examined(
        account=account.name,
        due_at=next_examination(account.name, clock()),
        at=clock(),
        found=found,
        visible=_visible(network, newest),
    )


def failed(before: Examined, error: NetworkError, now: datetime) -> Examined:
    """Refused, which only a human mends, or not answered, which passes."""
    refused = isinstance(error, CredentialsRefused)
    return replace(
        before,
        due_at=now + (REFUSED_RETRY if refused else RETRY),
        failures=before.failures + 1,
        trouble=error.sentence,
        refused=refused,
    )


def _visible(network: Network, newest: Receipt | None) -> bool | None:
    """Whether a stranger sees our newest post; a network that does not answer this is no failure."""
    if newest is None or not isinstance(network, Exposing):
        return None
    entry = Entry(remote_id=newest.remote_id, text=newest.text, created_at=newest.at, url=newest.url)
    try:
        return network.visible(entry)
    except NetworkError as error:
        log.warning("account.visibility_unknown", account=newest.account, why=str(error))
        return None
