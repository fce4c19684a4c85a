"""A post of X as a reader sees it: links expanded, characters unescaped, the link to its own image dropped."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from veilleuse.adapters.networks.call import identifier, storable
from veilleuse.domain.activity import Entry, Kind

_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)  # of X's ids, whose upper bits are milliseconds
# In 2026 the API's description says `post` wherever its prose and tweepy still say `tweet`: read both.
_REFERENCES = ("referenced_tweets", "referenced_posts")
_LONG = ("note_tweet", "note_post")
_KINDS = {"retweeted": Kind.REPOST, "reposted": Kind.REPOST, "replied_to": Kind.REPLY}  # a quote is a post


def entry(post: Mapping[str, Any], *, site: str) -> Entry:
    """One element of `data`. `site` is the account's public address. KeyError or ValueError if it is not a post."""
    post_id = identifier(post["id"])
    whole = next((post[name] for name in _LONG if name in post), post)  # beyond 280 the text itself is cut
    return Entry(
        remote_id=post_id,
        text=_readable(whole["text"], (whole.get("entities") or {}).get("urls", ()), post_id),
        created_at=_created(post_id, post.get("created_at")),
        kind=_kind(post),
        url=f"{site}/status/{post_id}",
    )


def _kind(post: Mapping[str, Any]) -> Kind:
    for name in _REFERENCES:
        for reference in post.get(name) or ():
            if reference.get("type") in _KINDS:
                return _KINDS[reference["type"]]
    return Kind.POST


def _created(post_id: str, created_at: str | None) -> datetime:
    if created_at is None:
        return _EPOCH + timedelta(milliseconds=int(post_id) >> 22)
    return datetime.fromisoformat(created_at).astimezone(UTC)


def _readable(text: str, urls: Any, post_id: str) -> str:
    text = html.unescape(text)  # X escapes &, < and >
    for url in urls:
        full = url.get("expanded_url") or url["url"]
        own_media = "media_key" in url or f"/status/{post_id}/" in full
        text = text.replace(url["url"], "" if own_media else full)
    return storable(text.strip())
