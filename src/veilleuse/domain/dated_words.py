"""Words that age: days named in a text, in French and English, that will be wrong when the text is said too late.

A post may be said weeks after it was written. Only what is surely meant as one day counts: opening hours ("du lundi au
vendredi", "every Friday") stay true, and so does a year gone by ("depuis le 3 mars 2009").
"""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, date

_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "janvier january jan",
            "février fevrier february feb",
            "mars march mar",
            "avril april apr",
            "mai may",
            "juin june jun",
            "juillet july jul",
            "août aout august aug",
            "septembre september sept sep",
            "octobre october oct",
            "novembre november nov",
            "décembre decembre december dec",
        ),
        start=1,
    )
    for word in words.split()
}
_NEAR = (
    r"aujourd['’]hui|demain|hier|ce soir|ce matin|cet après-midi|ce week-end|cette semaine"
    r"|today|tomorrow|yesterday|tonight|this (?:morning|afternoon|evening|weekend|week)"
)
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"\b([0-9]{{1,2}})(?:er|st|nd|rd|th)?\s+(?:of\s+)?({MONTH})\b\.?(?:\s+([0-9]{{4}})\b)?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(rf"\b({MONTH})\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+([0-9]{{4}})\b)?", re.IGNORECASE)
_NEAR_DAY = re.compile(rf"\b(?:{_NEAR})\b", re.IGNORECASE)
_WEEKDAY = re.compile(rf"\b(?:{_DAYS})\b(?:\s+\d{{1,2}}\b(?!\s*(?:h|:|am\b|pm\b)))?", re.IGNORECASE)
# Around a weekday, these make a habit of it: "le lundi", "every Monday", "Monday to Friday".
_BEFORE = re.compile(
    r"(?:\b(?:les?|du|au|chaque|every|each|tous les|to|through|et|and|ou|or|à)\s+|[-–,]\s*)$", re.IGNORECASE
)
_AFTER = re.compile(rf"\s*(?:[-–,]|\b(?:au|à|to|through|et|and|ou|or))\s*(?:le\s+)?(?:{_DAYS})\b", re.IGNORECASE)

# A cheap first look: nearly every text holds none of these, and is then not read again.
_SAID = re.compile(
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|day|aujourd|demain|hier|tomorrow|tonight|this "
    "|ce soir|ce matin|cet après-midi|ce week-end|cette semaine"
)
_MONTH_BEGINS = re.compile("|".join(sorted({month[:3] for month in MONTHS})))
_DAY_NUMBER = re.compile(
    r"[0-9](?<![0-9][0-9])[0-9]?(?![0-9])"
)  # one or two digits; the first is named first, which is found fastest


def tells_a_day(text: str) -> bool:
    """Whether it is worth asking the others: it holds such a word, or a day's number and a month."""
    lowered = text.lower()
    return bool(_SAID.search(lowered) or (_DAY_NUMBER.search(text) and _MONTH_BEGINS.search(lowered)))


def day_words(text: str) -> str | None:
    """The first word that means a day only on the day it is said ("demain", "Friday 12"); None: there is none."""
    if near := _NEAR_DAY.search(text):
        return near[0]
    for found in _WEEKDAY.finditer(text):
        numbered = found[0][-1].isdigit()
        if numbered or not (_BEFORE.search(text[: found.start()][-12:]) or _AFTER.match(text, found.end())):
            return found[0]
    return None


def last_day(text: str, today: date) -> tuple[str, date] | None:
    """The latest day of the calendar the text names, and its words; without a year, the next one from today.

    None: it names none, or only days of the past.
    """
    return max(_days(text, today), key=lambda found: found[1], default=None)


def _days(text: str, today: date) -> Iterator[tuple[str, date]]:
    named = [(m[0], m[1], m[2], m[3]) for m in _DAY_FIRST.finditer(text)]
    named += [(m[0], m[2], m[1], m[3]) for m in _MONTH_FIRST.finditer(text)]
    for words, day, month, year in named:
        found = _date(int(day), MONTHS[month.lower()], int(year) if year else None, today)
        if found is not None and found >= today:
            yield words.strip(), found


def _date(day: int, month: int, year: int | None, today: date) -> date | None:
    for candidate in (year,) if year else range(today.year, min(today.year + 8, MAXYEAR)):  # 29 February may be far
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None
