"""A post as a blog holds it, and back: a short message has no title, a blog's article wants one."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from veilleuse.adapters.networks.call import identifier, storable
from veilleuse.adapters.networks.hypertext import paragraphs, plain
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Payload

_TITLE = 80  # characters; a longer one is cut at a word
_CUT = "…"  # at the end of a title: the whole text stands below it
_EXCERPT = 300
_ADDRESS = re.compile(r"https?://\S+")
_SENTENCE = re.compile(r"(.{12,80}?[.!?])\s+(?=\S)")  # "M. Durand" is no sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Title, content and excerpt are HTML. The slug names this text, link, image and alt text for ever."""

    slug: str
    title: str
    content: str
    excerpt: str


def article(payload: Payload) -> Article:
    """The first line or sentence is the title and is not said again below; the link is a paragraph of its own."""
    said, link = _apart(payload.text.strip())
    title, rest = _headline(said)
    below = f"{rest}\n\n{link}" if link else rest
    return Article(
        slug=_slug(title, payload.text, payload.link, payload.image.sha256 if payload.image else None, payload.alt),
        title=_escaped(title),
        content=paragraphs(below),
        excerpt=_escaped(_cut(rest, _EXCERPT)),
    )


def image_slug(payload: Payload) -> str:
    """The name of an image with its alternative text: the same picture is not uploaded twice."""
    assert payload.image is not None
    return _slug(payload.image.name.rpartition(".")[0], payload.image.sha256, payload.alt)


def entry(post: Mapping[str, Any]) -> Entry:
    """An article as activity. `raw` is what was written; `rendered`, without the right to edit, has prettier quotes."""
    title, content = (plain(_written(post.get(part))) for part in ("title", "content"))
    text = content if content and title.endswith(_CUT) else f"{title}\n{content}".strip()
    return Entry(
        remote_id=identifier(post["id"]),
        text=storable(text),
        created_at=datetime.fromisoformat(post["date_gmt"]).replace(tzinfo=UTC),
        url=post.get("link"),
    )


def _written(part: Any) -> str:
    part = part or {}
    return str(part["raw"] if "raw" in part else part.get("rendered", ""))


def _apart(text: str) -> tuple[str, str]:
    """The words, and the link below them."""
    words, _, last = text.rpartition("\n")
    return (words.strip(), last.strip()) if words.strip() and _ADDRESS.fullmatch(last.strip()) else (text, "")


def _headline(said: str) -> tuple[str, str]:
    """The title, and what stands below it."""
    first, _, more = said.partition("\n")
    sentence = _SENTENCE.match(first)
    if more.strip() and len(first) <= _TITLE:
        title, rest = first, more
    elif sentence:
        title, rest = sentence[1], said[sentence.end() :]
    elif len(said) <= _TITLE:
        title, rest = said, ""
    else:
        return _cut(" ".join(said.split()), _TITLE), said
    if rest and title.rstrip().endswith(_CUT):  # it would be taken for a cut one
        return title, said
    return title.strip(), rest.strip()


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return (text[:most].rpartition(" ")[0] or text[: most - 1]).rstrip(" ,;:–-") + _CUT


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slug(words: str, *content: str | None) -> str:
    """Readable in an address, and unlike that of any other content."""
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    readable = "-".join(re.findall("[a-z0-9]+", letters))[:40].strip("-")
    digest = hashlib.sha256("\x00".join(part or "" for part in content).encode(errors="replace")).hexdigest()[:12]
    return f"{readable}-{digest}".lstrip("-")
