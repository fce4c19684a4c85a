"""What a Mastodon server tells of an account when it is examined: what it may, how long a post may be, what is odd."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from veilleuse.adapters.networks.call import quote
from veilleuse.domain.activity import Limits
from veilleuse.language import sentence

_POSTING = frozenset({"write", "write:statuses"})
_UPLOADING = frozenset({"write", "write:media"})
_HEARING = frozenset({"read", "read:notifications"})
_AUTOMATION = re.compile(r"\b(ro)?bots?\b|automat", re.IGNORECASE)


def may_post(app: Mapping[str, Any]) -> bool | None:
    """By the rights of the token's app, told since Mastodon 4.3; None if it is not told."""
    scopes = _scopes(app)
    return None if scopes is None else bool(_POSTING & scopes)


def notes(app: Mapping[str, Any]) -> tuple[str, ...]:
    """What a right more would bring; nothing where the token's rights are not told."""
    scopes = _scopes(app)
    if scopes is None or _HEARING & scopes:
        return ()
    return (sentence("who waits for an answer cannot be told: the token lacks the right `read:notifications`"),)


def limits(server: Mapping[str, Any]) -> Limits | None:
    """From /api/v2/instance; None if it does not say."""
    configuration = server.get("configuration") or {}
    statuses, media = configuration.get("statuses") or {}, configuration.get("media_attachments") or {}
    told = Limits(
        length=_count(statuses.get("max_characters")),
        alt=_count(media.get("description_limit")),
        image_bytes=_count(media.get("image_size_limit")),
    )
    return None if told == Limits() else told


def warnings(owner: Mapping[str, Any], app: Mapping[str, Any], server: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences for people, the gravest first."""
    return tuple(_warnings(owner, app, server))


def _warnings(owner: Mapping[str, Any], app: Mapping[str, Any], server: Mapping[str, Any]) -> Iterator[str]:
    moved, scopes = owner.get("moved"), _scopes(app)
    if moved:
        where = f"@{quote(moved['acct'], ())}"
        yield sentence("The account has moved to {where}: configure that one.", where=where)
    if owner.get("limited"):
        yield sentence(
            "The server's moderators have limited the account: strangers hardly find its posts. Ask them why."
        )
    if scopes is not None and not _POSTING & scopes:
        yield sentence("The token may not post: make one with the right `write:statuses`.")
    elif scopes is not None and not _UPLOADING & scopes:
        yield sentence("The token may not upload images: make one with the right `write:media`, if posts have images.")
    if (owner.get("source") or {}).get("privacy", "public") in ("private", "direct"):
        yield sentence(
            "What people post by hand goes to followers only, unless they choose otherwise, and does not count as "
            "activity here. See Preferences > Other > Posting defaults."
        )
    if owner.get("locked"):
        yield sentence(
            "Who wants to follow the account must wait until somebody lets them in: see its follow requests."
        )
    rule = next((rule for rule in server.get("rules") or () if _AUTOMATION.search(str(rule.get("text")))), None)
    if rule and not owner.get("bot"):
        yield sentence(
            'A rule of this server speaks of automation: "{rule}". Ask its administrators whether posts that people '
            'approved count, and if so tick "This is an automated account" in the profile.',
            rule=quote(rule["text"], ()),
        )


def _scopes(app: Mapping[str, Any]) -> frozenset[str] | None:
    scopes = app.get("scopes")
    return frozenset(map(str, scopes)) if isinstance(scopes, list) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
