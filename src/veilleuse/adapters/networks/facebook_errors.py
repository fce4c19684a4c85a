"""What each failure of Facebook means for the caller. Judged by the answer itself, not by facebook-sdk's reading of it:
it raises KeyError without a Content-Type, and its texts hold the token. Codes: docs/networks.md."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from veilleuse.adapters.networks.call import Answer, doubt, no_answer, quote
from veilleuse.adapters.networks.rates import regained_after
from veilleuse.domain.errors import (
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Refusal,
)
from veilleuse.language import sentence

_RATE = frozenset({4, 17, 32, 341, 613, 80001})
_BUSY = frozenset({1, 2}) | _RATE  # seen with a post that was published all the same
_DUPLICATE = 506
_BLOCKED = 368  # "already posted", or a block for abuse
_CREDENTIALS = frozenset({10, 102, 190, 283, 1404078}) | frozenset(range(200, 300))
_NO_SUCH_OBJECT = 33  # subcode of 100: the Page does not exist, or this token may not see it
_HELD = frozenset({459, 464})  # subcodes of 190: checkpointed, unconfirmed
_CONTENT = frozenset({100, 324, 1366046, 1346003, 1609005, _BLOCKED})
UNKNOWN_PATH = frozenset({803, 2500})  # beside HTTP 404


def explain(
    error: Exception,
    answer: Answer | None,
    secrets: Iterable[str],
    *,
    read: bool = False,
    publishing: bool = False,
) -> NetworkError:
    """Exactly one of our errors, written here: facebook-sdk's text is never copied. `answer` is the last whole one."""
    silent = no_answer("Facebook", error, publishing=publishing)
    if silent is not None:
        return silent
    if answer is None:
        return doubt("Facebook", sentence("the call failed inside this program"), publishing=publishing)
    code, subcode = error_codes(answer)
    understood = answer.status < 500 and not (publishing and answer.status < 300)  # published, says the status
    if answer.is_web_page or not understood or (code is None and answer.status != 401):
        what = sentence("an answer that cannot be understood (HTTP {status})", status=answer.status)
        return doubt("Facebook", what, publishing=publishing)
    if code == 100 and subcode == _NO_SUCH_OBJECT:
        return CredentialsRefused(
            sentence(
                "Facebook shows no such Page any more: it was deleted or unpublished, or this token has lost its right "
                "to see it (code 100). Nothing was published. Look at the Page in a browser; if it stands there, "
                "make a new Page token."
            ),
            why=Refusal.VANISHED,
        )
    if code == 190 and subcode in _HELD:
        return CredentialsRefused(
            sentence(
                "Facebook has locked the account behind this token until somebody logs in to it and does what it asks "
                "for (code 190, {subcode}). Nothing was published. No new token mends that.",
                subcode=subcode,
            ),
            why=Refusal.SUSPENDED,
        )
    if code is None or code in _CREDENTIALS:
        return CredentialsRefused(
            sentence(
                "Facebook refused the Page's token or its rights (code {code}). Nothing was published. Make a new Page "
                "token with pages_manage_posts and pages_read_engagement and put it where `veilleuse check` looks.",
                code=code or 401,
            )
        )
    if code in _BUSY or _error(answer).get("is_transient") is True:
        return _busy(answer, code, publishing=publishing)
    words = quote(_error(answer).get("message"), secrets) or sentence("no reason given")
    if publishing and (code == _DUPLICATE or (code == _BLOCKED and "already" in words.lower())):
        return OutcomeUnknown(
            sentence(
                "Facebook says that this text was already posted (code {code}). "
                "Its timeline is read before anything else.",
                code=code,
            )
        )
    if not read and {code, subcode} & _CONTENT:
        return ContentRefused(
            sentence("Facebook will not have this post: {words} (code {code}). It is not live.", words=words, code=code)
        )
    return doubt(
        "Facebook", sentence("an error that is not known here (code {code})", code=code), publishing=publishing
    )


def error_codes(answer: Answer) -> tuple[int | None, int | None]:
    """`code` and `error_subcode` of the Graph API's error; None where there is none."""
    code, subcode = _error(answer).get("code"), _error(answer).get("error_subcode")
    return (code if isinstance(code, int) else None, subcode if isinstance(subcode, int) else None)


def _error(answer: Answer) -> dict[str, Any]:
    error = answer.problem.get("error")
    return error if isinstance(error, dict) else {}


def _busy(answer: Answer, code: int, *, publishing: bool) -> NetworkError:
    if publishing or code not in _RATE:
        return doubt("Facebook", sentence("busy or out of quota (code {code})", code=code), publishing=publishing)
    wait = max(regained_after(answer.headers.get("x-business-use-case-usage")), default=None)
    retry_at = answer.date + timedelta(minutes=wait) if answer.date and wait else None
    return RateLimited(
        sentence("Facebook asks to come back later (code {code}). Nothing was published.", code=code), retry_at=retry_at
    )
