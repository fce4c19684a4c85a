"""What Facebook tells of a token (/debug_token), and the public page of a post, as somebody not logged in gets it."""

import html
import re
from collections.abc import Iterable
from datetime import datetime

from veilleuse.sandbox.ledger import Ledger, Presence
from veilleuse.sandbox.wire import Request, Response, as_json

_POST = re.compile(r"/(\d+)_\d+")
_RIGHTS = ("pages_show_list", "pages_read_engagement")


def debug_token(request: Request, pages: Iterable[Presence], now: datetime) -> Response | None:
    """None: not asked, or not by the app of one of these Pages. Access Token Debugger reference: fields of `data`."""
    if not request.path.endswith("/debug_token"):
        return None
    asked, by = request.fields.get("input_token"), request.fields.get("access_token")
    page = next((p for p in pages if by == f"{p.secrets.get('app_id')}|{p.secrets.get('app_secret')}"), None)
    if page is None:
        return None
    is_person = asked == page.secrets.get("person_token")
    alive = asked in (page.secrets["page_token"], page.secrets.get("person_token")) and not is_dead(page, now)
    data: dict[str, object] = {
        "app_id": page.secrets["app_id"],
        "type": "USER" if is_person else "PAGE",
        "is_valid": alive,
        "expires_at": int(page.expires_at.timestamp()) if page.expires_at else 0,
        "data_access_expires_at": 0,
        "scopes": [*_RIGHTS, *(["pages_manage_posts"] if page.may_post else [])],
    }
    return as_json(200, {"data": data})


def is_dead(page: Presence, now: datetime) -> bool:
    return page.expires_at is not None and page.expires_at <= now


def public_page(request: Request, ledger: Ledger) -> Response | None:
    """None: no post's address. Of an unpublished app's posts a stranger is told that they are not available (R)."""
    address = _POST.fullmatch(request.path)
    if address is None or request.method != "GET":
        return None
    page = ledger.presences.get(address[1])
    post = next((p for p in ledger.timeline(address[1]) if p.id == request.path[1:]), None) if page else None
    shown = (
        html.escape(post.text)
        if post and page and page.public and not page.hidden
        else "This content isn't available right now"
    )
    body = f"<!DOCTYPE html><html lang=en><title>Facebook</title><body><p>{shown}</p></body></html>"
    return Response(status=200, body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
