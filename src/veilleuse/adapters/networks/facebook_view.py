"""What Facebook tells of a Page's token when it is examined, and what its public page shows to a stranger."""

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

from veilleuse.adapters.networks.call import Answer
from veilleuse.adapters.networks.fetch import REDIRECTS, get
from veilleuse.domain.activity import Examination, Identity
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.language import sentence

_RIGHTS = ("pages_manage_posts", "pages_read_engagement")
_HOPS = 3  # from a post's short address to where it stands
_TELLING = 40  # characters of a post by which a page is known to show it
# What stands in the place of a post nobody but the Page's administrators may see.
_NOT_SHOWN = ("content isn't available", "content isn’t available", "page isn't available", "page isn’t available")


def judge_token(told: Mapping[str, Any], identity: Identity, headers: Mapping[str, str], version: str) -> Examination:
    """`told` is the `data` of /debug_token (empty: the app's secret is not known); `headers` those of the last answer.

    Raises CredentialsRefused if Facebook calls the token invalid.
    """
    if told.get("is_valid") is False:
        raise CredentialsRefused(
            sentence(
                "Facebook says that the Page's token is no longer valid. Nothing was published. Make a new Page "
                "token with pages_manage_posts and pages_read_engagement and put it where `veilleuse check` "
                "looks."
            )
        )
    scopes = told.get("scopes")
    served_by = headers.get("facebook-api-version", version)
    warnings = []
    if isinstance(scopes, list) and _RIGHTS[1] not in scopes:
        warnings.append(
            sentence(
                "The token lacks {rights}: soon or now, what stands on the Page cannot be read.", rights=_RIGHTS[1]
            )
        )
    if served_by != version:
        warnings.append(
            sentence(
                "Facebook answers in version {served_by} of its API, not in {version}: {version} is near its end "
                "or past it. Install a newer veilleuse.",
                served_by=served_by,
                version=version,
            )
        )
    return Examination(
        identity=identity,
        may_post=_RIGHTS[0] in scopes if isinstance(scopes, list) else None,
        expires_at=min(_moments(told), default=None),
        warnings=tuple(warnings),
    )


def _moments(told: Mapping[str, Any]) -> list[datetime]:
    """When the token dies, and when its right to read data does; 0 is never."""
    named = (told.get("expires_at"), told.get("data_access_expires_at"))
    return [datetime.fromtimestamp(at, UTC) for at in named if isinstance(at, int) and 0 < at < 2**37]


def shown_to_strangers(url: str, text: str, base_url: str | None, seconds: float) -> bool | None:
    """Whether somebody not logged in sees the post of this text at that address. Raises what the transport does."""
    until = monotonic() + seconds
    for _ in range(_HOPS):
        there = urlsplit(url)._replace(scheme="https", netloc="www.facebook.com").geturl()
        answer = get(there, {"Accept-Language": "en"}, until - monotonic(), base_url)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return judge_page(answer, text)
        url = urljoin(there, answer.headers["location"])
        if "/login" in url:
            break
    return None


def judge_page(answer: Answer, text: str) -> bool | None:
    """Whether the page a stranger gets shows a post of this text; None: it may be a login wall."""
    if answer.status in (404, 410):
        return False
    shown = " ".join(html.unescape(answer.body.decode(errors="replace")).split())
    words = " ".join(text.split())[:_TELLING]
    if words and words in shown:
        return True
    return False if any(phrase in shown.lower() for phrase in _NOT_SHOWN) else None
