"""Facets: what in a text of Bluesky is a link or a hashtag, by offsets in its UTF-8 bytes (app.bsky.richtext.facet)."""

from collections.abc import Iterator, Mapping
from typing import Any

import regex

from veilleuse.domain.text import links

LINK, TAG = "app.bsky.richtext.facet#link", "app.bsky.richtext.facet#tag"

# A word behind #, not a number alone. Mentions are left as written: an automaton calls nobody by name unasked.
_LETTER = r"[\p{L}\p{M}\p{N}\p{So}\u200d_]"
_TAG = regex.compile(rf"(?<=^|[\s(«\"'’])[#＃](?=[\p{{N}}_]*[\p{{L}}\p{{So}}])({_LETTER}{{1,64}}+)(?!{_LETTER})")
_WHOLE_LINE = regex.compile(r"^https?://[^\s\"<>]+$", regex.IGNORECASE | regex.MULTILINE)
_CUT = ".…"  # how apps end a link they shortened

Facet = dict[str, Any]


def facets(text: str) -> list[Facet]:
    """What makes links and hashtags of this text live; without them Bluesky shows plain letters."""
    found: list[Facet] = []
    end = 0
    for start, stop, feature in sorted([*_links(text), *_tags(text)], key=lambda span: span[:2]):
        if start >= end:  # a # inside a link is no hashtag
            index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:stop].encode())}
            found.append({"index": index, "features": [feature]})
            end = stop
    return found


def last_link(text: str) -> str | None:
    """The address of the last link in the text."""
    return next(
        (facet["features"][0]["uri"] for facet in reversed(facets(text)) if "uri" in facet["features"][0]), None
    )


def _links(text: str) -> Iterator[tuple[int, int, Mapping[str, str]]]:
    lines = [line.span() for line in _WHOLE_LINE.finditer(text)]  # a link of its own: all of it belongs to it
    for start, end in lines:
        yield start, end, {"$type": LINK, "uri": text[start:end]}
    for start, end in links(text):
        if any(begin <= start < stop for begin, stop in lines):
            continue
        if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
            end += 1  # .../wiki/Feu_(homonymie)
        written = text[start:end]
        yield start, end, {"$type": LINK, "uri": written if "://" in written else f"https://{written}"}


def _tags(text: str) -> Iterator[tuple[int, int, Mapping[str, str]]]:
    for tag in _TAG.finditer(text):
        yield tag.start(), tag.end(), {"$type": TAG, "tag": tag[1]}


def expand(text: str, found: Any) -> str:
    """The text with each link that an app shortened put back whole. Other people's facets may be anything at all."""
    letters = text.encode(errors="replace")
    for start, end, uri in sorted(_shortened(letters, found), reverse=True):
        letters = letters[:start] + uri.encode(errors="replace") + letters[end:]
    return letters.decode(errors="replace")


def _shortened(letters: bytes, found: Any) -> Iterator[tuple[int, int, str]]:
    for facet in found if isinstance(found, list) else ():
        try:
            start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
            (uri,) = (feature["uri"] for feature in facet["features"] if feature.get("$type") == LINK)
            shown = letters[start:end].decode().rstrip(_CUT)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            continue
        whole, part = _bare(uri), _bare(shown)
        if 0 <= start < end and part and part != whole and whole.startswith(part):
            yield start, end, uri


def _bare(link: str) -> str:
    return regex.sub(r"^(https?://)?(www\.)?", "", link, flags=regex.IGNORECASE)
