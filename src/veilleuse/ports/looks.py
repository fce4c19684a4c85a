"""What the database keeps of accounts: claims, activity, attempts, receipts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Receipt
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.queue import Candidate
from veilleuse.ports.plans import PlanStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must still be true in the transaction that writes an attempt. Aware UTC."""

    daemon: str  # must hold the account's claim
    now: datetime
    spoke_before: datetime  # no receipt of ours after it (the minimum gap)
    day_start: datetime  # the local day, to count receipts against `max_per_day`
    max_per_day: int


class LookStore(PlanStore, Protocol):
    """Accounts, claims, activity, attempts, receipts, plans."""

    def register(self, accounts: Iterable[Account], now: datetime) -> None:
        """Know these accounts; look at new, changed and stopped ones now. Others are kept, and no longer looked at."""
        ...

    def claim_due(
        self,
        daemon: str,
        now: datetime,
        limit: int,
        under_way: Collection[str] | None = None,
        network: str | None = None,
    ) -> list[str]:
        """Claim accounts whose next look is due and which no living daemon has claimed, the most overdue first.

        `network`: only accounts of it. `under_way`: all this daemon is looking at. Other claims in its name were made
        or given back by a call whose answer was lost: they are free. None: they stand for an hour.
        """
        ...

    def next_look_at(self) -> datetime | None:
        """The earliest next look of all unclaimed accounts."""
        ...

    def ring(self, accounts: Iterable[str], now: datetime) -> None:
        """Look at these accounts at the next poll."""
        ...

    def bind(self, account: str, remote_id: str) -> None:
        """The network has proven whose account this is: from now on, its receipts count under any name.

        What was doubted, vetoed, frozen or planned under a name that is configured no longer is its own.
        """
        ...

    def ring_beyond(self, moment: datetime, now: datetime) -> int:
        """Look now at the accounts whose next look lies after that moment; how many. A wrong clock put them off."""
        ...

    def rewind(self, account: str, now: datetime) -> None:
        """Our clock is proven right: what a wrong one noted of this account in the future becomes now."""
        ...

    def note_gap(self, account: str, at: datetime | None) -> None:
        """Something on its timeline was left unread since then; None: a human has answered for it."""
        ...

    def finish_look(self, daemon: str, state: AccountState) -> None:
        """Store what the look found and give the claim back. `seen_*`, `spoke_at` and `gap_at` have their own way."""
        ...

    def beat(self, daemon: str, now: datetime, life: timedelta) -> datetime | None:
        """This daemon lives for `life` from now (judged on database time where there is one). That time, else None.

        Raises SchemaNewer if the schema is no longer this program's; `claim_due` then claims nothing.
        """
        ...

    def retire(self, daemon: str) -> None:
        """This daemon has stopped; its claims are free."""
        ...

    def state(self, account: str) -> AccountState: ...

    def states(self) -> list[AccountState]: ...

    def record_reading(self, account: str, entries: Sequence[Entry], kinds: Collection[str], now: datetime) -> None:
        """Remember entries never seen before; activity time = min(created_at, now). Updates `seen_at` and `seen_by`.

        Entries whose id has a receipt are ours. Only entries of `kinds` move `seen_at`.
        """
        ...

    def known_ids(self, account: str) -> frozenset[str]:
        """The newest 200 ids ever seen on this account's timeline."""
        ...

    def timeline(self, account: str, since: datetime, until: datetime) -> list[Entry]:
        """What was seen of its timeline between these moments, the oldest first."""
        ...

    def bound_ids(self, account: str) -> frozenset[str]:
        """Remote ids that already have a receipt."""
        ...

    def candidates(self, account: str) -> list[Candidate]:
        """Every post of the account standing in its file (not missing, not withdrawn), drafts included.

        `approved_by` is who approved it by the account's rule (`domain.approval`), whatever its file says.
        """
        ...

    def image(self, sha256: str) -> bytes: ...

    def unsettled(self, account: str | None = None) -> list[Attempt]:
        """Attempts open, unknown or held, oldest first; of every account if none is named."""
        ...

    def open_attempt(self, attempt: Attempt, guard: Guard) -> None:
        """Commit the attempt. Raises AttemptRefused if a guard, a freeze or a unique key forbids it."""
        ...

    def close_attempt(
        self, attempt_id: str, outcome: Outcome, *, now: datetime, fault: Fault | None = None, detail: str = ""
    ) -> None: ...

    def count_empty_read(self, attempt_id: str) -> None: ...

    def record_receipt(self, receipt: Receipt) -> None:
        """A receipt is a fact: accepted in any state of its attempt, once. Also marks the activity as ours."""
        ...

    def freezes(self, now: datetime) -> list[Freeze]:
        """Those that hold at that moment, the oldest first."""
        ...

    def freeze(self, freeze: Freeze) -> None:
        """Hold it from now on, in the place of one of the same account, network and origin."""
        ...

    def thaw(self, freeze: Freeze) -> bool:
        """That freeze holds no more; whether it was there."""
        ...

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        """Newest first."""
        ...

    def attempts(self, account: str | None = None, limit: int = 50) -> list[Attempt]:
        """Newest first, all outcomes."""
        ...

    def outcomes(self) -> Mapping[tuple[str, Outcome], int]:
        """How many attempts of each account have ended how."""
        ...
