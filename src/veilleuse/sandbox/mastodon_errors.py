"""How a Mastodon server answers: the rate limit told with everything, and its own words for an error."""

from datetime import datetime, timedelta

from veilleuse.sandbox.mastodon_post import timestamp
from veilleuse.sandbox.wire import Response, as_json

_WINDOW, _LIMIT = timedelta(minutes=5), 300  # api/rate-limits


def answer(status: int, body: object, now: datetime, *, remaining: int = _LIMIT - 1) -> Response:
    return as_json(
        status,
        body,
        X_RateLimit_Limit=str(_LIMIT),
        X_RateLimit_Remaining=str(remaining),
        X_RateLimit_Reset=timestamp(now + _WINDOW),
    )


def error(status: int, message: str, now: datetime) -> Response:
    """entities/Error."""
    return answer(status, {"error": message}, now, remaining=0 if status == 429 else _LIMIT - 1)


def refuse(fault: str, now: datetime) -> Response:
    """Mastodon's own words for a fault: mastodon/mastodon, app/controllers/api/base_controller.rb."""
    match fault:
        case "duplicate":  # mastodon/mastodon#40399: a used key, and the status exists
            return error(500, "Internal Server Error", now)
        case "rate":  # config/initializers/rack_attack.rb
            return error(429, "Too many requests", now)
        case "unauthorized":
            return error(401, "The access token was revoked", now)
        case "forbidden":
            return error(403, "Your login is currently disabled", now)
        case "suspended":
            return error(403, "Your account has been suspended", now)
        case "vanished":  # app/controllers/concerns: an account whose data was deleted
            return error(410, "Gone", now)
        case "money":  # Mastodon does not ask for money: the nearest is an act the account may not do
            return error(403, "This action is not allowed", now)
        case "content":
            return error(422, "Validation failed: Text can't be blank", now)
        case "json_list":
            return as_json(422, [{"error": "Validation failed"}])
    return error(503, "There was a temporary problem serving your request, please try again", now)
