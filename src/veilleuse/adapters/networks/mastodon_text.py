"""A Mastodon post as a reader sees it: its HTML back to the text somebody wrote. What is known: docs/networks.md."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from veilleuse.adapters.networks.call import identifier, storable
from veilleuse.domain.activity import Entry, Kind

PUBLIC = frozenset({"public", "unlisted"})  # what a stranger sees; the rest is no sign of life
_BLOCKS = frozenset({"p", "div", "blockquote", "pre", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"})
_ADDED = "quote-inline"  # "RE: ...", which the server puts before a quoting post


def entry(status: Mapping[str, Any], text: str) -> Entry:
    """One status as an entry that reads so. KeyError or ValueError if it is not a status."""
    boosted = status.get("reblog") or {}
    return Entry(
        remote_id=identifier(status["id"]),
        text=storable(text),
        created_at=datetime.fromisoformat(status["created_at"]).astimezone(UTC),
        kind=kind(status),
        url=status.get("url") or boosted.get("url"),
    )


def kind(status: Mapping[str, Any]) -> Kind:
    """A reply to oneself continues one's own thread: a post, as on the account's "Posts" page."""
    if status.get("reblog"):
        return Kind.REPOST
    whom = status.get("in_reply_to_account_id")
    if whom is None and status.get("in_reply_to_id") is None:
        return Kind.POST
    return Kind.POST if whom == status["account"]["id"] else Kind.REPLY


def readable(status: Mapping[str, Any]) -> str:
    """The text of its `content`: links whole, mentions with their server. What is boosted begins with RT, as on X."""
    boosted = status.get("reblog")
    if boosted:
        return f"RT @{boosted['account']['acct']}: {readable(boosted)}"
    return plain(status["content"], status.get("mentions") or ())


def plain(content: str, mentions: Iterable[Mapping[str, Any]] = ()) -> str:
    """The text of a status's HTML. `mentions` are the API's own: a mention shows no server, these tell it."""
    reader = _Reader({str(mention["url"]): str(mention["acct"]) for mention in mentions})
    reader.feed(content)
    reader.close()
    return "".join(reader.parts).strip()


class _Reader(HTMLParser):
    def __init__(self, mentioned: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._mentioned = mentioned
        self._muted = ""  # the tag whose end ends the silence

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        acct = self._mentioned.get(values.get("href", "")) if "mention" in values.get("class", "").split() else None
        if self._muted:
            return
        if tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS and self.parts:
            self.parts.append("\n\n")
        if _ADDED in values.get("class", "").split():
            self._muted = tag
        elif tag == "a" and acct:
            self.parts.append(f"@{acct}")
            self._muted = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._muted:
            self._muted = ""

    def handle_data(self, data: str) -> None:
        if not self._muted:
            self.parts.append(data)
