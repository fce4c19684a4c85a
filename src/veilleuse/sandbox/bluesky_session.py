"""Bluesky's sessions: logging in is rationed, and the token that it brings lives two hours."""

import base64
import hmac
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from veilleuse.sandbox.bluesky_errors import error, limited
from veilleuse.sandbox.ledger import Presence
from veilleuse.sandbox.wire import Request, Response, as_json

_LIFE = timedelta(minutes=120)  # of an access token
_LOGINS = ((timedelta(minutes=5), 30), (timedelta(days=1), 300))  # of one identifier


class Logins:
    def __init__(self) -> None:
        self._at: defaultdict[str, list[datetime]] = defaultdict(list)

    def log_in(self, request: Request, presence: Presence, now: datetime) -> Response:
        """com.atproto.server.createSession."""
        logins = self._at[presence.identity]
        for window, most in _LOGINS:
            if sum(at > now - window for at in logins) >= most:
                return limited(now, most, window)
        logins.append(now)
        if request.json.get("password") != presence.secrets["app_password"]:
            return error(401, "AuthenticationRequired", "Invalid identifier or password")
        whose = {"did": presence.number, "handle": presence.identity, "active": presence.may_post}
        status = {} if presence.may_post else {"status": "deactivated"}
        return as_json(200, {"accessJwt": _token(presence, now), "refreshJwt": "none", **whose, **status})


def bearer(request: Request, known: Callable[[str], Presence | None], now: datetime) -> Presence | Response:
    """Whose token the request carries; `known` finds an account by its DID."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer":
        return error(401, "AuthMissing", "Authentication Required")
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        presence, at = known(claims["sub"]), datetime.fromisoformat(claims["iat"])
    except (IndexError, KeyError, ValueError):
        return error(400, "InvalidToken", "Token could not be verified")
    if presence is None or token != _token(presence, at):
        return error(400, "InvalidToken", "Token could not be verified")
    return presence if now < at + _LIFE else error(400, "ExpiredToken", "Token has expired")


def _token(presence: Presence, at: datetime) -> str:
    """A JWT in form: the app password signs whose it is, what it may, and since when."""
    claims = {"scope": "com.atproto.appPass", "sub": presence.number, "iat": at.isoformat()}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    signed = ".".join(parts)
    return f"{signed}.{hmac.new(presence.secrets['app_password'].encode(), signed.encode(), 'sha256').hexdigest()}"
