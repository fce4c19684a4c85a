"""Mastodon's API, as far as Mastodon.py is asked to speak it. Pages named here are those of docs.joinmastodon.org."""

import binascii
from datetime import datetime, timedelta
from typing import Literal

from veilleuse.domain.activity import Kind
from veilleuse.domain.length import MASTODON_LINK, measure_mastodon
from veilleuse.sandbox.ledger import Ledger, Presence, Shown
from veilleuse.sandbox.mastodon_errors import answer, error, refuse
from veilleuse.sandbox.mastodon_media import MAX_ALT, MAX_IMAGE, Media
from veilleuse.sandbox.mastodon_post import account, mention, render, username
from veilleuse.sandbox.wire import Call, Request, Response

MAX_CHARACTERS = 500
_KEY_LIVES = timedelta(hours=1)  # methods/statuses: idempotency keys are stored for up to 1 hour
_PUBLIC = ("public", "unlisted")
_READING = ("read:accounts", "read:statuses", "write:media", "write:statuses")


class Mastodon:
    """One server with all its accounts."""

    name = "mastodon"
    secrets: tuple[str, ...] = ("access_token",)

    def __init__(self, ledger: Ledger) -> None:
        # What a used Idempotency-Key brings: the same status (documented), a second one (servers that ignore it), or
        # an error (mastodon/mastodon#40399).
        self.repeats: Literal["same", "again", "error"] = "same"
        self._ledger = ledger
        self._keys: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._media = Media(ledger)

    def number(self, identity: str) -> str:
        return str(109_000_000_000_000_000 + binascii.crc32(identity.casefold().encode()))

    def post_id(self, presence: Presence, number: int) -> str:
        return str(number)

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """None: not for Mastodon."""
        if not request.path.startswith(("/api/v1/", "/api/v2/")):
            return None
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        presence = next((p for p in self._known() if token and token == p.secrets["access_token"]), None)
        site = f"http://{request.headers.get('host', '127.0.0.1')}"
        path = request.path.strip("/").split("/")[1:]
        match request.method, path:
            case "GET", ["v2", "instance"]:
                return answer(200, _instance(presence, site), now)
            case "GET", ["v1", "statuses", post_id] if presence is None:
                return self._status(post_id, site, now)
            case "GET", ["v1", "accounts", "lookup"]:
                return self._lookup(request.fields.get("acct", ""), site, now)
            case "GET", ["v1", "accounts", number, "statuses"] if not token:
                return self._timeline(request, number, None, site, now)
        if presence is None:
            return error(401, "The access token is invalid", now)
        sort = _sort(request.method, path)
        if sort is None:
            return error(404, "Record not found", now)
        return Call(
            presence=presence,
            sort=sort,
            act=lambda: self._act(request, path, presence, site, now),
            refuse=lambda fault: refuse(fault, now),
        )

    def _known(self) -> list[Presence]:
        return [presence for presence in self._ledger.presences.values() if presence.network == self.name]

    def _neighbours(self) -> set[str]:
        return {username(presence) for presence in self._known()}

    def _act(self, request: Request, path: list[str], presence: Presence, site: str, now: datetime) -> Response:
        match path:
            case ["v1", "accounts", "verify_credentials"]:  # entities/Account, CredentialAccount
                own = account(presence, site) | {"source": {"privacy": "public", "sensitive": False}}
                return answer(200, own, now)
            case ["v1", "apps", "verify_credentials"]:  # entities/Application
                scopes = [*_READING, *(["read:notifications"] if presence.may_hear else [])]
                return answer(200, {"name": "veilleuse", "website": None, "scopes": scopes}, now)
            case ["v1", "accounts", number, "statuses"]:
                return self._timeline(request, number, presence, site, now)
            case ["v1", "statuses", post_id, "source"]:
                post = next((p for p in self._ledger.timeline(presence.identity) if p.id == post_id), None)
                if post is None:
                    return error(404, "Record not found", now)
                return answer(200, {"id": post.id, "text": post.text, "spoiler_text": ""}, now)
            case ["v1", "notifications"]:
                return self._notifications(request, presence, now)
            case ["v1", "accounts", "update_credentials"]:
                return self._update(request, presence, site, now)
            case ["v1", "statuses", post_id, "pin"]:
                return self._pin(post_id, presence, site, now)
            case ["v1", "statuses", post_id]:
                return self._status(post_id, site, now)
            case ["v2", "media"]:
                return self._media.take(request, now)
            case ["v1", "media", media_id]:
                return self._media.show(media_id, now)
        return self._create(request, presence, site, now)

    def _status(self, post_id: str, site: str, now: datetime) -> Response:
        """methods/statuses, View a single status: a stranger sees what is public."""
        for presence in self._known():
            for post in self._ledger.timeline(presence.identity):
                if post.id == post_id and post.visibility in _PUBLIC:
                    return answer(200, render(post, presence, site, self._neighbours()), now)
        return error(404, "Record not found", now)

    def _lookup(self, name: str, site: str, now: datetime) -> Response:
        """methods/accounts, Lookup account ID from WebFinger address: open to strangers."""
        wanted = name.partition("@")[0].casefold()
        found = next((presence for presence in self._known() if username(presence).casefold() == wanted), None)
        return answer(200, account(found, site), now) if found else error(404, "Record not found", now)

    def _timeline(self, request: Request, number: str, reader: Presence | None, site: str, now: datetime) -> Response:
        """methods/accounts, Get account's statuses: newest first; pinned ones are not put first."""
        owner = next((p for p in self._known() if p.number == number), None)
        if owner is None:
            return error(404, "Record not found", now)
        fields = request.fields
        since, below = int(fields.get("since_id", "0")), int(fields.get("max_id", str(2**64)))
        above, limit = fields.get("min_id"), min(int(fields.get("limit", "20")), 40)
        posts = sorted(self._ledger.timeline(owner.identity), key=lambda p: int(p.id), reverse=True)
        posts = [post for post in posts if max(since, int(above or 0)) < int(post.id) < below]
        posts = [post for post in posts if owner is reader or post.visibility in _PUBLIC]
        left_out = {Kind.REPOST: fields.get("exclude_reblogs"), Kind.REPLY: fields.get("exclude_replies")}
        posts = [post for post in posts if left_out.get(post.kind) not in ("1", "true")]
        if fields.get("pinned") in ("1", "true"):
            posts = [post for post in posts if post.pinned]
        shown = posts[-limit:] if above else posts[:limit]  # api/guidelines, pagination: min_id, the page next to it
        response = answer(200, [render(post, owner, site, self._neighbours()) for post in shown], now)
        if not shown:
            return response
        here = f"{site}{request.path}?limit={limit}"
        links = [f'<{here}&max_id={shown[-1].id}>; rel="next"'] if len(shown) == limit else []
        links.append(f'<{here}&min_id={shown[0].id}>; rel="prev"')
        return Response(status=200, body=response.body, headers={**response.headers, "Link": ", ".join(links)})

    def _notifications(self, request: Request, presence: Presence, now: datetime) -> Response:
        """methods/notifications, Get all notifications: newest first; wants read:notifications."""
        if not presence.may_hear:
            return error(403, "This action is outside the authorized scopes", now)
        types = [value for name, value in request.query if name == "types[]"]
        below, limit = int(request.fields.get("max_id", str(2**64))), min(int(request.fields.get("limit", "40")), 80)
        heard = reversed(self._ledger.heard(presence.identity) if not types or "mention" in types else ())
        return answer(200, [mention(one) for one in heard if int(one.id) < below][:limit], now)

    def _update(self, request: Request, presence: Presence, site: str, now: datetime) -> Response:
        """methods/accounts, Update account credentials; wants write:accounts."""
        if not presence.may_manage:
            return error(403, "This action is outside the authorized scopes", now)
        locked = request.fields.get("locked", str(presence.hidden)).casefold() in ("1", "true")
        return answer(200, account(self._ledger.alter(presence.identity, hidden=locked), site), now)

    def _pin(self, post_id: str, presence: Presence, site: str, now: datetime) -> Response:
        """methods/statuses, Pin status to profile; wants write:accounts."""
        if not presence.may_manage:
            return error(403, "This action is outside the authorized scopes", now)
        self._ledger.amend(presence.identity, post_id, pinned=True)
        return self._status(post_id, site, now)

    def _create(self, request: Request, presence: Presence, site: str, now: datetime) -> Response:
        key = (presence.identity, request.headers.get("idempotency-key", ""))
        at, known = self._keys.get(key, (now - _KEY_LIVES, ""))
        if key[1] and now - at < _KEY_LIVES and self.repeats != "again":
            if self.repeats == "error":
                return error(500, "Internal Server Error", now)
            post = next(p for p in self._ledger.timeline(presence.identity, deleted=True) if p.id == known)
            return answer(200, render(post, presence, site, self._neighbours()), now)
        fields = dict(request.query) | dict(request.fields)
        text, media_id = fields.get("status", "").strip(), fields.get("media_ids[]")
        warning = fields.get("spoiler_text", "").strip()
        image = self._ledger.image(media_id) if media_id else None
        if media_id and image is None:
            return error(422, "Validation failed: Media could not be found", now)
        if media_id and not self._media.ready(media_id):
            return error(422, "Cannot attach files that have not finished processing. Try again in a moment!", now)
        if not text and image is None:
            return error(422, "Validation failed: Text can't be blank", now)
        if measure_mastodon(text) + measure_mastodon(warning) > MAX_CHARACTERS:
            return error(422, f"Validation failed: Text character limit of {MAX_CHARACTERS} exceeded", now)
        post = Shown(
            id=str(self._ledger.new_id(now)),
            text=text,
            created_at=now,
            by="api",
            image=image.id if image else None,
            alt=image.alt if image else None,
            content_warning=warning or None,
            visibility=fields.get("visibility", "private"),  # a locked account's default
            language=fields.get("language"),
        )
        self._ledger.show(presence.identity, post)
        self._keys[key] = (now, post.id)
        return answer(200, render(post, presence, site, self._neighbours()), now)


def _sort(method: str, path: list[str]) -> str | None:
    match method, path:
        case "GET", ["v1", "accounts" | "apps", "verify_credentials"]:
            return "identify"
        case ("GET", ["v1", "accounts", _, "statuses"]) | (
            "GET",
            ["v1", "statuses", _] | ["v1", "statuses", _, "source"],
        ):
            return "read"
        case "GET", ["v1", "notifications"]:
            return "hear"
        case ("PATCH", ["v1", "accounts", "update_credentials"]) | ("POST", ["v1", "statuses", _, "pin"]):
            return "manage"
        case ("POST", ["v2", "media"]) | ("GET", ["v1", "media", _]):
            return "prepare"
        case "POST", ["v1", "statuses"]:
            return "publish"
    return None


def _instance(presence: Presence | None, site: str) -> dict[str, object]:
    """entities/Instance. The domain is that of the handle, where the rehearsed account has one."""
    host = site.rpartition("/")[2]
    return {
        "domain": (presence.identity.partition("@")[2] if presence else "") or host,
        "title": "veilleuse sandbox",
        "version": "4.4.0",
        "configuration": {
            "statuses": {"max_characters": MAX_CHARACTERS, "characters_reserved_per_url": MASTODON_LINK},
            "media_attachments": {"image_size_limit": MAX_IMAGE, "description_limit": MAX_ALT},
        },
        "rules": [{"id": "1", "text": "Be kind."}],
    }
