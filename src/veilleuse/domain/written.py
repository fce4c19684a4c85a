"""What people write in a cell or behind a key, read as what it means.

Every function takes a value as a file's parser gives it (a spreadsheet gives only texts) and raises Wrong.
"""

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from veilleuse.domain.dated_words import MONTH, MONTHS
from veilleuse.domain.durations import parse_duration
from veilleuse.domain.phrases import any_of
from veilleuse.language import each_language, sentence

YEARS = range(2000, 2200)
LARGEST = 1_000_000
_EXAMPLE = date(2027, 1, 31)

_YES = frozenset({"yes", "oui", "x", "1", "y", "o", "true", "vrai"})
_NO = frozenset({"no", "non", "0", "n", "false", "faux", "-"})
ID = re.compile(r"[\w.-]{1,80}")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd-\uffff]")
_SHEET_ERROR = re.compile(
    r"#N/A|#(?:NAME|NOM|REF|VALUE|VALEUR|DIV/0|NUM|NOMBRE|NULL|NUL|SPILL|CALC|ERROR|ERREUR)\s?[!?]"
)
# What copying from web pages and documents leaves at the ends of a text; the marks of direction mean something in one.
_INVISIBLE = " \t\r\n\u00a0\u202f\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNSEEN = f"{_INVISIBLE}\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NO_BREAK = re.compile("[\u00a0\u202f]")
_GARBLED = re.compile("Ã[\u0080-\u00bf]|â€[\u0080-\u00bf™œž“”˜¢¦]")  # UTF-8 once read as Windows-1252
_TIME = (
    r"(?:(?:T|\s+|\s*à\s*)(\d{1,2})(?:\s?h\s?|:(?=\d\d))(?:(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}", re.ASCII | re.IGNORECASE)
_SHORT_YEAR = re.compile(rf"(\d{{1,2}})[/.](\d{{1,2}})[/.](\d\d){_TIME}", re.ASCII | re.IGNORECASE)
_FRENCH = re.compile(rf"(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}}){_TIME}", re.ASCII | re.IGNORECASE)
_IN_WORDS = re.compile(rf"(?:le\s+)?(\d{{1,2}})(?:er)?\s+({MONTH})\s+(\d{{4}}){_TIME}", re.IGNORECASE)
DATE_PATTERNS = (_ISO.pattern, _FRENCH.pattern, _IN_WORDS.pattern)

_Day = TypeVar("_Day", bound=date)


class Wrong(Exception):
    """A value that cannot be used: what is wrong with it, and the mend, each a sentence."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def is_garbled(text: str) -> bool:
    return _GARBLED.search(text) is not None


def is_sheet_error(text: str) -> bool:
    """Whether it is what a spreadsheet program shows in place of a result."""
    return _SHEET_ERROR.fullmatch(text) is not None


def words(value: object) -> str:
    """A text, without white space at either end, and its lines ended as everywhere."""
    if not isinstance(value, str):
        raise Wrong(
            sentence("{shown} is not a text.", shown=_shown(value)),
            sentence('Write it between quotation marks: "...".'),
        )
    text = value.strip()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text[:1] == "#" and is_sheet_error(text):
        raise Wrong(
            sentence("The cell shows the error {error}.", error=text[:20]),
            sentence("Mend its formula, or replace it by its text."),
        )
    if ("Ã" in text or "â€" in text) and (found := _GARBLED.search(text)):
        raise Wrong(
            sentence('Its accents are garbled: "{text}".', text=text[max(0, found.start() - 10) : found.end() + 10]),
            sentence("Save the file again as CSV UTF-8 (or text in UTF-8) from where its accents are still right."),
        )
    if not text.isprintable() or "\ufffd" in text:
        for character in _UNREADABLE.findall(text):
            raise Wrong(
                sentence("It holds a character nobody can read (U+{number:04X}).", number=ord(character)),
                sentence("Type that place again, and save."),
            )
        text = text.strip(_INVISIBLE) if bare(text) else ""
    return text


def bare(text: str) -> str:
    """A name, a date or an address without anything nobody sees at its ends."""
    return text.strip(_UNSEEN)


def identifier(value: object) -> str:
    """A name for a post; a number will do."""
    if isinstance(value, str) and value.isascii() and ID.fullmatch(value):
        return value
    name = unicodedata.normalize("NFC", str(whole(value)) if isinstance(value, int) else bare(words(value)))
    if name and not ID.fullmatch(name):
        raise Wrong(
            sentence('"{name}" cannot be an id.', name=name[:80]),
            sentence('Use letters, digits, "-", "_" and ".", without spaces, at most 80: say, bonne-annee-2027.'),
        )
    return name


def web_address(value: object) -> str | None:
    """A link, or None if nothing is written."""
    link = bare(words(value))
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", link)
    except ValueError:
        good = False
    if link and not good:
        raise Wrong(
            sentence('"{link}" is not a web address.', link=link[:80]),
            sentence("Write it in full, beginning with https://."),
        )
    return link or None


def whole(value: object) -> int:
    """A whole number within a million of zero."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,9}", value.strip(), re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(sentence("{shown} is not a whole number.", shown=_shown(value)), sentence("Write, say, 1 or 10."))
    if abs(value) > LARGEST:
        raise Wrong(sentence("{shown} is too large a number.", shown=_shown(value)), sentence("Write, say, 1 or 10."))
    return value


def uses_at_most(value: object) -> int:
    uses = whole(value)
    if uses < 1:
        raise Wrong(sentence("{uses} uses are none.", uses=uses), sentence("Write at least 1."))
    return uses


def yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    answer = str(value).strip().lower()
    if answer not in _YES | _NO:
        raise Wrong(
            sentence("{shown} is neither yes nor no.", shown=_shown(value)),
            sentence('Write "yes" (or "oui", "x", 1), or leave it out.'),
        )
    return answer in _YES


def span(value: object) -> timedelta:
    """A duration ("90 days")."""
    try:
        return parse_duration(words(value))
    except ValueError as error:
        what, mend = (each_language(partial(part, error)) for part in (_what, _mend))
        raise Wrong(what, mend) from None


def _what(error: ValueError) -> str:
    return f"{str(error).rpartition('; ')[0].rstrip()}."


def _mend(error: ValueError) -> str:
    mend = str(error).rpartition("; ")[2]
    return f"{mend[:1].upper()}{mend[1:]}."


def moment(value: object, *, zone: ZoneInfo, language: str, end: bool) -> datetime:
    """A date or a date with a time, as aware UTC; what names no zone is local to `zone`.

    A date alone is its first moment or, with `end`, the first moment after it: the day itself is included.
    """
    if isinstance(value, str):
        value = _written_moment(bare(_NO_BREAK.sub(" ", value)), language)
    try:
        if isinstance(value, datetime):
            return _plausible(value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
        if isinstance(value, date):
            day = _plausible(value) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), zone).astimezone(UTC)
    except (OverflowError, ValueError):
        raise Wrong(
            sentence("{shown} is out of reach.", shown=_shown(value)), sentence("Write a date near today's.")
        ) from None
    raise Wrong(sentence("{shown} is not a date.", shown=_shown(value)), _dates(language))


def day_to_write(day: date, language: str) -> str:
    """ "31/01/2027 (or 2027-01-31)": as it may be written for an account of that language, whoever reads this."""
    return sentence("{french} (or {iso})", french=f"{day:%d/%m/%Y}", iso=day) if language == "fr" else day.isoformat()


@cache  # a file may hold a hundred thousand wrong ones
def _dates(language: str) -> str:
    day = f"{_EXAMPLE:%d/%m/%Y}" if language == "fr" else _EXAMPLE.isoformat()
    written = day_to_write(_EXAMPLE, language)
    return sentence("Write it as {day}, or with a time as {moment}.", day=written, moment=f"{day} 09:30")


def _written_moment(text: str, language: str) -> date | datetime | str:
    """A date as written, or the text itself if it is none."""
    if found := _ISO.fullmatch(text):
        year, month, day = found[1], found[2], found[3]
    elif found := _IN_WORDS.fullmatch(text):
        day, month, year = found[1], str(MONTHS[found[2].lower()]), found[3]
    elif found := _FRENCH.fullmatch(text):
        day, month, year = found[1], found[2], found[3]
        if language != "fr":
            ways = _ways(day, month, year)
            raise Wrong(
                sentence('"{text}" may be read day first or month first.', text=text),
                sentence(
                    'Write {day}; or give the account language = "fr": then the day comes first.',
                    day=each_language(lambda: any_of(ways)) if ways else sentence("it as {day}", day=_EXAMPLE),
                ),
            )
    elif found := _SHORT_YEAR.fullmatch(text):
        day, month, year = found[1], found[2], f"20{found[3]}"
        ways = [f"{day}/{month}/{year}"] if language == "fr" else _ways(day, month, year) or [_EXAMPLE.isoformat()]
        raise Wrong(
            sentence('Two digits are no year: "{text}".', text=text),
            sentence("Write all four, say, {day}.", day=each_language(lambda: any_of(ways))),
        )
    else:
        return text
    hour, minute, second, offset = found[4], found[5], found[6], found[7]
    try:
        whole_day = date(int(year), int(month), int(day))
        if hour is None:
            return whole_day
        local = datetime.combine(whole_day, time(int(hour), int(minute or 0), int(second or 0)))
        return local if offset is None else datetime.fromisoformat(f"{local.isoformat()}{offset.upper()}")
    except ValueError:
        raise Wrong(
            sentence('"{text}" does not exist.', text=text), sentence("Look at the calendar and write a day that does.")
        ) from None


def _ways(day: str, month: str, year: str) -> list[str]:
    """How that may be meant, day first or month first: of days that exist."""
    found = []
    for m, d in ((month, day), (day, month)):
        with suppress(ValueError):
            found.append(date(int(year), int(m), int(d)).isoformat())
    return list(dict.fromkeys(found))


def _plausible(day: _Day) -> _Day:
    if day.year not in YEARS:
        raise Wrong(
            sentence("The year {year} is hardly meant.", year=day.year),
            sentence("Write a year of this century, or leave the date out."),
        )
    return day


def _shown(value: object) -> str:
    try:
        text = str(value)
    except ValueError:  # Python spells no number of more than 4300 digits
        text = sentence("a number without end")
    return sentence('"{text}"', text=text if len(text) <= 40 else text[:39] + "…")
