"""A Mastodon account as anybody may read it: no token (docs.joinmastodon.org, methods/accounts: lookup, statuses)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from veilleuse.adapters.networks.call import READ_DEADLINE, ask, doubt, identifier, no_answer, quote
from veilleuse.adapters.networks.fetch import fetch
from veilleuse.adapters.networks.mastodon_text import PUBLIC, entry, kind, readable
from veilleuse.domain.activity import Entry, Kind
from veilleuse.domain.address import Place
from veilleuse.domain.errors import Unreachable
from veilleuse.language import sentence

_PAGE = 40  # the most it gives
_PAGES = 8
_MOST = 200


class NotMastodon(Exception):
    """No server that speaks Mastodon's API stands there."""


def read(place: Place, since: datetime) -> tuple[list[Entry], bool]:
    """Its posts, newest first, back to that aware moment and one page further; and whether they reach it.

    Raises NotMastodon, Unreachable.
    """
    try:
        return _read(place, since)
    except (KeyError, TypeError, ValueError):
        raise NotMastodon from None


def _read(place: Place, since: datetime) -> tuple[list[Entry], bool]:
    number = identifier(_ask(place, "lookup", {"acct": place.handle})["id"])
    found: list[Entry] = []
    before: dict[str, str] = {}
    for _ in range(_PAGES):
        # Reposts and replies are left out by the server; threads of one's own stay.
        asked = {"limit": str(_PAGE), "exclude_reblogs": "true", "exclude_replies": "true", **before}
        page = _ask(place, f"{number}/statuses", asked)
        shown = [status for status in page if status["visibility"] in PUBLIC and kind(status) is Kind.POST]
        found += [entry(status, readable(status)) for status in shown]
        if not page or (found and found[-1].created_at < since):
            return found, True
        if len(found) >= _MOST:
            break
        before = {"max_id": identifier(page[-1]["id"])}
    return found, False


def _ask(place: Place, what: str, query: dict[str, str]) -> Any:
    title = sentence("Mastodon at {place}", place=place.origin)
    url = f"{place.origin}/api/v1/accounts/{what}?{urlencode(query)}"
    answer, _ = ask(
        lambda: fetch(url, {"Accept": "application/json"}, READ_DEADLINE),
        lambda error: no_answer(title, error, publishing=False) or doubt(title, str(error), publishing=False),
    )
    if answer.status == 200 and answer.json is not None:
        return answer.json
    who, why = f"@{place.handle}", answer.problem.get("error")
    if why is None:
        raise NotMastodon
    if answer.status in (404, 410):
        raise Unreachable(sentence("The server at {server} knows no account {who}.", server=place.origin, who=who))
    raise Unreachable(
        sentence("The server at {server} does not show {who}: {why}", server=place.origin, who=who, why=quote(why, ()))
    )
