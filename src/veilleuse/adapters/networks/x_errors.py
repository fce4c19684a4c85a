"""What each failure of X means for the caller. Judged by the answer itself, not by tweepy's reading of it:
an error body that is a JSON list makes tweepy fail with an AttributeError."""

import json
import re
from collections.abc import Iterable
from typing import Any

from veilleuse.adapters.networks.call import Answer, doubt, no_answer, quote
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Refusal,
)
from veilleuse.language import sentence

# Words and codes of a 403 that concerns the account or the app, not this post. 64: suspended, 326: locked.
_SUSPENDED = "suspended"
_ACCOUNT = re.compile(r"\blocked\b|client-forbidden|client-not-enrolled|oauth1-permissions|not permitted to")
_HELD_CODES = frozenset({64, 326})


def explain(
    error: Exception,
    answer: Answer | None,
    secrets: Iterable[str],
    *,
    read: bool = False,
    publishing: bool = False,
) -> NetworkError:
    """Exactly one of our errors, written here: tweepy's text is never copied. `answer` is the last whole one."""
    silent = no_answer("X", error, publishing=publishing)
    if silent is not None:
        return silent
    if answer is None:
        return doubt("X", sentence("the call failed inside this program"), publishing=publishing)
    status, problem = answer.status, answer.problem
    if answer.is_web_page:
        return doubt(
            "X",
            sentence("a web page came back instead of an answer (HTTP {status})", status=status),
            publishing=publishing,
        )
    if status == 401:
        return CredentialsRefused(
            sentence(
                "X refused the keys or tokens of this account (401). Nothing was published. Make new ones in the "
                "developer portal and put them where `veilleuse check` looks."
            )
        )
    if status == 402 or (status == 429 and "usage-capped" in str(problem.get("type"))):
        return BudgetExhausted(
            sentence(
                "X wants money before it serves any account of this app again ({status}). Nothing was published. "
                "Buy credits in the developer portal.",
                status=status,
            )
        )
    if status == 429:
        return RateLimited(
            sentence("X asks to come back later (429). Nothing was published."),
            retry_at=answer.moment("x-rate-limit-reset"),
        )
    if status == 403 and problem:
        return _forbidden(answer, secrets, read=read, publishing=publishing)
    if status == 400 and problem and not read:
        return _unwanted(answer, secrets)
    return doubt(
        "X", sentence("an answer that cannot be understood (HTTP {status})", status=status), publishing=publishing
    )


def _forbidden(answer: Answer, secrets: Iterable[str], *, read: bool, publishing: bool) -> NetworkError:
    said = json.dumps(answer.problem).lower()
    codes = {error["code"] for error in _errors(answer) if isinstance(error.get("code"), int)}
    if publishing and ("duplicate" in said or 187 in codes):
        # Perhaps our own call that we thought lost, perhaps a human's post: look again before judging.
        return OutcomeUnknown(
            sentence("X says that this text was already posted (403). Its timeline is read before anything else.")
        )
    if _SUSPENDED in said or codes & _HELD_CODES:
        return held(_words(answer, secrets))
    if read or _ACCOUNT.search(said):
        return CredentialsRefused(
            sentence(
                "X does not let this account do that: {words} (403). Nothing was published. "
                "Log in to the account and to the developer portal, and look what X asks for.",
                words=_words(answer, secrets),
            )
        )
    return _unwanted(answer, secrets)


def held(words: str) -> CredentialsRefused:
    """X has suspended or locked the account."""
    return CredentialsRefused(
        sentence(
            "X has suspended or locked this account: {words}. Nothing was published. No new token mends that: log in "
            "to it on X, and do or contest there what X asks for.",
            words=words.rstrip("."),
        ),
        why=Refusal.SUSPENDED,
    )


def missing(answer: Answer | None, handle: str) -> CredentialsRefused:
    """Of an answer that names errors in the place of the account: X tells a suspended one from one that is gone."""
    if answer is not None and _SUSPENDED in json.dumps(answer.problem).lower():
        return held(_words(answer, ()))
    return CredentialsRefused(
        sentence(
            "X knows no account @{handle} any more: it was deleted, deactivated or renamed. Nothing was published. See "
            "on X whether it stands there; after 30 days X deletes for good what was deactivated.",
            handle=handle,
        ),
        why=Refusal.VANISHED,
    )


def _unwanted(answer: Answer, secrets: Iterable[str]) -> ContentRefused:
    words, status = _words(answer, secrets), answer.status
    return ContentRefused(
        sentence("X will not have this post: {words} ({status}). It is not live.", words=words, status=status)
    )


def _words(answer: Answer, secrets: Iterable[str]) -> str:
    words = [error.get("message") or error.get("detail") for error in _errors(answer)] or [answer.problem.get("detail")]
    return quote("; ".join(str(word) for word in words if word), secrets) or sentence("no reason given")


def _errors(answer: Answer) -> list[dict[str, Any]]:
    errors = answer.problem.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
