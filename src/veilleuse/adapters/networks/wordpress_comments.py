"""Who waits on a blog: comments without an answer of somebody who has an account there, and those not let through yet.

Read in WordPress's class-wp-rest-comments-controller.php: `status` wants the right to edit articles; held comments are
shown of the articles that this user may edit, and `X-WP-Total` counts the others too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from veilleuse.adapters.networks.call import address, identifier, moment
from veilleuse.adapters.networks.wordpress_api import Api, Refused
from veilleuse.domain.waiting import Awaited, Wait, Word, waits

_PAGE = 100  # the most; one page is enough to know that somebody should look
_FIELDS = "id,parent,author,author_name,date_gmt,link"
_NOT_THIS_USERS = "rest_forbidden_param"


def unanswered(api: Api, since: datetime) -> tuple[Wait, ...]:
    said, all_said = _comments(api, "approve", since)
    # Whoever has an account on the blog is of the house.
    answered = {str(comment["parent"]) for comment in said if comment["author"]}
    words = [_word(comment) for comment in said if not comment["author"]]
    return (*waits(words, answered, whole=all_said), *_held(api, since))


def _held(api: Api, since: datetime) -> tuple[Wait, ...]:
    try:
        held, whole = _comments(api, "hold", since)
    except Refused:
        if api.answer.problem.get("code") == _NOT_THIS_USERS:
            return ()
        raise
    page = f"{api.home}/wp-admin/edit-comments.php?comment_status=moderated"
    wait = Wait(awaited=Awaited.MODERATION, count=len(held), link=address(page), whole=whole)
    return (wait,) if held else ()


def _comments(api: Api, status: str, since: datetime) -> tuple[list[Mapping[str, Any]], bool]:
    """Newest first; and whether those are all."""
    asked = {"status": status, "after": since.isoformat(), "per_page": str(_PAGE), "_fields": _FIELDS}
    found = api.rows("/comments", asked)
    return [each for each in found if _at(each) >= since], api.total(len(found)) <= _PAGE


def _word(comment: Mapping[str, Any]) -> Word:
    return Word(
        id=identifier(comment["id"]),
        author=str(comment["author_name"]),
        at=_at(comment),
        link=address(comment.get("link")),
    )


def _at(comment: Mapping[str, Any]) -> datetime:
    return moment(comment["date_gmt"])
