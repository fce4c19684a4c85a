"""Single values: from what TOML holds to what the house uses.

Each function takes any TOML value and raises ValueError "what is wrong; the mend". None of them quotes a value that
may be a secret.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from veilleuse.domain.durations import parse_duration
from veilleuse.domain.holidays import check_country
from veilleuse.domain.hours import Week, parse_week
from veilleuse.domain.nearest import nearest
from veilleuse.domain.phrases import any_of
from veilleuse.language import N_, each_language, sentence

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}", re.ASCII)
NAME_REMEDY = N_('Use small letters, digits and "-", beginning with a letter or digit, 41 characters at most.')
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LANGUAGES = ("en", "fr")

Choice = TypeVar("Choice", bound=StrEnum)
Days = tuple[tuple[date, date], ...]


def text(value: object) -> str:
    """One line of text, not empty."""
    if not isinstance(value, str):
        raise ValueError(sentence("must be text, not {kind}; put it in quotes", kind=kind(value)))
    if not value.strip():
        raise ValueError(sentence("is empty; write a value, or leave the key out"))
    if _CONTROL.search(value):
        raise ValueError(sentence("holds a line break or a control character; write it again, on one line"))
    return value.strip()


def texts(value: object) -> tuple[str, ...]:
    """A list of text; a single one may stand without brackets."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise ValueError(sentence("is an empty list; write a value, or leave the key out"))
    return tuple(text(item) for item in items)


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(sentence("must be true or false, not {kind}; write it without quotes", kind=kind(value)))
    return value


def count(value: object) -> int:
    """A whole number from 1 to 1440."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(sentence("must be a whole number, not {kind}; write it without quotes", kind=kind(value)))
    if not 1 <= value <= 1440:
        raise ValueError(sentence("is out of range; write a number from 1 to 1440"))
    return value


def money(value: object) -> Decimal:
    """An amount, 0 or more."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(sentence("must be a number, not {kind}; write it without quotes", kind=kind(value)))
    if not 0 <= value < 1e9:
        raise ValueError(sentence("is no amount of money; write a number such as 5 or 2.50"))
    return Decimal(str(value))


def duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError(
            sentence('must be a duration in quotes, not {kind}; write, say, "7 days" or "20 hours"', kind=kind(value))
        )
    return parse_duration(value)


def zone(value: object) -> ZoneInfo:
    """An IANA time zone."""
    name = text(value)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        guess = nearest(name, available_timezones())
        mend = (
            sentence('did you mean "{guess}"?', guess=guess)
            if guess
            else sentence('write one such as "Europe/Paris" or "UTC"')
        )
        raise ValueError(sentence('"{name}" is no time zone; {mend}', name=shown(name), mend=mend)) from None


def week(value: object) -> Week:
    return parse_week(texts(value))


def country(value: object) -> str:
    """A country code the calendar knows; "" for no holidays at all (an account may undo what [rule] says)."""
    if value == "":
        return ""
    code = text(value)
    check_country(code)
    return code


def days(value: object) -> Days:
    """Days and spans of days, both ends inclusive, as text or as TOML dates."""
    items = value if isinstance(value, list) else [value]
    return tuple(_span(item) for item in items)


def _span(value: object) -> tuple[date, date]:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, value
    mend = sentence('write, say, "2026-12-24" or "2026-12-24/2027-01-02"')
    if not isinstance(value, str):
        raise ValueError(sentence("must hold days, not {kind}; {mend}", kind=kind(value), mend=mend))
    try:
        ends = [date.fromisoformat(end.strip()) for end in value.split("/")]
    except ValueError:
        raise ValueError(sentence('"{day}" is no day; {mend}', day=shown(value), mend=mend)) from None
    if len(ends) > 2 or ends[0] > ends[-1]:
        raise ValueError(
            sentence('"{days}" is no span of days, the first one first; {mend}', days=shown(value), mend=mend)
        )
    return ends[0], ends[-1]


def one_of(choices: type[Choice], value: object) -> Choice:
    return choices(word(tuple(choice.value for choice in choices), value))


def language(value: object) -> str:
    return word(LANGUAGES, value)


def word(words: tuple[str, ...], value: object) -> str:
    """One of a few words."""
    if isinstance(value, str) and value in words:
        return value
    said = f'"{shown(value)}"' if isinstance(value, str) else kind(value)
    choices = each_language(lambda: any_of(f'"{one}"' for one in words))
    raise ValueError(sentence("cannot be {said}; write {choices}", said=said, choices=choices))


def web_address(value: object) -> str:
    """An http(s) address, without a user or a password in it."""
    address = text(value)
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(sentence('is no web address; write it whole, from "https://" on'))
    if "@" in parts.netloc:
        raise ValueError(sentence("holds a user or a password; write the address alone"))
    return address.rstrip("/")


def listen(value: object) -> tuple[str, int]:
    """HOST:PORT to listen on."""
    address = text(value)
    mend = sentence('write, say, "127.0.0.1:8080"')
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.netloc != address or "@" in address:
        raise ValueError(sentence('"{address}" is not HOST:PORT; {mend}', address=shown(address), mend=mend))
    return host, port


def password_hash(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("$argon2"):
        raise ValueError(sentence("is no argon2 hash; never write the password itself, write what argon2 makes of it"))
    return value


def kind(value: object) -> str:
    """What sort of TOML value it is, in words."""
    if isinstance(value, bool):
        return sentence("true or false")
    names: dict[type, str] = {
        int: sentence("a number"),
        float: sentence("a number"),
        str: sentence("text"),
        list: sentence("a list"),
        dict: sentence("a table"),
    }
    return names.get(type(value), sentence("a date or time"))


def shown(value: str) -> str:
    """A value short enough for a message."""
    return value if len(value) <= 60 else f"{value[:59]}…"
