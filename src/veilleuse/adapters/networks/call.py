"""One call to a network as the adapters judge it: what came back, whether anything left, and how errors become ours."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib import parse

from veilleuse.domain.errors import NetworkError, OutcomeUnknown, Unreachable
from veilleuse.language import sentence

T = TypeVar("T")

READ_DEADLINE = 20.0  # seconds, from asking to the last byte
SEND_DEADLINE = 30.0

_ID = re.compile(r"\S{1,500}")
_ADDRESS = re.compile(r"https?://\S{1,500}")
_QUOTE_LENGTH = 200  # characters of a network's own words in our messages
_LONG_AGO = 10**8  # seconds: more than any wait, less than any moment that matters
_SECRET_LENGTH = 6  # anything shorter would make holes into innocent words


class NotSent(Exception):
    """Certainly nothing of the request reached the network. The text says why and holds nothing of the request."""


class Broken(Exception):
    """Bytes went out and no whole answer came back. The text says why and holds nothing of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One whole HTTP answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body; None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def problem(self) -> Mapping[str, Any]:
        """The JSON object in the body; empty if the body is anything else, as behind a proxy or a broken edge."""
        body = self.json
        return body if isinstance(body, dict) else {}

    @property
    def is_web_page(self) -> bool:
        """What a proxy, a captive portal or an overloaded edge puts in the place of an answer."""
        return self.body.lstrip().startswith(b"<")

    @property
    def date(self) -> datetime | None:
        """The server's clock, aware UTC."""
        try:
            date = parsedate_to_datetime(self.headers["date"])
        except (KeyError, ValueError):
            return None
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)

    def moment(self, header: str) -> datetime | None:
        """When that header says that a limit ends, aware UTC; None if it says nothing that can be understood.

        It comes as seconds since 1970 (X, Bluesky, GoToSocial), as ISO 8601 (Mastodon), or as seconds from now.
        """
        told = self.headers.get(header, "")
        try:
            seconds = int(told)
        except ValueError:
            return _iso(told)
        try:
            if abs(seconds) >= _LONG_AGO:
                return datetime.fromtimestamp(seconds, UTC)
            return self.date + timedelta(seconds=seconds) if self.date else None
        except (ValueError, OverflowError, OSError):
            return None

    @property
    def retry_at(self) -> datetime | None:
        """When it asks to come back, by its own clock: aware UTC, a day later at most."""
        after = self.headers.get("retry-after", "")
        if self.date is None or not (after.isascii() and after.isdigit()):
            return None
        return self.date + timedelta(seconds=min(int(after), 86_400))


def _iso(told: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(told)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def ask(call: Callable[[], T], explain: Callable[[Exception], NetworkError]) -> T:
    """Do a library's call. Whatever it raises becomes one of ours, chained to nothing: its text may hold a token."""
    try:
        return call()
    except NetworkError:
        raise
    except Exception as error:
        failure = _ours(error) or explain(error)
    raise failure


def _ours(error: BaseException | None) -> NetworkError | None:
    """What our transport said, if the library has wrapped it in an error of its own."""
    while error is not None and not isinstance(error, NetworkError):
        error = error.__cause__ or error.__context__
    return error


def no_answer(network: str, error: Exception, *, publishing: bool) -> NetworkError | None:
    """What a call without a whole answer means; None if there was an answer to judge."""
    if isinstance(error, NotSent):
        return Unreachable(
            sentence("{network} could not be reached: {why}. Nothing was sent.", network=network, why=error.args[0])
        )
    if isinstance(error, Broken):
        return doubt(network, error.args[0], publishing=publishing)
    return None


def doubt(network: str, what: str, *, publishing: bool) -> NetworkError:
    """While publishing, the post is perhaps live and only reading settles it; a read simply failed."""
    if publishing:
        return OutcomeUnknown(
            sentence(
                "{network}: {what}. The post is perhaps live: its timeline is read before anything else.",
                network=network,
                what=what,
            )
        )
    return Unreachable(sentence("{network}: {what}. Nothing was published.", network=network, what=what))


def quote(words: object, secrets: Iterable[str]) -> str:
    """A network's own words for people, without any secret it may repeat and not longer than a line or two."""
    text = " ".join(str(words or "").split())
    for secret in secrets:
        if len(secret) >= _SECRET_LENGTH:
            for form in _forms(secret):
                text = text.replace(form, "***")
    return text if len(text) <= _QUOTE_LENGTH else text[: _QUOTE_LENGTH - 1] + "…"


def _forms(secret: str) -> tuple[str, ...]:
    """As it is, and as addresses, forms and JSON write it: a network may repeat what it was sent."""
    return secret, parse.quote(secret, safe=""), parse.quote(secret), parse.quote_plus(secret), json.dumps(secret)[1:-1]


def identifier(value: object) -> str:
    """An id as a network gives it: a number, or a word. ValueError for anything else: it would be bound for good."""
    told = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _ID.fullmatch(told) or not told.isprintable():
        raise ValueError
    return told


def address(value: object) -> str | None:
    """A web address as a network gives it, fit for a letter; None if it is anything else."""
    return value if isinstance(value, str) and value.isprintable() and _ADDRESS.fullmatch(value) else None


def moment(told: object) -> datetime:
    """An ISO 8601 time of a network, aware UTC; one without a zone is taken for UTC. ValueError for anything else."""
    found = _iso(told) if isinstance(told, str) else None
    if found is None:
        raise ValueError
    return found


def storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of a character that JSON can carry."""
    return text.replace("\x00", "").encode(errors="replace").decode()
