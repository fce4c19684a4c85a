"""How WordPress refuses: its own words for an error, from its source, and what hosts put in its place."""

from veilleuse.sandbox.wire import Response, as_json


def problem(status: int, code: str, message: str, **headers: str) -> Response:
    """REST API handbook, WP_Error as JSON."""
    return as_json(status, {"code": code, "message": message, "data": {"status": status}}, **headers)


def refuse(fault: str) -> Response:
    """For a fault."""
    match fault:
        case "rate":  # core has no limit; hosts and firewalls have
            return problem(429, "too_many_requests", "Too many requests.", Retry_After="600")
        case "unauthorized":
            return problem(401, "incorrect_password", "The provided password is an invalid application password.")
        case "forbidden" | "money":  # it never asks for money: the nearest is a role taken away
            return problem(403, "rest_cannot_publish", "Sorry, you are not allowed to publish posts in this post type.")
        case "suspended":  # cPanel's page in the place of a suspended site
            page = b"<!DOCTYPE html><html><head><title>Account Suspended</title></head></html>"
            return Response(status=403, body=page, headers={"Content-Type": "text/html"})
        case "vanished":  # WordPress.com, of a deleted site
            return Response(status=410, body=b"<!DOCTYPE html><html></html>", headers={"Content-Type": "text/html"})
        case "content" | "duplicate":
            return problem(400, "rest_invalid_param", "Invalid parameter(s): content")
        case "json_list":
            return as_json(400, [{"code": "rest_unknown"}])
    return problem(500, "internal_server_error", "There has been a critical error on this website.")
