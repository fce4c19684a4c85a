"""How far one read saw: whether it closed the gap to what is known, and what of ours it should have shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain.activity import Reading
from veilleuse.domain.attempt import Proof, Receipt

VISIBLE_AFTER = timedelta(hours=1)  # a network may need so long to show everybody what it has accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One read, where it was to begin, and the newest ids that reads before it have shown."""

    reading: Reading
    cursor: str | None
    known: Collection[str]

    @property
    def gap(self) -> bool:
        """Whether something between this read and what is known was left unread: a queued text may stand there."""
        if self.cursor is None or self.reading.complete:
            return False
        return bool(self.reading.entries) and not any(e.remote_id in self.known for e in self.reading.entries)

    @property
    def empty(self) -> bool:
        """Nothing at all, not even what was known: a right was lost, rather than everything deleted (rule 10)."""
        return self.cursor is not None and not self.reading.complete and not self.reading.entries

    def reaches(self, moment: datetime) -> bool:
        """Whether it would show what appeared at that aware moment."""
        if self.cursor is not None and self.reading.complete:
            return True
        return not self.reading.entries or any(entry.created_at < moment for entry in self.reading.entries)


def not_shown(
    receipts: Sequence[Receipt], sight: Sight, read_before: datetime | None, now: datetime
) -> tuple[Receipt, ...] | None:
    """Our posts since the read before that this one should show and does not (rule 9); None: it can tell nothing.

    Only those known by the network's answer alone: the others were found by reading. Times are aware UTC.
    """
    if read_before is None:
        return None
    said = [receipt for receipt in receipts if receipt.proof is Proof.ANSWER and receipt.at >= read_before]
    shown = {entry.remote_id for entry in sight.reading.entries}
    missing = tuple(
        receipt
        for receipt in said
        if receipt.remote_id not in shown and receipt.at <= now - VISIBLE_AFTER and sight.reaches(receipt.at)
    )
    return missing if missing or any(receipt.remote_id in shown for receipt in said) else None
