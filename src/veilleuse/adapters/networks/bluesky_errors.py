"""What each failure of Bluesky means for the caller. Judged by status and the error's name, as XRPC gives them; the
names are those of the PDS's source and of the lexicons: docs/networks.md."""

from collections.abc import Iterable

from veilleuse.adapters.networks.call import Answer, doubt, no_answer, quote
from veilleuse.domain.errors import (
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Refusal,
)
from veilleuse.language import Sentence, sentence

_EXISTS = "InvalidSwap"  # something stands under that key: our own call, which we thought lost
_SESSION = frozenset({"ExpiredToken", "InvalidToken"})  # of our own making: the next look logs in anew
_CODE_BY_MAIL = "AuthFactorTokenRequired"
_SUSPENDED = frozenset({"AccountTakedown", "AccountSuspended", "RepoTakendown", "RepoSuspended"})
_GONE = frozenset({"AccountDeactivated", "AccountNotFound", "RepoDeactivated", "RepoNotFound"})
_NOT_HERE = "Could not find repo"  # an InvalidRequest that the PDS gives no name of its own


def explain(
    error: Exception,
    answer: Answer | None,
    secrets: Iterable[str],
    *,
    handle: str,
    read: bool = False,
    publishing: bool = False,
) -> NetworkError:
    """Exactly one of our errors, written here. `answer` is the last whole one."""
    silent = no_answer("Bluesky", error, publishing=publishing)
    if silent is not None:
        return silent
    if answer is None:
        return doubt("Bluesky", sentence("the call failed inside this program"), publishing=publishing)
    name, status = answer.problem.get("error"), answer.status
    if not isinstance(name, str) or status < 400 or status >= 500:
        what = sentence("an answer that cannot be understood (HTTP {status})", status=status)
        return doubt("Bluesky", what, publishing=publishing)
    name = quote(name, secrets)
    words = quote(answer.problem.get("message"), secrets) or name
    if status == 429:
        return RateLimited(
            sentence("Bluesky asks to come back later (429). Nothing was published."),
            retry_at=answer.moment("ratelimit-reset") or answer.moment("retry-after"),
        )
    if name == _EXISTS and publishing:
        return OutcomeUnknown(
            sentence("Bluesky says that this post already stands there. It is looked for by its key.")
        )
    if name == _EXISTS:
        return doubt("Bluesky", sentence("the profile was changed by somebody else meanwhile"), publishing=False)
    if name in _SESSION:
        return doubt("Bluesky", sentence("the session had ended ({name})", name=name), publishing=False)
    if name == _CODE_BY_MAIL or name in _SUSPENDED | _GONE or status in (401, 403) or _NOT_HERE in words:
        return CredentialsRefused(_refusal(handle, name, words), why=_why(name, words))
    if not read and status in (400, 413):
        return ContentRefused(
            sentence(
                "Bluesky will not have this post: {words} ({status}). It is not live.",
                words=words,
                status=f"{name}, {status}",
            )
        )
    what = sentence("it refuses the question: {words} ({status})", words=words, status=f"{name}, {status}")
    return doubt("Bluesky", what, publishing=publishing)


def _why(name: str, words: str) -> Refusal:
    if name in _SUSPENDED:
        return Refusal.SUSPENDED
    return Refusal.VANISHED if name in _GONE or _NOT_HERE in words else Refusal.CREDENTIALS


def _refusal(handle: str, name: str, words: str) -> Sentence:
    if name == _CODE_BY_MAIL:
        return sentence(
            "Bluesky asks for a code by mail: this is the account's own password. Nothing was published. Make an app "
            "password (Settings, Privacy and security, App passwords) and put it where `veilleuse check` looks."
        )
    if name in _SUSPENDED:
        return sentence(
            "Bluesky has suspended {handle}: {words} ({name}). Nothing was published. No new password mends that: log "
            "in to it by hand, and contest it there.",
            handle=handle,
            words=words,
            name=name,
        )
    if name in _GONE or _NOT_HERE in words:
        return sentence(
            "On Bluesky {handle} stands there no more: deactivated, deleted, or kept by another server: {words} "
            "({name}). Nothing was published. Log in to it by hand; if it has moved, `base_url` must name its new "
            "server.",
            handle=handle,
            words=words,
            name=name,
        )
    return sentence(
        "Bluesky refused the app password of {handle}: {words} ({name}). Nothing was published. Compare `handle` with "
        "the account (it may have been renamed or taken down), make a new app password (Settings, Privacy and "
        "security, App passwords) and put it where `veilleuse check` looks.",
        handle=handle,
        words=words,
        name=name,
    )
