"""A post of Bluesky as the record it is (lexicons app.bsky.feed.post and app.bsky.feed.repost), there and back."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from veilleuse.adapters.networks.bluesky_facets import expand, facets, last_link
from veilleuse.adapters.networks.bluesky_tid import moment
from veilleuse.adapters.networks.call import storable
from veilleuse.domain.activity import Entry, Kind
from veilleuse.domain.attempt import Payload

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"


def record(payload: Payload, prepared: Mapping[str, str], language: str) -> dict[str, Any]:
    """What is put under the key; the same `payload` and `prepared` make the same bytes. `language` as "fr"."""
    made: dict[str, Any] = {
        "$type": POST,
        "text": payload.text,
        "createdAt": prepared["created_at"],
        "langs": [language],
    }
    if found := facets(payload.text):
        made["facets"] = found
    if "blob" in prepared:
        image = {"image": json.loads(prepared["blob"]), "alt": payload.alt or ""}
        made["embed"] = {"$type": "app.bsky.embed.images", "images": [image]}
    elif link := last_link(payload.text):
        card = {"uri": link, "title": _title(link), "description": ""}
        made["embed"] = {"$type": "app.bsky.embed.external", "external": card}
    return made


def blob(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """What uploadBlob answers, as a post refers to it. KeyError, TypeError or ValueError if it is none."""
    link, media_type, size = stored["ref"]["$link"], stored["mimeType"], stored["size"]
    if not (isinstance(link, str) and isinstance(media_type, str) and isinstance(size, int)):
        raise ValueError
    return {"$type": "blob", "ref": {"$link": link}, "mimeType": media_type, "size": size}


def _title(link: str) -> str:
    """Host and path: a page's own title would have to be fetched, and may change between approval and publication."""
    parts = urlsplit(link)
    return f"{(parts.hostname or link).removeprefix('www.')}{parts.path.rstrip('/')}"


def entry(found: Mapping[str, Any], handle: str) -> Entry:
    """One element of `records`. KeyError if it is none; what its value holds may be anything at all."""
    did, collection, key = str(found["uri"]).split("/")[-3:]
    value = found["value"] if isinstance(found["value"], dict) else {}
    text = value.get("text")
    kind = Kind.REPOST if collection == REPOST else _kind(value.get("reply"), did)
    return Entry(
        remote_id=key,
        text=storable(expand(text, value.get("facets"))) if isinstance(text, str) else "",
        created_at=_created(key, value.get("createdAt")),
        kind=kind,
        url=url(handle, key) if kind is not Kind.REPOST else None,
    )


def _kind(reply: object, did: str) -> Kind:
    """An answer to oneself continues a thread, as on the account's "Posts" page: a post."""
    if reply is None:
        return Kind.POST
    parent = reply.get("parent") if isinstance(reply, dict) else None
    to = parent.get("uri") if isinstance(parent, dict) else None
    return Kind.POST if isinstance(to, str) and to.startswith(f"at://{did}/") else Kind.REPLY


def url(handle: str, key: str) -> str:
    return f"https://bsky.app/profile/{handle}/post/{key}"


def _created(key: str, said: object) -> datetime:
    """The earlier of what the record says and what its key says: whoever writes it chooses both."""
    try:
        written = datetime.fromisoformat(str(said))
        told = written.replace(tzinfo=UTC) if written.tzinfo is None else written.astimezone(UTC)
    except (ValueError, OverflowError):
        told = datetime.max.replace(tzinfo=UTC)
    return min(told, moment(key) or told)
