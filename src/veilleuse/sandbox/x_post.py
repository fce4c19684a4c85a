"""A post as X's API shows it: escaped, its links behind t.co, beyond 280 cut."""

import hashlib
import html
import re
from datetime import UTC
from typing import Any

from veilleuse.domain.activity import Kind
from veilleuse.domain.text import weigh_x
from veilleuse.sandbox.ledger import Presence, Shown

# X links a bare domain too (twitter-text); here those with a few well-known endings.
_URL = re.compile(
    r"(?<![@\w.])(?:https?://[^\s]+|(?:[a-z0-9-]+\.)+(?:com|fr|org|net|eu|io|paris)(?![\w.]*@)(?:/[^\s]*)?)",
    re.IGNORECASE,
)
_CLOSING = ".,;:!?…»\"'’”)]}"
_REFERENCES = {Kind.REPLY: "replied_to", Kind.REPOST: "retweeted"}  # OpenAPI 2.167, referenced_posts


def render(post: Shown, presence: Presence, asked: set[str]) -> dict[str, Any]:
    """`asked` are the `tweet.fields`: without them X sends id, text and the ids of edits only (docs, fields)."""
    text, urls = _linked(post, presence)
    shown: dict[str, Any] = {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}
    if weigh_x(post.text) > 280:  # docs, note_tweet: the whole of a long post stands there
        shown["text"] = text[:275] + "…"
        if "note_tweet" in asked:
            shown["note_tweet"] = {"text": text, "entities": {"urls": urls}}
    if "created_at" in asked:
        shown["created_at"] = post.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if "entities" in asked and urls:
        shown["entities"] = {"urls": urls}
    if "referenced_tweets" in asked and post.kind in _REFERENCES:
        shown["referenced_tweets"] = [{"type": _REFERENCES[post.kind], "id": str(int(post.id) - 1)}]
    return shown


def _linked(post: Shown, presence: Presence) -> tuple[str, list[dict[str, Any]]]:
    """Each link becomes a t.co link (twitter-text, 23 characters); an image adds one at the end, with a media key."""
    urls: list[dict[str, Any]] = []

    def behind_tco(found: re.Match[str]) -> str:
        url = found[0].rstrip(_CLOSING)
        full = url if "//" in url else f"http://{url}"
        urls.append({"url": _short(post.id, url), "expanded_url": full, "display_url": url.split("//")[-1][:26]})
        return str(urls[-1]["url"]) + found[0][len(url) :]

    # The API escapes exactly these three characters.
    text = html.escape(_URL.sub(behind_tco, post.text), quote=False)
    if post.image:
        short = _short(post.id, "image")
        page = f"https://x.com/{presence.identity}/status/{post.id}/photo/1"
        urls.append({"url": short, "expanded_url": page, "display_url": "pic.x.com", "media_key": f"3_{post.image}"})
        text = f"{text} {short}".strip()
    for url in urls:
        url["start"] = text.index(url["url"])
        url["end"] = url["start"] + len(url["url"])
    return text, urls


def _short(post_id: str, url: str) -> str:
    return "https://t.co/" + hashlib.sha256(f"{post_id} {url}".encode()).hexdigest()[:10]
