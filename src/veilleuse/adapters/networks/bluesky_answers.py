"""Who waits for an answer on Bluesky: whoever replies to the account, mentions or quotes it and has no reply of ours.

Lexicon app.bsky.notification.listNotifications: the account's server passes it on to Bluesky's own (@atproto/pds,
pipethrough.ts), to an app password too. One that knows no such service refuses it: then nothing is told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from veilleuse.adapters.networks.bluesky_record import POST, url
from veilleuse.adapters.networks.bluesky_tid import tid
from veilleuse.adapters.networks.bluesky_xrpc import Xrpc
from veilleuse.adapters.networks.call import address, moment
from veilleuse.domain.waiting import Wait, Word, waits

_REASONS = ("reply", "mention", "quote")
_PAGE = 100  # of both methods: the most
_PAGES = 5  # of each: more people than one can answer


def unanswered(server: Xrpc, did: str, since: datetime) -> tuple[Wait, ...]:
    words, whole = _words(server, did, since)
    return waits(words, _answered(server, did, since), whole=whole) if words else ()


def _words(server: Xrpc, did: str, since: datetime) -> tuple[list[Word], bool]:
    """Newest first; and whether those are all."""
    found: list[Word] = []
    before: str | None = None
    for _ in range(_PAGES):
        asked = {"reasons": _REASONS, "limit": _PAGE, "cursor": before}
        page, before = server.own("app.bsky.notification.listNotifications", asked, _page)
        new = [(reason, word) for reason, word in page if word.at >= since]
        # Asked for since 2025; a server that does not know `reasons` shows likes and followers too.
        found += [word for reason, word in new if reason in _REASONS and word.author != did]
        if len(new) < len(page) or before is None:
            return found, True
    return found, False


def _page(body: Any) -> tuple[list[tuple[str, Word]], str | None]:
    return [(str(each["reason"]), _word(each)) for each in body["notifications"]], body.get("cursor")


def _word(told: Mapping[str, Any]) -> Word:
    uri, author = str(told["uri"]), told["author"]
    return Word(
        id=uri,
        author=str(author["did"]),
        at=moment(told["indexedAt"]),
        link=address(url(str(author["handle"]), uri.rpartition("/")[2])),
    )


def _answered(server: Xrpc, did: str, since: datetime) -> set[str]:
    """The posts that ours since that moment reply to. Keys grow with time, newest first."""
    found: set[str] = set()
    before, oldest = None, tid(since, 0)
    for _ in range(_PAGES):
        asked = {"repo": did, "collection": POST, "limit": _PAGE, "cursor": before}
        parents, before = server.ask("com.atproto.repo.listRecords", asked, _parents)
        found |= {parent for key, parent in parents if key > oldest and parent is not None}
        if before is None or not parents or parents[-1][0] <= oldest:
            break
    return found


def _parents(body: Any) -> tuple[list[tuple[str, str | None]], str | None]:
    """The key of each post, and what it replies to. What a record holds may be anything at all."""
    return [(str(each["uri"]).rpartition("/")[2], _parent(each["value"])) for each in body["records"]], body.get(
        "cursor"
    )


def _parent(value: Any) -> str | None:
    try:
        return str(value["reply"]["parent"]["uri"])
    except (KeyError, TypeError):
        return None
