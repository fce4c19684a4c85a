"""The Graph API, as far as facebook-sdk is asked to speak it for a Page. Documents: docs/networks.md."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from veilleuse.sandbox.facebook_errors import VERSION, error, refuse, served_as
from veilleuse.sandbox.facebook_view import debug_token, is_dead, public_page
from veilleuse.sandbox.ledger import Image, Ledger, Presence, Shown
from veilleuse.sandbox.wire import Call, Request, Response, as_json

_MAX_IMAGE = 4_000_000  # the hint in error 324
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_PATH = re.compile(r"(?:/(v\d+\.\d+))?/(me|\d+)(?:/(published_posts|feed|photos))?")
_SORTS = {
    ("GET", None): "identify",
    ("GET", "published_posts"): "read",
    ("POST", "photos"): "prepare",
    ("POST", None): "manage",
    ("POST", "feed"): "publish",
}


class Facebook:
    name = "facebook"
    secrets: tuple[str, ...] = ("page_token", "person_token", "app_id", "app_secret")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def number(self, identity: str) -> str:
        return identity

    def post_id(self, presence: Presence, number: int) -> str:
        return f"{presence.number}_{number}"

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """None: not for Facebook."""
        told = debug_token(request, self._pages(), now) or public_page(request, self._ledger)
        if told is not None:
            return served_as(told, None)
        path = _PATH.fullmatch(request.path)
        if path is None:
            return None
        version, node, edge = path.groups()
        sort = _SORTS.get((request.method, edge))
        if sort is None:
            return error(100, "Unsupported request.", kind="GraphMethodException")
        token = request.fields.get("access_token") or request.headers.get("authorization", "").removeprefix("Bearer ")
        person = next((p for p in self._pages() if token and token == p.secrets.get("person_token")), None)
        presence = next((p for p in self._pages() if token and token == p.secrets["page_token"]), person)
        if presence is None:  # Facebook repeats the token in this one, in clear
            return error(190, f"Malformed access token {token}")
        if is_dead(presence, now):
            return error(190, "Error validating access token: Session has expired.", subcode=463)
        return Call(
            presence=presence,
            sort=sort,
            act=lambda: served_as(
                self._act(request, presence, node, edge, is_person=presence is person, now=now), version
            ),
            refuse=refuse,
        )

    def _pages(self) -> list[Presence]:
        return [presence for presence in self._ledger.presences.values() if presence.network == "facebook"]

    def _act(
        self, request: Request, presence: Presence, node: str, edge: str | None, *, is_person: bool, now: datetime
    ) -> Response:
        if node == "me" and is_person:
            return as_json(200, {"name": f"{presence.title}'s administrator", "id": "100001"})
        page = presence if node == "me" else self._ledger.presences.get(node)
        if page is None or (edge is not None and page is not presence):
            detail = f"Unsupported request. Object with ID '{node}' does not exist or cannot be loaded."
            return error(100, detail, kind="GraphMethodException", subcode=33)
        if edge is None and request.method == "POST":
            return self._manage(request, page, is_person=is_person)
        if edge is None:
            shown = {"is_published": not page.hidden} if "is_published" in request.fields.get("fields", "") else {}
            return as_json(200, {"name": page.title, "id": page.number, **shown})
        if edge == "published_posts":
            return self._timeline(request, page, now)
        if is_person:  # Pages API: posting as the Page needs the Page's own token
            return error(200, "(#200) If posting to a page, requires pages_manage_posts with page token")
        if not presence.may_post:
            return error(200, "(#200) The permission pages_manage_posts is not granted to this application.")
        return self._photo(request, now) if edge == "photos" else self._feed(request, page, now)

    def _manage(self, request: Request, page: Presence, *, is_person: bool) -> Response:
        """Page reference, updating: `is_published`, with pages_manage_metadata."""
        if is_person or not page.may_manage:
            return error(200, "(#200) The permission pages_manage_metadata is not granted to this application.")
        if "is_published" in request.fields:
            self._ledger.alter(page.identity, hidden=request.fields["is_published"] != "true")
        return as_json(200, {"success": True})

    def _timeline(self, request: Request, page: Presence, now: datetime) -> Response:
        limit = min(int(request.fields.get("limit", "25")), 100)
        posts = sorted(self._ledger.timeline(page.identity), key=lambda p: (p.created_at, p.id), reverse=True)
        start = int(request.fields.get("after") or 0)
        shown = posts[start : start + limit]
        fields = request.fields.get("fields", "created_time,message").split(",")
        body: dict[str, Any] = {"data": [_render(post, page, fields) for post in shown]}
        if shown:  # Graph API, paginated results: `next` stands there only while there is more
            body["paging"] = {"cursors": {"before": str(start), "after": str(start + limit)}}
            if start + limit < len(posts):
                body["paging"]["next"] = (
                    f"https://graph.facebook.com/{VERSION}/{page.number}/published_posts?after={start + limit}"
                )
        return as_json(200, body)

    def _photo(self, request: Request, now: datetime) -> Response:
        upload = request.files.get("source")
        if upload is None or len(upload.data) > _MAX_IMAGE or not upload.data.startswith(_IMAGES):
            return error(324, "(#324) Missing or invalid image file")
        if request.fields.get("published") != "false":
            return error(100, "(#100) The sandbox only takes photos for attached_media")
        image = Image(id=str(self._ledger.new_id(now)), data=upload.data, alt=request.fields.get("alt_text_custom"))
        self._ledger.keep_image(image)
        return as_json(200, {"id": image.id})

    def _feed(self, request: Request, page: Presence, now: datetime) -> Response:
        message, link = request.fields.get("message", ""), request.fields.get("link")
        attached = request.fields.get("attached_media[0]")
        image = self._ledger.image(str(json.loads(attached)["media_fbid"])) if attached else None
        if attached and image is None:
            return error(100, "(#100) Invalid parameter", subcode=2069007)
        if not (message or link or image):
            return error(100, "(#100) Requires one of the params: message, link, attached_media")
        if len(message) > 63_206:
            return error(100, "(#100) Message too long")
        post = Shown(
            id=f"{page.number}_{self._ledger.new_id(now)}",
            text=message,
            created_at=now,
            by="api",
            link=link,
            image=image.id if image else None,
            alt=image.alt if image else None,
        )
        self._ledger.show(page.identity, post)
        return as_json(200, {"id": post.id})


def _render(post: Shown, page: Presence, fields: list[str]) -> dict[str, Any]:
    """Page Post reference. The message comes back as sent, links and all; an absent message is left out."""
    whole = {
        "created_time": post.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "message": post.text or None,
        "permalink_url": f"https://www.facebook.com/{post.id}",
        "status_type": "added_photos" if post.image else "shared_story" if post.link else "mobile_status_update",
        "from": {"name": page.title, "id": page.number},
        "is_published": True,
    }
    return {name: whole[name] for name in fields if whole.get(name) is not None} | {"id": post.id}
