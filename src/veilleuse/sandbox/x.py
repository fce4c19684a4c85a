"""X API v2, as far as tweepy is asked to speak it. Documents: docs/networks.md."""

import base64
import binascii
import re
from datetime import datetime, timedelta

from veilleuse.domain.text import normalise, weigh_x
from veilleuse.sandbox.ledger import Image, Ledger, Presence, Shown
from veilleuse.sandbox.oauth1 import signed_by
from veilleuse.sandbox.wire import Call, Request, Response
from veilleuse.sandbox.x_errors import PROBLEMS, answer, problem, refuse
from veilleuse.sandbox.x_post import render

# X documents no window for duplicates; third parties say up to 12 hours.
_DUPLICATE_WITHIN = timedelta(hours=12)
_MAX_IMAGE = 5_000_000  # OpenAPI 2.167, media upload
_MAX_ALT = 1000  # OpenAPI 2.167, MetadataCreateRequest

_ROUTES = (
    ("GET", re.compile(r"/2/users/(me|by/username/\w+)"), "identify"),
    ("GET", re.compile(r"/2/users/\d+/tweets"), "read"),
    ("POST", re.compile(r"/2/media/(upload|metadata)"), "prepare"),
    ("POST", re.compile(r"/2/tweets"), "publish"),
)


class X:
    name = "x"
    secrets: tuple[str, ...] = ("api_key", "api_secret", "access_token", "access_secret")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def number(self, identity: str) -> str:
        """A user id for a made-up account: always the same for the same handle."""
        return str(1_000_000_000 + binascii.crc32(identity.casefold().encode()))

    def post_id(self, presence: Presence, number: int) -> str:
        return str(number)

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """None: not for X."""
        if not request.path.startswith("/2/"):
            return None
        known = (p for p in self._ledger.presences.values() if p.network == "x")
        presence = next((p for p in known if signed_by(request, p.secrets)), None)
        if presence is None:
            return problem(401, "Unauthorized", "Unauthorized", now)
        sorts = (sort for method, path, sort in _ROUTES if method == request.method and path.fullmatch(request.path))
        sort = next(sorts, None)
        if sort is None:
            return Response(status=404)  # xdevplatform/docs#395: an unknown path is an empty 404
        return Call(
            presence=presence,
            sort=sort,
            act=lambda: self._act(request, presence, now),
            refuse=lambda fault: refuse(fault, now),
        )

    def _act(self, request: Request, presence: Presence, now: datetime) -> Response:
        match request.path.split("/")[2:]:
            case ["users", "me"]:
                return self._user(presence, now)
            case ["users", "by", "username", handle]:
                return self._user(self._ledger.presences.get(handle), now)
            case ["users", number, "tweets"]:
                return self._timeline(request, number, now)
            case ["media", "upload"]:
                return self._upload(request, now)
            case ["media", "metadata"]:
                return self._describe(request, now)
        return self._create(request, presence, now)

    def _user(self, presence: Presence | None, now: datetime) -> Response:
        if presence is None:  # docs, partial errors: a missing resource is a 200 with errors
            missing = {
                "title": "Not Found Error",
                "detail": "Could not find user.",
                "type": PROBLEMS + "resource-not-found",
            }
            return answer(200, {"errors": [missing]}, now)
        user = {"id": presence.number, "name": presence.title, "username": presence.identity}
        told = answer(200, {"data": user}, now)
        level = "read-write" if presence.may_post else "read"  # seen in answers to OAuth 1.0a tokens; M
        return Response(status=200, body=told.body, headers={**told.headers, "x-access-level": level})

    def _timeline(self, request: Request, number: str, now: datetime) -> Response:
        presence = next((p for p in self._ledger.presences.values() if p.number == number), None)
        if presence is None:
            return self._user(None, now)
        size = int(request.fields.get("max_results", "10"))
        if not 5 <= size <= 100:  # OpenAPI 2.167: usersIdTweets
            return problem(400, "Invalid Request", "The `max_results` query parameter value is not in [5, 100].", now)
        since, until = int(request.fields.get("since_id", "0")), int(request.fields.get("pagination_token") or 2**63)
        posts = sorted((p for p in self._ledger.timeline(presence.identity)), key=lambda p: int(p.id), reverse=True)
        posts = [post for post in posts if since < int(post.id) < until]
        page, more = posts[:size], len(posts) > size
        asked = set((request.fields.get("tweet.fields") or request.fields.get("post.fields") or "").split(","))
        meta: dict[str, object] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
        if more:
            meta["next_token"] = page[-1].id  # opaque in the documents; here the last id shown
        data = {"data": [render(post, presence, asked) for post in page]} if page else {}
        return answer(200, data | {"meta": meta}, now)

    def _upload(self, request: Request, now: datetime) -> Response:
        # OpenAPI 2.167, MediaUploadRequestOneShot: base64 in JSON, with a category.
        try:
            data = base64.b64decode(request.json["media"], validate=True)
        except (KeyError, binascii.Error, TypeError):
            return problem(400, "Invalid Request", "The `media` field is required.", now)
        if not data or len(data) > _MAX_IMAGE or "media_category" not in request.json:
            return problem(400, "Invalid Request", "The media could not be used.", now)
        image = Image(id=str(self._ledger.new_id(now)), data=data)
        self._ledger.keep_image(image)
        media = {"id": image.id, "media_key": f"3_{image.id}", "size": len(data), "expires_after_secs": 86400}
        return answer(200, {"data": media}, now)

    def _describe(self, request: Request, now: datetime) -> Response:
        image = self._ledger.image(str(request.json.get("id")))
        alt = request.json.get("metadata", {}).get("alt_text", {}).get("text", "")
        if image is None or not 0 < len(alt) <= _MAX_ALT:
            return problem(400, "Invalid Request", "The metadata could not be used.", now)
        self._ledger.keep_image(Image(id=image.id, data=image.data, alt=alt))
        return answer(200, {"data": {"id": image.id, "associated_metadata": {"alt_text": {"text": alt}}}}, now)

    def _create(self, request: Request, presence: Presence, now: datetime) -> Response:
        text = str(request.json.get("text", ""))
        media_ids = request.json.get("media", {}).get("media_ids", [])
        image = self._ledger.image(media_ids[0]) if media_ids else None
        if media_ids and image is None:
            return problem(400, "Invalid Request", "Your media IDs are invalid.", now)
        if weigh_x(text) > 280:  # twitter-text, config/v3.json; the words: tweepy users' reports of 400s
            return problem(400, "Bad Request", "Your Tweet text is too long.", now)
        if not text and image is None:
            return problem(400, "Bad Request", "Your Tweet text is missing.", now)
        recent = (p for p in self._ledger.timeline(presence.identity) if p.created_at > now - _DUPLICATE_WITHIN)
        if any(normalise(post.text) == normalise(text) for post in recent):
            return refuse("duplicate", now)
        post = Shown(
            id=str(self._ledger.new_id(now)),
            text=text,
            created_at=now,
            by="api",
            image=image.id if image else None,
            alt=image.alt if image else None,
        )
        self._ledger.show(presence.identity, post)
        return answer(201, {"data": render(post, presence, set())}, now)
