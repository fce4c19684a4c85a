"""Durations as people write them: "7 days", "20 hours", "30 minutes", or short "7d", "20h", "30m"."""

import re
from datetime import timedelta

from veilleuse.language import sentence

LONGEST = timedelta(days=3650)

DURATION = re.compile(r"(\d{1,9})\s*(d|days?|h|hours?|m|minutes?)", re.ASCII | re.IGNORECASE)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


def parse_duration(text: str) -> timedelta:
    """Read one duration, longer than nothing and at most ten years. Raises ValueError "what is wrong; the mend"."""
    found = DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            sentence('"{text}" is not a duration; write, say, "7 days", "20 hours" or "30 minutes"', text=text)
        )
    count, unit = int(found[1]), _UNITS[found[2][0].lower()]
    if not count:
        raise ValueError(sentence('"{text}" is no time at all; write at least "1 minute"', text=text))
    if count * unit.total_seconds() > LONGEST.total_seconds():
        raise ValueError(
            sentence('"{text}" is longer than ten years; write at most "{count} days"', text=text, count=LONGEST.days)
        )
    return count * unit


def spell_duration(span: timedelta) -> str:
    """The same, as `parse_duration` reads it: whole minutes, in the largest unit that divides them."""
    minutes = round(span / _UNITS["m"])
    name, size = next(unit for unit in (("day", 1440), ("hour", 60), ("minute", 1)) if minutes % unit[1] == 0)
    return f"{minutes // size} {name}{'' if minutes == size else 's'}"
