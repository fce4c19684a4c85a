"""Bluesky's XRPC, as far as an account that posts needs it. Documents: docs/networks.md.

What it answers and refuses is that of the PDS's source (@atproto/pds 0.4.217); what a post must be: `bluesky_record`.
"""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from veilleuse.domain.activity import Kind
from veilleuse.sandbox.bluesky_errors import error, refuse
from veilleuse.sandbox.bluesky_record import POST, PROFILE, REPOST, Wrong, check, notification, profile, render, tid
from veilleuse.sandbox.bluesky_session import Logins, bearer
from veilleuse.sandbox.ledger import Heard, Image, Ledger, Presence, Shown
from veilleuse.sandbox.wire import Call, Request, Response, as_json

_MAX_UPLOAD = 5_000_000  # PDS_BLOB_UPLOAD_LIMIT
_SORTS = {
    ("POST", "com.atproto.server.createSession"): "identify",
    ("GET", "com.atproto.repo.listRecords"): "read",
    ("GET", "com.atproto.repo.getRecord"): "read",
    ("GET", "app.bsky.notification.listNotifications"): "hear",
    ("POST", "com.atproto.repo.uploadBlob"): "prepare",
    ("POST", "com.atproto.repo.putRecord"): "publish",
}


class Bluesky:
    name = "bluesky"
    secrets: tuple[str, ...] = ("app_password",)

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._logins = Logins()
        self._profiles: dict[str, dict[str, Any]] = {}  # as they came, by identity
        self._put: dict[tuple[str, str], dict[str, Any]] = {}  # records as they came, by identity and key

    def number(self, identity: str) -> str:
        """A DID of the PLC directory: always the same for the same handle."""
        return "did:plc:" + base64.b32encode(hashlib.sha256(identity.encode()).digest()).decode().lower()[:24]

    def post_id(self, presence: Presence, number: int) -> str:
        return tid(number)

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """None: not for Bluesky."""
        if not request.path.startswith("/xrpc/"):
            return None
        method = request.path.removeprefix("/xrpc/")
        sort = _SORTS.get((request.method, method))
        if sort is None:
            return error(501, "MethodNotImplemented", "Method Not Implemented")
        presence = self._whose(request, sort, now)
        if isinstance(presence, Response):
            return presence
        return Call(
            presence=presence,
            sort=sort,
            act=lambda: self._act(method, request, presence, now),
            refuse=lambda fault: refuse(fault, now),
        )

    def _whose(self, request: Request, sort: str, now: datetime) -> Presence | Response:
        if sort == "identify":
            known = self._presence(str(request.json.get("identifier", "")).lower())
            return known or error(401, "AuthenticationRequired", "Invalid identifier or password")
        if sort == "read":
            repo = request.fields.get("repo", "")
            return self._presence(repo) or error(400, "InvalidRequest", f"Could not find repo: {repo}")
        return bearer(request, self._presence, now)

    def _presence(self, repo: str) -> Presence | None:
        known = (p for p in self._ledger.presences.values() if p.network == "bluesky")
        return next((p for p in known if repo in (p.identity, p.number)), None)

    def _act(self, method: str, request: Request, presence: Presence, now: datetime) -> Response:
        match method.rpartition(".")[2]:
            case "createSession":
                return self._logins.log_in(request, presence, now)
            case "listRecords":
                return self._records(request, presence)
            case "getRecord":
                return self._record(request, presence)
            case "listNotifications":
                return self._notifications(request, presence)
            case "uploadBlob":
                return self._upload(request)
        return self._put_record(request, presence, now)

    # app.bsky.notification.listNotifications

    def _notifications(self, request: Request, owner: Presence) -> Response:
        """Newest first. A server without Bluesky's own behind it: @atproto/pds, pipethrough.ts."""
        if not owner.may_hear:
            return error(400, "InvalidRequest", "No service configured for app.bsky.notification.listNotifications")
        before, limit = request.fields.get("cursor") or "~", int(request.fields.get("limit", "50"))
        reasons = [value for name, value in request.query if name == "reasons"]
        told = [
            notification(one, owner.number) for one in reversed(self._ledger.heard(owner.identity)) if one.id < before
        ]
        page = [one for one in told if not reasons or one["reason"] in reasons][:limit]
        return as_json(200, {"notifications": page, **({"cursor": page[-1]["uri"].rpartition("/")[2]} if page else {})})

    # com.atproto.repo.*

    def _records(self, request: Request, owner: Presence) -> Response:
        collection, before = request.fields.get("collection"), request.fields.get("cursor") or "~"
        limit = int(request.fields.get("limit", "50"))
        if not 1 <= limit <= 100:
            return error(400, "InvalidRequest", "limit can not be greater than 100")
        wanted = (Kind.REPOST,) if collection == REPOST else (Kind.POST, Kind.REPLY) if collection == POST else ()
        shown = [one for one in self._ledger.timeline(owner.identity) if one.kind in wanted and one.id < before]
        page = sorted(shown, key=lambda one: one.id, reverse=True)[:limit]
        body: dict[str, Any] = {"records": [self._shown(one, owner) for one in page]}
        return as_json(200, body | ({"cursor": page[-1].id} if page else {}))

    def _record(self, request: Request, owner: Presence) -> Response:
        collection, key = request.fields.get("collection"), request.fields.get("rkey")
        if collection == PROFILE:
            value = self._profile(owner)
            return as_json(
                200, {"uri": f"at://{owner.number}/{PROFILE}/self", "cid": _cid(_bytes(value)), "value": value}
            )
        found = next((one for one in self._ledger.timeline(owner.identity) if one.id == key), None)
        if found is None or collection not in (POST, REPOST) or (collection == REPOST) != (found.kind is Kind.REPOST):
            where = f"at://{owner.number}/{collection}/{key}"
            return error(400, "RecordNotFound", f"Could not locate record: {where}")
        return as_json(200, self._shown(found, owner))

    def _profile(self, owner: Presence) -> dict[str, Any]:
        return self._profiles.get(owner.identity) or profile(owner.title, public=owner.public)

    def _put_profile(self, put: dict[str, Any], writer: Presence) -> Response:
        """Only in the place of what the writer has seen; a pin is kept in the ledger too."""
        if not writer.may_manage:
            return error(401, "AuthenticationRequired", "Bad token scope")
        if put.get("swapRecord") != _cid(_bytes(self._profile(writer))):
            return error(400, "InvalidSwap", "Record was at bafyreisandbox")
        record: dict[str, Any] = put["record"]
        self._profiles[writer.identity] = record
        labels = {value["val"] for value in record.get("labels", {}).get("values", ())}
        self._ledger.alter(writer.identity, hidden="!no-unauthenticated" in labels)
        if "pinnedPost" in record:
            self._ledger.amend(writer.identity, record["pinnedPost"]["uri"].rpartition("/")[2], pinned=True)
        return as_json(200, {"uri": f"at://{writer.number}/{PROFILE}/self", "cid": _cid(_bytes(record))})

    def _shown(self, one: Shown, owner: Presence) -> dict[str, Any]:
        value = self._put.get((owner.identity, one.id)) or render(one, self._answered_by(one, owner))
        collection = REPOST if one.kind is Kind.REPOST else POST
        return {"uri": f"at://{owner.number}/{collection}/{one.id}", "cid": _cid(_bytes(value)), "value": value}

    def _answered_by(self, one: Shown, owner: Presence) -> Heard | None:
        return next((heard for heard in self._ledger.heard(owner.identity) if heard.id == one.to), None)

    def _upload(self, request: Request) -> Response:
        if len(request.body) > _MAX_UPLOAD:
            return error(413, "PayloadTooLarge", "request entity too large")
        media_type = request.headers.get("content-type")
        if not media_type:
            return error(400, "InvalidRequest", "Request encoding (Content-Type) required but not provided")
        image = Image(id=_cid(request.body), data=request.body)
        self._ledger.keep_image(image)
        ref = {"$link": image.id}
        return as_json(200, {"blob": {"$type": "blob", "ref": ref, "mimeType": media_type, "size": len(request.body)}})

    def _put_record(self, request: Request, writer: Presence, now: datetime) -> Response:
        put = request.json
        if put.get("repo") not in (writer.number, writer.identity):
            return error(401, "AuthenticationRequired", "Authentication Required")
        if not writer.may_post:
            return refuse("money", now)
        key, record = str(put.get("rkey")), put.get("record")
        if put.get("collection") == PROFILE:
            return self._put_profile(put, writer)
        try:
            post = check(put.get("collection"), key, record, self._ledger.image)
        except Wrong as wrong:
            return error(400, "InvalidRequest", str(wrong))
        uri = f"at://{writer.number}/{POST}/{key}"
        cid = _cid(_bytes(record))
        standing = next((one for one in self._ledger.timeline(writer.identity) if one.id == key), None)
        if standing is not None:
            if self._put.get((writer.identity, key)) == record:  # nothing to do: no commit is made
                return as_json(200, {"uri": uri, "cid": cid, "validationStatus": "valid"})
            return refuse("duplicate", now)  # the sandbox replaces nothing, with or without `swapRecord`
        self._put[writer.identity, key] = record
        image = post.image
        self._ledger.show(
            writer.identity,
            Shown(id=key, text=post.text, created_at=now, by="api", link=post.card, image=image, alt=post.alt),
        )
        commit = {"cid": _cid(uri.encode()), "rev": key}
        return as_json(200, {"uri": uri, "cid": cid, "commit": commit, "validationStatus": "valid"})


def _bytes(record: Any) -> bytes:
    return json.dumps(record, sort_keys=True).encode()


def _cid(content: bytes) -> str:
    return "bafyrei" + base64.b32encode(hashlib.sha256(content).digest()).decode().lower().rstrip("=")
