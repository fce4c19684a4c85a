"""What every page is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from veilleuse.config import Person, Settings
from veilleuse.domain.account import Account
from veilleuse.entrypoints.timings import Timings
from veilleuse.entrypoints.web.patience import Patience
from veilleuse.ports import Clock, Store
from veilleuse.services.drop import Drops


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One house, as the page shows it."""

    settings: Settings
    accounts: Mapping[str, Account]
    store: Store
    clock: Clock
    drops: Drops
    key: bytes = field(repr=False)  # signs the cookies
    unwell: Callable[[], Sequence[str]]  # what is not well, in words that hold no secret
    timings: Timings = field(default_factory=Timings)
    patience: Patience = field(default_factory=Patience)

    @property
    def people(self) -> Mapping[str, Person]:
        return {person.name: person for person in self.settings.people}

    @property
    def by_password(self) -> bool:
        return any(person.password for person in self.settings.people)

    @property
    def guarded(self) -> bool:
        """Whether anybody must say who they are. Where nobody can, the page only shows, and only to this machine."""
        return self.by_password or self.settings.web.user_header is not None
