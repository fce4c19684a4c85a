"""What each failure of a Mastodon server means for the caller. Judged by the answer itself: Mastodon.py hides a failed
connection in `__context__`, and keeps no header of a 429. Words: app/controllers/api of mastodon/mastodon."""

import re
from collections.abc import Iterable

from veilleuse.adapters.networks.call import Answer, Broken, NotSent, doubt, no_answer, quote
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, NetworkError, RateLimited, Refusal
from veilleuse.language import sentence

# Of a 403 or 422 that concerns the account or its token, not this post. The adapter asks for English.
_ACCOUNT = re.compile(r"pending approval|confirmed e-mail|authorized scopes|authenticated user", re.I)
_SUSPENDED = re.compile(r"disabled|suspended", re.I)
_PROCESSING = re.compile(r"not finished processing", re.I)
_DUPLICATE = re.compile(r"duplicate record", re.I)


def explain(
    error: Exception,
    answer: Answer | None,
    secrets: Iterable[str],
    *,
    read: bool = False,
    publishing: bool = False,
) -> NetworkError:
    """Exactly one of our errors, written here: Mastodon.py's text is never copied. `answer` is the last whole one."""
    silent = no_answer("Mastodon", _cause(error), publishing=publishing)
    if silent is not None:
        return silent
    if answer is None:
        return doubt("Mastodon", sentence("the call failed inside this program"), publishing=publishing)
    status, problem = answer.status, answer.problem
    words = quote(problem.get("error"), secrets) or sentence("no reason given")
    if status == 413 and not (read or publishing):  # from the web server in front, so without JSON
        return ContentRefused(
            sentence("This Mastodon server takes no image as large as this one (413). It is not live.")
        )
    if answer.is_web_page or (not problem and status not in (401, 429)):
        what = sentence("an answer that cannot be understood (HTTP {status})", status=status)
        return doubt("Mastodon", what, publishing=publishing)
    if status in (401, 403) and _SUSPENDED.search(words):
        return CredentialsRefused(
            sentence(
                "The moderators of the Mastodon server have closed this account: {words} ({status}). Nothing was "
                "published. No new token mends that: ask them why; their address stands on the server's page About.",
                words=words,
                status=status,
            ),
            why=Refusal.SUSPENDED,
        )
    if status == 401 or (status in (403, 422) and _ACCOUNT.search(words)):
        return CredentialsRefused(
            sentence(
                "The Mastodon server refused the token, its rights or the account: {words} ({status}). Nothing was "
                "published. Log in there and see what it asks for; a new token is made in Preferences > Development.",
                words=words,
                status=status,
            )
        )
    if status in (404, 410) and (read or publishing):
        return CredentialsRefused(
            sentence(
                "The Mastodon server knows no such account: {words} ({status}). Nothing was published. See whether "
                "`base_url` is its server and whether the account still stands there.",
                words=words,
                status=status,
            ),
            why=Refusal.VANISHED,
        )
    if status == 429:
        later = sentence("Mastodon asks to come back later (429). Nothing was published.")
        return RateLimited(later, retry_at=answer.moment("x-ratelimit-reset"))
    if status == 422 and _PROCESSING.search(words):
        return RateLimited(sentence("Mastodon is still preparing the image (422). Nothing was published."))
    if status in (400, 403, 413, 422) and not read and not _DUPLICATE.search(words):
        return ContentRefused(
            sentence(
                "Mastodon will not have this post: {words} ({status}). It is not live.", words=words, status=status
            )
        )
    what = sentence("an error that settles nothing (HTTP {status})", status=status)
    return doubt("Mastodon", what, publishing=publishing)


def _cause(error: Exception) -> Exception:
    """What the transport said, under all that the library wrapped around it."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, NotSent | Broken):
            return inner
        inner = inner.__context__
    return error
