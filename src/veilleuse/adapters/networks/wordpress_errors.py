"""What each failure of a WordPress site means for the caller. Codes: docs/networks.md.

A site is as good as its host: a firewall, a cache or a maintenance page may answer in its place.
"""

import re
from collections.abc import Iterable

from veilleuse.adapters.networks.call import Answer, doubt, no_answer, quote
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, NetworkError, RateLimited, Refusal, Unreachable
from veilleuse.language import N_, sentence

# The draft went away between being made and being published: a human trashed it, or nothing else can be true.
_GONE = frozenset({"rest_post_invalid_id", "rest_already_trashed"})
_REMEDIES = {
    "rest_not_logged_in": N_(
        "The password did not arrive: application passwords are switched off on this site, or its "
        "server drops the Authorization header. Ask whoever runs the site."
    ),
    "application_passwords_disabled": N_("Application passwords are switched off on this site: ask whoever runs it."),
    "application_passwords_disabled_for_user": N_(
        "Application passwords are switched off for this user: ask whoever runs the site."
    ),
    "rest_no_route": N_("Its REST API is closed, by a plugin perhaps: ask whoever runs the site."),
    "rest_cannot_publish": N_("This user may write drafts but not publish: give it the role Author or Editor."),
}
_SUSPENDED = re.compile(rb"<title>[^<]{0,80}suspended", re.IGNORECASE)  # as hosts' panels write it
_NEW_PASSWORD = N_("Make a new one in the user's profile on the site and put it where `veilleuse check` looks.")
_ROLE = N_("Give this user the role Author or Editor.")


class NoRest(Exception):
    """No REST API at either of its two addresses. The text says what stands there."""


def explain(
    error: Exception,
    answer: Answer | None,
    site: str,
    secrets: Iterable[str],
    *,
    read: bool = False,
    publishing: bool = False,
) -> NetworkError:
    """Exactly one of our errors, written here. `answer` is the last whole one; `site` holds no secret."""
    title = sentence("WordPress at {site}", site=site)
    silent = no_answer(title, error, publishing=publishing)
    if silent is not None:
        return silent
    if isinstance(error, NoRest):
        return CredentialsRefused(sentence("{title}: {error} Nothing was published.", title=title, error=error.args[0]))
    if answer is None:
        return doubt(title, sentence("the call failed inside this program"), publishing=publishing)
    status, code = answer.status, str(answer.problem.get("code") or "")
    if status == 429:
        return RateLimited(
            sentence("{title} asks to come back later (429). Nothing was published.", title=title),
            retry_at=answer.retry_at,
        )
    if code in _GONE and not read:
        return Unreachable(
            sentence("{title}: the draft is gone: somebody removed it. Nothing was published.", title=title)
        )
    if not read and (status == 413 or code.startswith("rest_upload_")):
        return ContentRefused(
            sentence(
                "{title} will not have this image: {words} ({status}). It is not live.",
                title=title,
                words=_words(answer, secrets),
                status=status,
            )
        )
    if answer.is_web_page and _SUSPENDED.search(answer.body):
        return CredentialsRefused(
            sentence(
                "{title}: its host shows that the site is suspended. Nothing was published. Ask the host, or whoever "
                "pays it.",
                title=title,
            ),
            why=Refusal.SUSPENDED,
        )
    if status == 410 and code not in _GONE:  # an article in the bin is not the site
        return CredentialsRefused(
            sentence("{title} is gone for good (410). Nothing was published. Ask whoever runs the site.", title=title),
            why=Refusal.VANISHED,
        )
    if status >= 500 or answer.is_web_page or not code:
        return doubt(
            title, sentence("an answer that cannot be understood (HTTP {status})", status=status), publishing=publishing
        )
    if status in (401, 403) or code == "rest_no_route":
        remedy = _REMEDIES.get(code, _NEW_PASSWORD if status == 401 else _ROLE)
        return CredentialsRefused(
            sentence(
                "{title} refused: {words} ({status} {code}). Nothing was published. {remedy}",
                title=title,
                words=_words(answer, secrets),
                status=status,
                code=code,
                remedy=sentence(remedy),
            )
        )
    if status == 400 and not read:
        return ContentRefused(
            sentence(
                "{title} will not have this post: {words} ({code}). It is not live.",
                title=title,
                words=_words(answer, secrets),
                code=code,
            )
        )
    return doubt(
        title,
        sentence("an error that is not known here ({status} {code})", status=status, code=quote(code, secrets)),
        publishing=publishing,
    )


def _words(answer: Answer, secrets: Iterable[str]) -> str:
    """Some of WordPress's sentences hold HTML; tags are cut."""
    words = str(answer.problem.get("message") or "").replace("<strong>", "").replace("</strong>", "")
    return quote(words, secrets).rstrip(".") or sentence("no reason given")
