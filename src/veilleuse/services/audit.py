"""Audit accounts: one's own, from the database and read back; anybody's, as far as they are shown."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.activity import Author, Entry, Kind
from veilleuse.domain.address import Place
from veilleuse.domain.audit import TWELVE_MONTHS, Audit, Subject, Survey, audit, reached
from veilleuse.domain.errors import NetworkError, Unreachable
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.prices import USD, X_POST_READ, X_USER_READ
from veilleuse.language import sentence
from veilleuse.ports import Clock, Network, Networks, Store
from veilleuse.ports.networks import PublicAccounts, Recalling, Surveying
from veilleuse.services.past import moments
from veilleuse.services.spending import Bill, Spending

MOST = 200  # entries that one read brings
COST = MOST * USD[X_POST_READ] + USD[X_USER_READ]  # USD, the most that reading one account on X costs
LONG_AGO = 2 * TWELVE_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditor:
    """`store` None: without a house, other people's accounts only."""

    accounts: Mapping[str, Account]
    specs: Mapping[str, NetworkSpec]
    public: PublicAccounts
    clock: Clock
    networks: Networks | None = None
    store: Store | None = None

    def knows_a_year(self, account: Account) -> bool:
        """Whether the database alone can tell of it: it reaches so far back, and nothing was left unread since."""
        assert self.store is not None
        now = self.clock.now()
        known = moments(self.store, account, now - LONG_AGO, now)
        whole = self.store.state(account.name).gap_at is None
        return whole and bool(known) and min(at for at, _ in known) <= now - TWELVE_MONTHS

    def neighbour(self, place: Place) -> Account | None:
        """One of our own accounts on the network of somebody's address, with whose credentials it can be read."""
        return next((account for account in self.accounts.values() if account.network == place.network), None)

    def own(self, account: Account, *, online: bool, note: str = "") -> Audit:
        """One of ours. `online`: read back over the year too; what is billed there is counted."""
        assert self.store is not None
        now, spec = self.clock.now(), self.specs[account.network]
        since = now - TWELVE_MONTHS
        if account.kind is AccountKind.RESERVED:
            note = note or sentence("A name that is only kept: it says nothing on purpose.")
        read: tuple[Entry, ...] = ()
        known_from = None
        if online:
            try:
                read, known_from = self._recalled(account, self._back(spec, now))
            except NetworkError as error:
                note = sentence("Read from what is known here only: {why}", why=error.sentence)
        said = moments(self.store, account, now - LONG_AGO, now, read)
        known_from = known_from or next((since for at, _ in said if at <= since), None)
        return audit(
            _subject(account, spec),
            said,
            known_from=known_from,
            zone=account.rule.zone,
            now=now,
            read=bool(read) or known_from is not None or self.store.state(account.name).read_at is not None,
            note=note,
        )

    def others(self, place: Place, zone: ZoneInfo) -> Audit:
        """Anybody's account. Raises the errors of `domain.errors`."""
        now = self.clock.now()
        spec = self.specs.get(place.network)
        found = self._surveyed(place, self._back(spec, now))
        said = [(entry.created_at, Author.HUMAN) for entry in found.entries if entry.kind is Kind.POST]
        return audit(found.subject, said, known_from=found.known_from, zone=zone, now=now)

    def _back(self, spec: NetworkSpec | None, now: datetime) -> datetime:
        """How far to read: a year more than is shown, to see what the year's first post came after; not for money."""
        return now - (TWELVE_MONTHS if spec is not None and spec.bills else LONG_AGO)

    def _recalled(self, account: Account, since: datetime) -> tuple[tuple[Entry, ...], datetime | None]:
        assert self.store is not None
        with self._billed(account) as network:
            remote_id = self.store.state(account.name).remote_id
            if remote_id is None:
                identity = network.identify()
                remote_id = identity.remote_id if identity else account.identity
            if not isinstance(network, Recalling):
                newest = network.read(remote_id, None).entries
                return newest, reached(newest, since, complete=False)
            back = network.read(remote_id, network.cursor_at(since))
            if back.entries:
                return back.entries, reached(back.entries, since, complete=back.complete)
            newest = network.read(remote_id, None).entries
            return newest, reached(newest, since, complete=True)

    def _surveyed(self, place: Place, since: datetime) -> Survey:
        if place.network not in ("x", "facebook"):
            return self.public.survey(place, since)
        title = self.specs[place.network].title
        account = self.neighbour(place)
        if account is None:
            raise Unreachable(
                sentence(
                    "{title} shows its accounts to accounts of its own only, and the configuration has none there.",
                    title=title,
                )
            )
        with self._billed(account) as network:
            if not isinstance(network, Surveying):
                raise Unreachable(sentence("{title} shows nobody else's accounts.", title=title))
            found = network.survey(place.handle, since)
        subject = Subject(name=place.address, network=title, handle=_called(place), own=False, url=place.address)
        within = [entry for entry in found.entries if entry.created_at >= since]
        known_from = reached(found.entries, since, complete=found.complete or not within)
        return Survey(subject=subject, entries=found.entries, known_from=known_from)

    @contextmanager
    def _billed(self, account: Account) -> Iterator[Network]:
        """A client of that account; what it has cost is counted, whatever happens."""
        assert self.networks is not None
        bill = Bill(counted={})
        with self.networks.open(account) as network:
            try:
                yield network
            finally:
                if self.store is not None:
                    Spending(store=self.store).count(account, network, bill, self.clock.now())


def unread(place: Place, title: str, zone: ZoneInfo, now: datetime, why: str) -> Audit:
    """Of an account that could not be read: nothing but the reason."""
    subject = Subject(name=place.address, network=title, handle=_called(place), own=False, url=place.address)
    return audit(subject, (), known_from=None, zone=zone, now=now, read=False, note=why)


def _subject(account: Account, spec: NetworkSpec) -> Subject:
    return Subject(
        name=account.name,
        network=spec.title,
        handle=account.identity,
        own=True,
        blog=spec.blog,
        max_silence=None if account.kind is AccountKind.RESERVED else account.rule.max_silence,
    )


def _called(place: Place) -> str:
    return place.handle if place.network in ("web", "facebook") else f"@{place.handle}"
