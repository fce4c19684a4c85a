"""Logs: structlog and the libraries' own, one stream to stderr, secrets taken out of every line."""

import json
import logging
import re
import sys
import threading
from collections.abc import Collection, Iterator, MutableMapping
from datetime import datetime
from types import TracebackType
from typing import Any, Literal
from urllib.parse import quote, quote_plus, unquote

import structlog

MASK = "***"
SHORTEST = 4  # a shorter secret would blank out half of every line

# Below WARNING these tell URLs, payloads and every tick.
CHATTY = ("alembic", "apscheduler", "facebook", "oauthlib", "requests_oauthlib", "tweepy", "urllib3")

_NAMES = (
    r"(?:access|page|refresh|id|bearer|input|user|auth)[_-]?token|token|appsecret_proof|(?:app|client|api|consumer)[_-]?secret"
    r"|access[_-]?secret|(?:api|consumer)[_-]?key|oauth_[a-z_]{1,24}|(?:app[_-]?)?password|passwd|authorization|set-cookie|cookie"
)
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)
_PATTERNS = (
    # Authorization: Bearer ..., and the same in a printed dict; OAuth 1 has commas in it, so to the end of the line.
    (re.compile(r"""(\bauthorization["']?\s*[:=]\s*)[^\r\n]+""", re.IGNORECASE), rf"\1{MASK}"),
    # access_token=..., "access_token": "...", access_token: ...
    (re.compile(rf"""((?:{_NAMES})["']?\s*[:=]\s*["']?)[^\s"'&,;)}}\]]+""", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"""(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}""", re.IGNORECASE), rf"\1{MASK}"),
    # scheme://user:password@host
    (re.compile(r"""(\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@]*:)[^\s/?#]+(?=@)""", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"""(/bot)\d+:[\w-]+"""), rf"\1{MASK}"),
)


class Redactor:
    """Takes known secrets, and what looks like one, out of text."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        known = {
            form for secret in secrets for part in _parts(secret) for form in _forms(part) if len(form) >= SHORTEST
        }
        # Longest first: a secret that contains another is taken out whole.
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for pattern, mask in _PATTERNS:
            text = pattern.sub(mask, text)
        return text


def _parts(secret: str) -> Iterator[str]:
    """The secret; of an address also its password, and the tokens that Slack and others have for host and path."""
    yield secret
    _, scheme, rest = secret.partition("://")
    if not scheme:
        return
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    path = rest.removeprefix(authority)
    login, _, host = authority.rpartition("@")
    password = login.partition(":")[2]
    yield from (password, unquote(password))
    for token in re.split(r"[/?&=:]", path if "." in host else host + path):
        if len(token) >= 8 and any(character.isdigit() for character in token):
            yield from (token, unquote(token))


def _forms(secret: str) -> tuple[str, ...]:
    """As it is, as URLs hold it, as `repr` and JSON print it."""
    return (secret, quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1], json.dumps(secret)[1:-1])


_redactor = Redactor()
_OURS = frozenset({"_record", "_from_structlog"})  # structlog's own, gone before anything is rendered


def redact(text: str) -> str:
    """Any text without the secrets given to `configure`, and without what looks like one."""
    return _redactor(text)


def configure(mode: Literal["json", "eyes"], level: str = "INFO", secrets: Collection[str] = ()) -> None:
    """Everything to stderr from now on: a JSON object a line, or for eyes. Call again as secrets become known."""
    global _redactor
    _redactor = Redactor(secrets)
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if mode == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, timestamp_key="at"
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    # What nobody caught is printed with all it holds, unless it comes this way too; a record that cannot be printed
    # would be dumped raw.
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value, args.exc_traceback)
    logging.raiseExceptions = False


def _without_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value if key in _OURS else _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: object) -> object:
    """Plain data, whatever came in: what is left to the renderer's `repr` would slip through."""
    if value is None:
        return None
    if _SECRET_NAME.fullmatch(key):
        return MASK
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(name): _clean(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item) for item in value]
    return redact(value.isoformat() if isinstance(value, datetime) else str(value))


def _crashed(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt | SystemExit):
        structlog.get_logger().critical("program.crashed", exc_info=(kind, error, trace))
