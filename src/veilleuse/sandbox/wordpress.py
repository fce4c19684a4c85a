"""WordPress's REST API, as far as a blog is asked to speak it. Read in WordPress 6.1.9; documents: docs/networks.md."""

import base64
import binascii
import re
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from veilleuse.sandbox.ledger import Image, Ledger, Presence, Shown
from veilleuse.sandbox.wire import Call, Request, Response, as_json
from veilleuse.sandbox.wordpress_errors import problem, refuse
from veilleuse.sandbox.wordpress_post import NEVER, comment, render, seen

_API = re.compile(r"(?P<site>.*?)/wp-json(?P<route>/.*)?")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")
_MOST = 100  # class-wp-rest-controller.php: the maximum of per_page
_SORTS = {
    ("GET", "users"): "identify",
    ("GET", "posts"): "read",
    ("GET", "comments"): "hear",
    ("POST", "posts"): "prepare",
    ("GET", "media"): "prepare",
    ("POST", "media"): "prepare",
}


class WordPress:
    name = "wordpress"
    secrets: tuple[str, ...] = ("user", "app_password")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._articles: dict[str, dict[str, Any]] = {}  # by post id: drafts, and what was written by the API
        self._media: dict[str, str] = {}  # slug to image id

    def number(self, identity: str) -> str:
        """A blog is named by its address."""
        return identity.partition("://")[2]

    def post_id(self, presence: Presence, number: int) -> str:
        return str(number)

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """None: not for WordPress."""
        blogs = [presence for presence in self._ledger.presences.values() if presence.network == self.name]
        api = _API.fullmatch(request.path)
        if api is None:
            return self._page(request, blogs)
        blog = next((blog for blog in blogs if urlsplit(blog.identity).path.rstrip("/") == api["site"]), None)
        if blog is None:
            return Response(status=404, body=b"<!DOCTYPE html><html></html>", headers={"Content-Type": "text/html"})
        if not _signed(request, blog):
            message = "<strong>Error</strong>: The password you entered for the username is incorrect."
            return problem(401, "incorrect_password", message)
        parts = (api["route"] or "/").strip("/").split("/")
        if parts == [""]:
            return as_json(200, {"name": blog.title, "home": blog.identity, "namespaces": ["wp/v2"]})
        what = parts[2] if parts[:2] == ["wp", "v2"] and len(parts) > 2 else ""
        sort = _SORTS.get((request.method, what))
        if sort is None:
            return problem(404, "rest_no_route", "No route was found matching the URL and request method.")
        if request.json.get("status") == "publish":
            sort = "publish"
        elif request.fields.get("status") == "draft":  # the look-up before a draft is made
            sort = "prepare"
        return Call(
            presence=blog,
            sort=sort,
            act=lambda: self._act(request, blog, what, parts[3] if len(parts) > 3 else None, now),
            refuse=refuse,
        )

    def _act(self, request: Request, blog: Presence, what: str, number: str | None, now: datetime) -> Response:
        match request.method, what, number:
            case "GET", "users", "me":
                may = {"publish_posts": True, "edit_posts": True, "upload_files": True}
                return as_json(200, {"id": 1, "name": blog.title, "capabilities": may})
            case "GET", "posts", None:
                return self._list(request, blog)
            case "GET", "comments", None:
                return self._comments(request, blog)
            case "GET", "media", None:
                image_id = self._media.get(request.fields.get("slug", ""))
                return as_json(200, [{"id": int(image_id)}] if image_id else [])
            case "POST", "media", None:
                return self._upload(request, now)
            case "POST", "posts", None:
                return self._write(request.json, blog, str(self._ledger.new_id(now)), now)
            case _, "posts", str(post_id) if post_id in self._articles or self._shown(blog, post_id):
                if request.method == "POST":
                    return self._write(request.json, blog, post_id, now)
                return as_json(200, self._render(blog, post_id))
        return problem(404, "rest_post_invalid_id", "Invalid post ID.")

    def _list(self, request: Request, blog: Presence) -> Response:
        asked = request.fields
        if asked.get("status") == "draft":
            drafts = [
                number
                for number, article in self._articles.items()
                if article["blog"] == blog.identity and article["status"] == "draft"
            ]
            named = [number for number in drafts if self._articles[number]["slug"] == asked.get("slug")]
            return as_json(200, [self._render(blog, number) for number in named])
        after = datetime.fromisoformat(asked["after"]) if "after" in asked else NEVER
        # class-wp-query.php: by date; sticky ones come first on the front page, never here
        shown = sorted(
            self._ledger.timeline(blog.identity), key=lambda one: (one.created_at, int(one.id)), reverse=True
        )
        shown = [one for one in shown if one.created_at.replace(microsecond=0) > after]
        size, page = min(int(asked.get("per_page", "10")), _MOST), int(asked.get("page", "1"))
        if page > 1 and (page - 1) * size >= len(shown):
            return problem(400, "rest_post_invalid_page_number", "The page number requested is larger than available.")
        part = [self._render(blog, one.id) for one in shown[(page - 1) * size : page * size]]
        return as_json(200, part, X_WP_Total=str(len(shown)), X_WP_TotalPages=str(-(-len(shown) // size)))

    def _comments(self, request: Request, blog: Presence) -> Response:
        """class-wp-rest-comments-controller.php: newest first; `status` wants the right to edit articles."""
        asked = request.fields
        held = asked.get("status", "approve") == "hold"
        if held and not blog.may_hear:
            return problem(403, "rest_forbidden_param", "Query parameter not permitted: status")
        after = datetime.fromisoformat(asked["after"]) if "after" in asked else NEVER
        found = [one for one in reversed(self._ledger.heard(blog.identity)) if one.held == held and one.at > after]
        size = min(int(asked.get("per_page", "10")), _MOST)
        return as_json(200, [comment(one, blog) for one in found[:size]], X_WP_Total=str(len(found)))

    def _upload(self, request: Request, now: datetime) -> Response:
        upload = request.files.get("file")
        if upload is None or not upload.data.startswith(_IMAGES):
            return problem(500, "rest_upload_unknown_error", "Sorry, you are not allowed to upload this file type.")
        image = Image(id=str(self._ledger.new_id(now)), data=upload.data, alt=request.fields.get("alt_text") or None)
        self._ledger.keep_image(image)
        self._media[request.fields.get("slug", image.id)] = image.id
        return as_json(201, {"id": int(image.id)})

    def _write(self, fields: dict[str, Any], blog: Presence, number: str, now: datetime) -> Response:
        if fields.get("status") not in (None, "draft", "publish"):
            return problem(400, "rest_invalid_param", "Invalid parameter(s): status")
        new = number not in self._articles
        article = {"blog": blog.identity, "status": "draft", "slug": "", **self._articles.get(number, {}), **fields}
        self._articles[number] = article
        if article["status"] == "publish" and not self._shown(blog, number):
            media = self._ledger.image(str(article.get("featured_media", "")))
            self._ledger.show(
                blog.identity,
                Shown(
                    id=number,
                    text=seen(article["title"], article["content"]),
                    created_at=now,
                    by="api",
                    image=media.id if media else None,
                    alt=media.alt if media else None,
                ),
            )
        return as_json(201 if new else 200, self._render(blog, number))

    def _shown(self, blog: Presence, number: str) -> Shown | None:
        return next((one for one in self._ledger.timeline(blog.identity) if one.id == number), None)

    def _render(self, blog: Presence, number: str) -> dict[str, Any]:
        return render(number, self._shown(blog, number), self._articles.get(number), blog)

    def _page(self, request: Request, blogs: list[Presence]) -> Response | None:
        """The article as a visitor sees it."""
        site = request.path.rstrip("/")
        blog = next((blog for blog in blogs if urlsplit(blog.identity).path.rstrip("/") == site), None)
        if blog is None or "p" not in request.fields:
            return None
        shown = self._shown(blog, request.fields["p"])
        body = f"<!DOCTYPE html><html><body>{escape(shown.text if shown else 'Not found')}</body></html>"
        return Response(status=200 if shown else 404, body=body.encode(), headers={"Content-Type": "text/html"})


def _signed(request: Request, blog: Presence) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    known = blog.secrets
    # class-wp-application-passwords: blanks in it mean nothing
    return kind == "Basic" and (user, "".join(password.split())) == (
        known["user"],
        "".join(known["app_password"].split()),
    )
