"""How a PDS refuses: XRPC's envelope, and its own words for an error (@atproto/pds 0.4.217)."""

from datetime import datetime, timedelta

from veilleuse.sandbox.wire import Response, as_json


def error(status: int, name: str, message: str, **headers: str) -> Response:
    """XRPC's envelope (atproto specification, XRPC error responses)."""
    return as_json(status, {"error": name, "message": message}, **headers)


def limited(now: datetime, most: int, window: timedelta) -> Response:
    """No Retry-After: @atproto/xrpc-server sends these four."""
    seconds = int(window.total_seconds())
    return error(
        429,
        "RateLimitExceeded",
        "Rate Limit Exceeded",
        ratelimit_limit=str(most),
        ratelimit_remaining="0",
        ratelimit_reset=str(int(now.timestamp()) + seconds),
        ratelimit_policy=f"{most};w={seconds}",
    )


def refuse(fault: str, now: datetime) -> Response:
    """The PDS's own words for a fault."""
    match fault:
        case "duplicate":
            return error(400, "InvalidSwap", "Record was at bafyreisandbox")
        case "rate":
            return limited(now, 3000, timedelta(minutes=5))
        case "unauthorized":
            return error(401, "AuthenticationRequired", "Invalid identifier or password")
        case "forbidden":
            return error(401, "AccountTakedown", "Account has been taken down")
        case "suspended":
            return error(400, "RepoTakendown", "Repo has been takendown: did:plc:acme")
        case "vanished":
            return error(400, "RepoNotFound", "Could not find repo: acme.test")
        case "money":  # Bluesky does not ask for money: the nearest is an account that was closed
            return error(401, "AccountDeactivated", "Account is deactivated")
        case "content":
            return error(400, "InvalidRequest", "Invalid app.bsky.feed.post record: invalid")
        case "json_list":
            return as_json(400, [{"error": "InvalidRequest"}])
    return error(500, "InternalServerError", "Internal Server Error")
