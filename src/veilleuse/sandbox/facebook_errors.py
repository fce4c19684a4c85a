"""How the Graph API answers: its version named with everything, and Facebook's own words for an error."""

import json

from veilleuse.sandbox.wire import Response, as_json

VERSION = "v26.0"  # facebook-business 26.0.3


def served_as(response: Response, version: str | None) -> Response:
    """Every answer names the version that made it (versioning guide)."""
    headers = {**response.headers, "facebook-api-version": version or VERSION}
    return Response(status=response.status, body=response.body, headers=headers)


def error(
    code: int, message: str, *, kind: str = "OAuthException", subcode: int | None = None, status: int = 400
) -> Response:
    """The Graph API's envelope (handling errors guide)."""
    body: dict[str, object] = {"message": message, "type": kind, "code": code, "fbtrace_id": "AsandboxTraceId"}
    if subcode is not None:
        body["error_subcode"] = subcode
    return served_as(as_json(status, {"error": body}), None)


def refuse(fault: str) -> Response:
    """Facebook's own words for a fault, from the documents named."""
    match fault:
        case "duplicate":  # Graph API error codes
            return error(506, "(#506) Duplicate status message", kind="FacebookApiException")
        case "rate":  # rate limits guide: Business Use Case limits
            limited = error(80001, "There have been too many calls to this Page account.")
            usage = {"1234": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}
            headers = {**limited.headers, "X-Business-Use-Case-Usage": json.dumps(usage)}
            return Response(status=400, body=limited.body, headers=headers)
        case "unauthorized":
            return error(190, "Error validating access token: The session has been invalidated.", subcode=460)
        case "forbidden":
            return error(200, "(#200) The permission pages_manage_posts is not granted to this application.")
        case "suspended":  # Graph API error codes: 190, subcode 459
            return error(190, "You cannot access the app till you log in to www.facebook.com.", subcode=459)
        case "vanished":
            detail = "Unsupported get request. Object with ID '1234567890' does not exist, cannot be loaded."
            return error(100, detail, kind="GraphMethodException", subcode=33)
        case "money":  # Facebook does not ask for money: the nearest is a block
            return error(368, "The action attempted has been deemed abusive or is otherwise disallowed")
        case "content":
            return error(100, "(#100) Invalid parameter")
        case "json_list":
            return as_json(400, [{"message": "An unknown error occurred", "code": 1}])
    # arsduo/koala#699: this answer came with a post that was published all the same.
    return error(2, "An unexpected error has occurred. Please retry your request later.", status=500)
