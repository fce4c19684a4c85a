"""Timelines of X: one's own, and other people's by their @name. Each post that comes back is billed."""

from datetime import datetime

from veilleuse.adapters.networks.call import identifier
from veilleuse.adapters.networks.snowflake import id_order, x_id
from veilleuse.adapters.networks.x_api import Api
from veilleuse.adapters.networks.x_errors import missing
from veilleuse.adapters.networks.x_post import entry
from veilleuse.domain import prices
from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.errors import Unreachable
from veilleuse.language import sentence

_FIRST_READ = 5  # the least that X lets one ask for
_PAGE = 100
_MOST = 200
_FIELDS = ["created_at", "entities", "referenced_tweets", "note_tweet"]


def read(api: Api, number: str, cursor: str | None, *, site: str, handle: str) -> Reading:
    """Of the account of that number; `site` is X's public address."""
    entries: list[Entry] = []
    more: str | None = None
    while True:
        page = api.client.get_users_tweets(
            number,
            since_id=cursor,
            max_results=_FIRST_READ if cursor is None else _PAGE,
            pagination_token=more,
            tweet_fields=_FIELDS,
            user_auth=True,
        )
        if "data" not in page and page.get("errors"):
            raise missing(api.answer, handle)
        for post in page.get("data", ()):
            api.bill.read(prices.X_POST_READ, f"post {post['id']}", api.now)
        entries += [entry(post, site=f"{site}/{handle}") for post in page.get("data", ())]
        more = page.get("meta", {}).get("next_token")
        if cursor is None or more is None or len(entries) >= _MOST:
            break
    return Reading(
        entries=tuple(sorted(entries, key=lambda e: id_order(e.remote_id), reverse=True)),
        complete=cursor is None or more is None,
        cursor=max((e.remote_id for e in entries), key=id_order, default=cursor),
        server_time=api.now,
    )


def survey(api: Api, handle: str, since: datetime, *, site: str) -> Reading:
    """As `ports.Surveying`."""
    user = api.user(lambda: api.client.get_user(username=handle, user_auth=True), handle)
    if user is None:
        raise Unreachable(sentence("This server has no way to look @{handle} up.", handle=handle))
    number, name = identifier(user["id"]), str(user["username"])
    reading = read(api, number, x_id(since), site=site, handle=name)
    return reading if reading.entries else read(api, number, None, site=site, handle=name)
