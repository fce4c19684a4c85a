"""A post of Bluesky as its server judges it, and as it shows it (lexicons app.bsky.feed.post, .repost and .embed.*)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from veilleuse.domain.activity import Kind
from veilleuse.domain.length import BLUESKY_BYTES, BLUESKY_GRAPHEMES, graphemes
from veilleuse.sandbox.ledger import X_EPOCH, Heard, Image, Shown

POST, REPOST, PROFILE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"
_MAX_IMAGE = 1_000_000  # app.bsky.embed.images in @atproto/pds 0.4.217; 2,000,000 on bsky.social since 2026
_KEY = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")  # atproto specification, TID
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_FEATURES = {  # app.bsky.richtext.facet
    "app.bsky.richtext.facet#link": "uri",
    "app.bsky.richtext.facet#tag": "tag",
    "app.bsky.richtext.facet#mention": "did",
}
_URI = re.compile(r"\w+:(//)?[^\s/]\S*")


class Wrong(Exception):
    """What the server says of a record that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    text: str
    card: str | None = None
    image: str | None = None
    alt: str | None = None


def check(collection: object, key: str, record: Any, image: Callable[[str], Image | None]) -> Post:
    """What the ledger keeps of a record. Raises Wrong."""
    if collection != POST:
        raise Wrong("the sandbox keeps no other records than posts")
    if not _KEY.fullmatch(key):
        raise Wrong(f"Invalid record key for {POST}: Invalid TID")
    if not isinstance(record, dict) or record.get("$type") != POST:
        raise Wrong(f"Invalid $type: expected {POST}")
    text = record.get("text")
    if not isinstance(text, str) or graphemes(text) > BLUESKY_GRAPHEMES:
        raise _invalid(f"grapheme too big (maximum {BLUESKY_GRAPHEMES}) at $.text")
    if len(text.encode()) > BLUESKY_BYTES:
        raise _invalid(f"string too big (maximum {BLUESKY_BYTES}) at $.text")
    if not _DATE.fullmatch(str(record.get("createdAt"))):
        raise _invalid("Invalid datetime format at $.createdAt")
    if len(record.get("langs", ())) > 3:
        raise _invalid("array too big (maximum 3) at $.langs")
    for facet in record.get("facets", ()):
        _check_facet(facet, text.encode())
    return _embedded(text, record.get("embed"), image)


def _check_facet(facet: Any, letters: bytes) -> None:
    """Stricter than the server, which shows nonsense instead: the bytes must be whole characters of the text."""
    start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
    if not 0 <= start < end <= len(letters):
        raise _invalid("facet outside of the text at $.facets")
    try:
        letters[start:end].decode()
    except UnicodeDecodeError:
        raise _invalid("facet cuts a character at $.facets") from None
    for feature in facet["features"]:
        value = feature.get(_FEATURES.get(feature.get("$type"), ""))
        if not isinstance(value, str) or (feature["$type"].endswith("#link") and not _URI.fullmatch(value)):
            raise _invalid("Invalid facet at $.facets")


def _embedded(text: str, embed: Any, known: Callable[[str], Image | None]) -> Post:
    match embed:
        case None:
            return Post(text=text)
        case {
            "$type": "app.bsky.embed.external",
            "external": {"uri": str(uri), "title": str(), "description": str()},
        } if _URI.fullmatch(uri):
            return Post(text=text, card=uri)
        case {
            "$type": "app.bsky.embed.images",
            "images": [
                {"alt": str(alt), "image": {"$type": "blob", "ref": {"$link": str(ref)}, "mimeType": str(media)}}
            ],
        }:
            image = known(ref)
            if image is None:
                raise Wrong(f"Could not find blob: {ref}")
            if not media.startswith("image/"):
                raise _invalid(f"Expected image/* (got {media}) at $.embed.images[0].image")
            if len(image.data) > _MAX_IMAGE:
                raise _invalid(f"blob too big (maximum {_MAX_IMAGE}) at $.embed.images[0].image")
            return Post(text=text, image=ref, alt=alt)
    raise _invalid("unexpected embed at $.embed")


def _invalid(why: str) -> Wrong:
    return Wrong(f"Invalid {POST} record: {why}")


def uri_of(heard: Heard) -> str:
    return f"at://{_did(heard.author)}/{POST}/{heard.id}"


def notification(heard: Heard, owner: str) -> dict[str, Any]:
    """Lexicon app.bsky.notification.listNotifications. `owner` is the account's DID."""
    at = heard.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    parent = {"uri": f"at://{owner}/{POST}/{heard.to}", "cid": "bafyreisomethingelse"}
    reply = {"reply": {"root": parent, "parent": parent}} if heard.to else {}
    return {
        "uri": uri_of(heard),
        "cid": "bafyreisomethingelse",
        "author": {"did": _did(heard.author), "handle": f"{heard.author}.test"},
        "reason": "reply" if heard.to else "mention",
        "record": {"$type": POST, "text": heard.text, "createdAt": at, **reply},
        "isRead": False,
        "indexedAt": at,
    }


def _did(author: str) -> str:
    return f"did:plc:{author}"


def render(shown: Shown, answered: Heard | None = None) -> dict[str, Any]:
    """The record of what was made by hand, or before the sandbox was started; `answered` is what it replies to."""
    value: dict[str, Any] = {"createdAt": shown.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    there = uri_of(answered) if answered else f"at://did:plc:somebodyelse/{POST}/3kabcdefghijk"
    other = {"uri": there, "cid": "bafyreisomethingelse"}
    if shown.kind is Kind.REPOST:
        return {"$type": REPOST, "subject": other, **value}
    value = {"$type": POST, "text": shown.text, **value}
    if shown.kind is Kind.REPLY:
        value["reply"] = {"root": other, "parent": other}
    if shown.link:
        card = {"uri": shown.link, "title": "", "description": ""}
        value["embed"] = {"$type": "app.bsky.embed.external", "external": card}
    return value


def profile(title: str, *, public: bool) -> dict[str, Any]:
    """The owner's own label hides the account from whoever is not logged in."""
    hidden = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
    return {"$type": PROFILE, "displayName": title, **({} if public else {"labels": hidden})}


def tid(number: int) -> str:
    """One of the ledger's numbers (milliseconds, and a count) as a key: microseconds, and a clock's number."""
    at = X_EPOCH + timedelta(milliseconds=number >> 22, microseconds=(number & 0x3FFFFF) >> 10)
    since_1970 = (at.timestamp().__floor__() * 1_000_000 + at.microsecond) << 10 | (number & 0x3FF)
    return "".join("234567abcdefghijklmnopqrstuvwxyz"[since_1970 >> shift & 31] for shift in range(60, -1, -5))
