"""What a look came to, for eyes and logs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from veilleuse.services.observe import Trouble


class Action(StrEnum):
    """What a look came to."""

    PUBLISHED = "published"
    WOULD_PUBLISH = "would publish"  # a dry run
    WAITS = "waits"
    PACED = "paced"  # its turn comes in seconds: other accounts of the network speak first
    NEEDS_HUMAN = "needs a human"
    BLIND = "cannot read"
    IN_DOUBT = "in doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookReport:
    """One look, for eyes and logs. `look_at` is aware UTC."""

    account: str
    action: Action
    reason: str
    look_at: datetime
    ref: str | None = None
    text: str | None = None
    url: str | None = None
    speaks_at: datetime | None = None
    trouble: Trouble | None = None
    app: str = ""  # set: the network refuses every account of this app
