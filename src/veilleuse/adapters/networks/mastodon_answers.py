"""Who waits for an answer on Mastodon: whoever mentions the account (a reply does) and has no status of ours in reply.

docs.joinmastodon.org: methods/notifications (wants `read:notifications`), methods/accounts (statuses).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from veilleuse.adapters.networks.call import address, identifier, moment
from veilleuse.adapters.networks.mastodon_server import Server
from veilleuse.domain.waiting import Wait, Word, waits

_MENTIONS, _STATUSES = 80, 40  # a page: the most it gives
_PAGES = 5  # of each: more people than one can answer


def unanswered(server: Server, number: str, since: datetime) -> tuple[Wait, ...]:
    client = server.client
    mentions, whole = _back_to(since, server, partial(client.notifications, types=["mention"], limit=_MENTIONS))
    words = [_word(each) for each in mentions if each["type"] == "mention" and str(each["account"]["id"]) != number]
    if not words:
        return ()
    statuses = partial(client.account_statuses, number, exclude_reblogs=True, limit=_STATUSES)
    ours, _ = _back_to(since, server, statuses)
    answered = {str(status["in_reply_to_id"]) for status in ours if status.get("in_reply_to_id") is not None}
    return waits(words, answered, whole=whole)


def _back_to(since: datetime, server: Server, ask: Callable[..., Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """What that question brings, newest first, page by page, that is not older; and whether that is all."""
    found: list[Mapping[str, Any]] = []
    before: str | None = None
    for _ in range(_PAGES):
        page = server.asked(partial(ask, max_id=before))
        new = [each for each in page if moment(each["created_at"]) >= since]
        found += new
        if len(new) < len(page) or not page:
            return found, True
        before = identifier(page[-1]["id"])
    return found, False


def _word(mention: Mapping[str, Any]) -> Word:
    status = mention["status"]
    return Word(
        id=identifier(status["id"]),
        author=identifier(mention["account"]["id"]),
        at=moment(mention["created_at"]),
        link=address(status.get("url")),
    )
