"""An article and a comment as WordPress's API shows them, and what a visitor reads of an article."""

import re
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any

from veilleuse.sandbox.ledger import Heard, Presence, Shown

NEVER = datetime.min.replace(tzinfo=UTC)


def render(number: str, shown: Shown | None, article: dict[str, Any] | None, blog: Presence) -> dict[str, Any]:
    """`shown` is what stands on the blog, `article` what came by the API.

    A deleted one, trashed by hand, keeps its number: WordPress empties the bin after thirty days.
    """
    status = "publish" if shown else "trash" if article and article["status"] == "publish" else "draft"
    by_hand = {"title": "", "content": f"<p>{escape(shown.text)}</p>".replace("\n", "<br />")} if shown else {}
    written = article or by_hand
    return {
        "id": int(number),
        "status": status,
        "link": f"{blog.identity}/?p={number}",
        "date_gmt": (shown.created_at if shown else NEVER).strftime("%Y-%m-%dT%H:%M:%S"),
        "slug": written.get("slug", ""),
        **{part: {"raw": written.get(part, ""), "rendered": written.get(part, "")} for part in ("title", "content")},
    }


def seen(title: str, content: str) -> str:
    """What a visitor reads; a title that is only the beginning of the text is no text of its own."""
    heading = unescape(title)
    below = unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br />|</p>\n?", "\n", content))).strip()
    if heading.endswith("…") and below:
        return below
    return f"{heading}\n{below}" if below else heading


def comment(heard: Heard, blog: Presence) -> dict[str, Any]:
    """REST API handbook, Comments. `author` is a user's number, 0 for a visitor."""
    return {
        "id": int(heard.id),
        "parent": int(heard.to or 0) if not heard.author else 0,
        "author": 0 if heard.author else 1,
        "author_name": heard.author or blog.title,
        "date_gmt": heard.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "link": f"{blog.identity}/?p={heard.to or 1}#comment-{heard.id}",
    }
