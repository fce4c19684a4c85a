"""A deed: what somebody did on the page or by a command. Kept for ever, so that it can be told who did what, when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """The kinds of deeds. The value is stored and shown by `--json`."""

    APPROVED = "approved"
    VETOED = "vetoed"
    RELEASED = "released"  # a veto taken back
    FROZE = "froze"
    THAWED = "thawed"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    HIBERNATED = "hibernated"
    WOKE = "woke"
    SAID_FAREWELL = "said_farewell"
    CANCELLED = "cancelled"  # a plan
    DID = "did"  # a step of a plan, by hand or by veilleuse
    DROPPED = "dropped"  # a file of posts, by way of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`account` is "" for the whole house; `subject` is what it was done to (a post's id, an alert, a file)."""

    at: datetime  # aware UTC
    by: str
    act: Act
    account: str = ""
    subject: str = ""
    detail: str = ""  # a reason, in that person's own words, or what exactly was signed
