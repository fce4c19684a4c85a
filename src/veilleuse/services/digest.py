"""The digest: once a week to everybody who can be reached, from what is stored and who waits on the networks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.alert import URGENT, Condition
from veilleuse.domain.digest import LATE, AccountWeek, compose, week_of
from veilleuse.domain.letter import LetterKind
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.person import Person
from veilleuse.domain.queue import Block, blocked, speakers, wording
from veilleuse.domain.waiting import Wait
from veilleuse.ports import Clock, Store
from veilleuse.services.answers import Answers
from veilleuse.services.letters import Letters
from veilleuse.services.status import AccountStatus, Standing, status

WEEK = timedelta(days=7)
Waits = Callable[[], Mapping[str, tuple[Wait, ...]]]  # by account; asked of the networks at the first call
RECEIPTS = 50  # of one account in one week: more than any sane rule allows


@dataclass(slots=True, kw_only=True)
class Digest:
    """Safe in several daemons: a letter of one week is written once, by the database."""

    accounts: Mapping[str, Account]
    specs: Mapping[str, NetworkSpec]
    people: Mapping[str, Person]
    store: Store
    letters: Letters
    answers: Answers
    clock: Clock
    zone: ZoneInfo  # the house's
    _done: str = field(default="", init=False)  # the week this process has seen to

    def write(self) -> None:
        """That of the week, if it is due and not written yet. Raises StoreUnavailable.

        Whoever never had one gets none at once: the first comes on the next Monday. After an outage of days it is late,
        and never two.
        """
        now = self.clock.now()
        week, due = week_of(now, self.zone)
        if week == self._done:
            return
        waits = cache(lambda: self.answers(self.accounts.values()))
        for person in self.people.values():
            newest = self.letters.newest(LetterKind.DIGEST, person.name)
            if newest is None:
                self.letters.begin(LetterKind.DIGEST, week, person.name)
            elif newest != week and now - due <= LATE and self.accounts:  # a later one was a wrong clock's
                concerned = self._concern(person.name)
                self.letters.write(LetterKind.DIGEST, week, person.name, partial(self._say, concerned, now, waits))
        self._done = week

    def _say(self, accounts: Mapping[str, Account], now: datetime, waits: Waits) -> tuple[str, str]:
        return compose(self._weeks(accounts, now, waits()), self.zone, now)

    def _concern(self, person: str) -> Mapping[str, Account]:
        """The accounts somebody owns, stands in for or approves; whoever has none is told of all."""
        own = {
            name: account
            for name, account in self.accounts.items()
            if person in (account.owner, *account.may_approve) or self._deputy(account.owner) == person
        }
        return own or self.accounts

    def _deputy(self, owner: str) -> str | None:
        return self.people[owner].deputy if owner in self.people else None

    def _weeks(
        self, accounts: Mapping[str, Account], now: datetime, waits: Mapping[str, tuple[Wait, ...]]
    ) -> list[AccountWeek]:
        """In the language of the moment: reasons and tasks are sentences."""
        weeks = [
            replace(self._week(accounts[each.account], each, now), waits=waits.get(each.account, ()))
            for each in status(accounts, self.store, now)
        ]
        return sorted(weeks, key=lambda week: not week.urgent)

    def _week(self, account: Account, told: AccountStatus, now: datetime) -> AccountWeek:
        since, spec = now - WEEK, self.specs[account.network]
        receipts = [r for r in self.store.receipts(account.name, RECEIPTS) if since <= r.at <= now]
        ours = self.store.bound_ids(account.name)
        entries = self.store.timeline(account.name, since, now)
        by_hand = [e for e in entries if e.remote_id not in ours and e.kind in account.rule.activity]
        candidates = self.store.candidates(account.name)
        unseen = [alert.finding for alert in told.alerts if alert.acked_at is None]
        unseen.sort(key=lambda finding: finding.condition not in URGENT)
        return AccountWeek(
            account=account.name,
            said=tuple((r.at, r.text) for r in reversed(receipts)),
            by_hand=len(by_hand),
            comes=self._comes(account, told, now),
            silent_for=told.silent_for if told.state is Standing.PAST else None,
            limit=account.rule.max_silence,
            until=None if account.kind is AccountKind.RESERVED or not spec.publishes else told.runway_until,
            posts=told.queued,
            drafts=sum(1 for c in candidates if blocked(c, now) is Block.DRAFT),
            urgent=any(f.condition in URGENT for f in unseen),
            needs=tuple(str(f.text) for f in unseen if f.condition is not Condition.HUMAN_TASK),
            tasks=tuple(str(f.text) for f in unseen if f.condition is Condition.HUMAN_TASK),
        )

    def _comes(self, account: Account, told: AccountStatus, now: datetime) -> tuple[datetime, str] | None:
        if told.speaks_at is None or told.state in (Standing.FROZEN, Standing.RESERVED):
            return None
        at = max(told.speaks_at, now)
        following = speakers(self.store.candidates(account.name), account.network, at, told.last_activity_at)
        worded = wording(following[0], account.network) if following else None
        return (at, worded[1]) if worded else None
