"""How X answers: the rate limit told with everything, and its own words for an error."""

from datetime import datetime, timedelta

from veilleuse.sandbox.wire import Response, as_json

# xdevplatform/docs, rate-limits: 900 in 15 minutes for a user's timeline.
_WINDOW = timedelta(minutes=15)
_LIMIT = 900
PROBLEMS = "https://api.x.com/2/problems/"  # xdevplatform/docs, response-codes-and-errors


def answer(status: int, body: object, now: datetime, *, remaining: int = _LIMIT - 1) -> Response:
    """xdevplatform/docs, response codes: every response tells the rate limit."""
    reset = int((now + _WINDOW).timestamp())
    return as_json(
        status,
        body,
        x_rate_limit_limit=str(_LIMIT),
        x_rate_limit_remaining=str(remaining),
        x_rate_limit_reset=str(reset),
    )


def problem(status: int, title: str, detail: str, now: datetime, *, kind: str = "about:blank") -> Response:
    body = {"title": title, "detail": detail, "type": kind, "status": status}
    response = answer(status, body, now, remaining=0 if status == 429 else _LIMIT - 1)
    # PLhery/node-twitter-api-v2#265 shows the content type of a 403.
    return Response(
        status=status, body=response.body, headers={**response.headers, "Content-Type": "application/problem+json"}
    )


def refuse(fault: str, now: datetime) -> Response:
    """X's own words for a fault, from the documents named."""
    match fault:
        case "duplicate":  # akrherz/iembot#163
            return problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.", now)
        case "rate":  # xdevplatform/docs, response-codes-and-errors
            return problem(429, "Too Many Requests", "Too Many Requests", now)
        case "unauthorized":
            return problem(401, "Unauthorized", "Unauthorized", now)
        case "forbidden":  # PLhery/node-twitter-api-v2#493
            detail = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
            return problem(403, "Forbidden", detail, now, kind="https://api.twitter.com/2/problems/oauth1-permissions")
        case "suspended":  # docs, partial errors: a suspended user is a 200 with errors; M
            errors = [{"title": "Forbidden", "detail": "User has been suspended: [acme].", "type": PROBLEMS + "user"}]
            return answer(200, {"errors": errors}, now)
        case "vanished":
            kind = PROBLEMS + "resource-not-found"
            errors = [{"title": "Not Found Error", "detail": "Could not find user with id: [42].", "type": kind}]
            return answer(200, {"errors": errors}, now)
        case "money":  # tryethernal/ethernal#1324 shows the status; the title is CreditsDepleted
            detail = "Your enrolled account does not have any credits to fulfill this request."
            return problem(402, "CreditsDepleted", detail, now, kind=PROBLEMS + "credits")
        case "content":
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.", now)
        case "json_list":  # seen by tweepy users: an error body that is a list
            return answer(
                403, [{"code": 220, "message": "Your credentials do not allow access to this resource."}], now
            )
    return problem(503, "Service Unavailable", "Service Unavailable", now)
