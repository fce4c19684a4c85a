"""A session with a Bluesky server: whose it is, what it may, and what is odd about it.

Lexicons com.atproto.server.createSession, app.bsky.actor.profile.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from veilleuse.language import Sentence, sentence

_DID, _HANDLE = re.compile(r"did:[a-z]+:[\w.:%-]+", re.ASCII), re.compile(r"[\w.-]+", re.ASCII)
_TOKEN = re.compile(r"[\w.~+/=-]+", re.ASCII)  # RFC 6750: goes into a header as it is
_CLOSED = ("takendown", "suspended", "deactivated")
_UNSEEN = "!no-unauthenticated"  # the owner's label: apps do not show this account to people without one
_WHOLE_ACCOUNT = "com.atproto.access"  # the scope of the account's own password; an app password has others


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One log-in. It lasts two hours, an app password for ever. `at` is the server's aware time."""

    did: str
    handle: str
    token: str = field(repr=False)
    at: datetime | None
    status: str | None  # None: active

    @classmethod
    def of(cls, body: Mapping[str, Any], at: datetime | None) -> "Session":
        """KeyError, TypeError or ValueError if it is none."""
        did, handle, token = body["did"], body["handle"], body["accessJwt"]
        if not (_DID.fullmatch(did) and _HANDLE.fullmatch(handle) and _TOKEN.fullmatch(token)):
            raise ValueError
        status = body.get("status") if body.get("status") in _CLOSED else "inactive"
        return cls(
            did=did,
            handle=handle,
            token=token,
            at=at,
            status=status if body.get("active") is False else None,
        )

    @property
    def rules_the_account(self) -> bool:
        """Whether the password is the account's own, which may change or delete everything."""
        try:
            claims = self.token.split(".")[1]
            said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
            return bool(said["scope"] == _WHOLE_ACCOUNT)
        except (IndexError, KeyError, TypeError, ValueError):
            return False


def closed(session: Session) -> Sentence:
    return sentence(
        "Bluesky says that this account is {status}: it cannot post. Nothing was published. Log in to it by hand and "
        "see what Bluesky asks for.",
        status=session.status,
    )


def warnings(session: Session, profile: Mapping[str, Any]) -> Iterator[Sentence]:
    """What a human should know, the gravest first. `profile` is the account's own record, as anybody may read it."""
    if session.status is not None:
        yield closed(session)
    if session.rules_the_account:
        yield sentence(
            "This is the account's own password, which may change or delete everything. Make an app password "
            "(Settings, Privacy and security, App passwords) and use it instead."
        )
    if _UNSEEN in json.dumps(profile.get("labels")):
        yield sentence(
            "The profile asks apps not to show the account to people who are not logged in. If customers are to see "
            "it, switch that off (Settings, Privacy and security, Logged-out visibility)."
        )
