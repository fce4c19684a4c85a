"""A status as Mastodon's API shows it: HTML, its links shortened in spans. Source of the forms: mastodon/mastodon,
app/lib/text_formatter.rb; of the fields: docs.joinmastodon.org, entities/Status."""

import binascii
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from html import escape
from typing import Any

from veilleuse.domain.activity import Kind
from veilleuse.sandbox.ledger import Heard, Presence, Shown

_ENTITY = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)|(?<![\w/])#(?P<tag>\w*[^\W\d_]\w*)|(?<![\w/@])@(?P<user>\w+)(?:@(?P<domain>[\w.-]+\w))?"
)
_CLOSING = ".,;:!?…»\"'’”)]}"
_SCHEME = re.compile(r"https?://(?:www\.)?")
_SHOWN = 30  # characters of a link that are not hidden


def username(presence: Presence) -> str:
    return presence.identity.partition("@")[0]


def account(presence: Presence, site: str) -> dict[str, Any]:
    """docs.joinmastodon.org, entities/Account."""
    name = username(presence)
    return {
        "id": presence.number,
        "username": name,
        "acct": name,
        "display_name": presence.title,
        "locked": presence.hidden,
        "discoverable": not presence.hidden,
        "bot": False,
        "url": f"{site}/@{name}",
        "uri": f"{site}/users/{name}",
    }


def render(post: Shown, presence: Presence, site: str, neighbours: Collection[str]) -> dict[str, Any]:
    """`site` is the server's address; `neighbours` are the user names it knows."""
    owner, mentions = account(presence, site), []
    here = presence.identity.partition("@")[2] or site.rpartition("/")[2]
    somebody = owner | {"id": "1", "username": "marie", "acct": "marie@elsewhere.example"}

    def mention(name: str, domain: str | None) -> str | None:
        if domain is None and name not in neighbours:
            return None  # nobody: it stays as written
        remote = domain not in (None, here)
        acct, url = (f"{name}@{domain}", f"https://{domain}/@{name}") if remote else (name, f"{site}/@{name}")
        mentions.append({"id": "2", "username": name, "acct": acct, "url": url})
        return url

    content = to_html(post.text, site, mention)
    shown: dict[str, Any] = {
        "id": post.id,
        "created_at": timestamp(post.created_at),
        "in_reply_to_id": post.to or str(int(post.id) - 1) if post.kind is Kind.REPLY else None,
        "in_reply_to_account_id": somebody["id"] if post.kind is Kind.REPLY else None,
        "sensitive": bool(post.content_warning),
        "spoiler_text": post.content_warning or "",
        "visibility": post.visibility,
        "language": post.language,
        "uri": f"{owner['uri']}/statuses/{post.id}",
        "url": f"{owner['url']}/{post.id}",
        "content": content,
        "reblog": None,
        "account": owner,
        "media_attachments": [{"id": post.image, "type": "image", "description": post.alt}] if post.image else [],
        "mentions": mentions,
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
        "pinned": post.pinned,
    }
    if post.kind is Kind.REPOST:
        original = shown | {"id": str(int(post.id) - 1), "account": somebody, "pinned": False}
        return shown | {"content": "", "mentions": [], "reblog": original, "url": None}
    return shown


def mention(heard: Heard) -> dict[str, Any]:
    """docs.joinmastodon.org, entities/Notification."""
    name, at = heard.author, timestamp(heard.at)
    author = {"id": str(binascii.crc32(name.encode())), "username": name, "acct": f"{name}@elsewhere.example"}
    status = {
        "id": heard.id,
        "created_at": at,
        "in_reply_to_id": heard.to,
        "url": f"https://elsewhere.example/@{name}/{heard.id}",
        "account": author,
        "content": f"<p>{escape(heard.text)}</p>",
    }
    return {"id": heard.id, "type": "mention", "created_at": at, "account": author, "status": status}


def to_html(text: str, site: str, mention: Callable[[str, str | None], str | None]) -> str:
    """`mention` gives the address of whom a name and a domain mean; None: of nobody."""
    parts, position = [], 0
    for found in _ENTITY.finditer(text):
        written = found[0].rstrip(_CLOSING) if found["url"] else found[0]
        parts += [escape(text[position : found.start()]), _linked(found, written, site, mention)]
        position = found.start() + len(written)
    parts.append(escape(text[position:]))
    # Rails' simple_format, then all line breaks deleted.
    paragraphs = re.split(r"\n\n+", "".join(parts).replace("\r\n", "\n").strip("\n"))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)


def _linked(found: re.Match[str], written: str, site: str, mention: Callable[[str, str | None], str | None]) -> str:
    if found["url"]:
        scheme = _SCHEME.match(written)
        hidden = scheme[0] if scheme else ""
        rest = written[len(hidden) :]
        cut = "ellipsis" if len(rest) > _SHOWN else ""
        return (
            f'<a href="{escape(written)}" target="_blank" rel="nofollow noopener noreferrer">'
            f'<span class="invisible">{escape(hidden)}</span><span class="{cut}">{escape(rest[:_SHOWN])}</span>'
            f'<span class="invisible">{escape(rest[_SHOWN:])}</span></a>'
        )
    if found["tag"]:
        tag = escape(found["tag"])
        return f'<a href="{site}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>'
    url, name = mention(found["user"], found["domain"]), escape(found["user"])
    if url is None:
        return escape(written)
    return f'<span class="h-card" translate="no"><a href="{url}" class="u-url mention">@<span>{name}</span></a></span>'


def timestamp(at: datetime) -> str:
    """As the API writes times: UTC with milliseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
