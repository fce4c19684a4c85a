"""What can go wrong with a network, named by what the caller must do. Adapters map each failure to exactly one.

The message of each is shown to people and stored: an adapter writes it itself and never copies a library's text
into it, because libraries put tokens there (facebook-sdk puts the token in the URL it reports).
"""

from datetime import datetime
from enum import StrEnum

from veilleuse.language import sentence


class NetworkError(Exception):
    """A call to a network did not bring what was asked. The message is a sentence fit for a community manager."""

    @property
    def sentence(self) -> str:
        """The message as it was made: in every language, where the adapter made it so. `str` keeps one only."""
        message: str = self.args[0]
        return message


class ContentRefused(NetworkError):
    """The network will not have this post. Certainly not live: set it aside, tell a human, try the next."""


class Refusal(StrEnum):
    """What of an account a network refuses."""

    CREDENTIALS = "credentials"  # its credentials or their rights: new ones mend it
    SUSPENDED = "suspended"  # the account itself, by the network: somebody must settle it there
    VANISHED = "vanished"  # it stands there no more


class CredentialsRefused(NetworkError):
    """The network will not have this account: token dead, rights missing, wrong identity, or gone. Stop the account."""

    def __init__(self, message: str, *, why: Refusal = Refusal.CREDENTIALS) -> None:
        super().__init__(message)
        self.why = why

    @property
    def sentence(self) -> str:
        """Of an account that is lost, also where all that was said there is kept."""
        told = super().sentence
        if self.why is Refusal.CREDENTIALS:
            return told
        return sentence("{told} What was said there is kept here: `veilleuse export --archive`.", told=told)


class Gone(NetworkError):
    """What is watched stands there no more, for good (HTTP 410). Nothing was ever published there: tell a human."""


class BudgetExhausted(NetworkError):
    """The network wants money (X answers 402). Certainly not live: stop the accounts of this app, tell a human once.

    `app` names the app without giving away its key; "": the account's own budget is spent. `retry_at` is aware UTC.
    """

    def __init__(self, message: str, *, app: str = "", retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.app = app
        self.retry_at = retry_at


class RateLimited(NetworkError):
    """Come back later. Certainly not live. `retry_at` is aware UTC, None if the network did not say."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Unreachable(NetworkError):
    """The call certainly had no effect: a failed look-up, connection or handshake, or any failed read."""


class OutcomeUnknown(NetworkError):
    """Perhaps live: a time-out, 5xx, broken connection or odd body while publishing. Only reading settles it."""
