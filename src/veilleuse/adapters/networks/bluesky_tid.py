"""Record keys of Bluesky: a TID holds its moment, and sorts by it (atproto specification, record keys)."""

import re
from datetime import UTC, datetime, timedelta

_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  # base32-sortable: as texts they sort as their numbers do
_TID = re.compile(rf"[{_DIGITS[:16]}][{_DIGITS}]{{12}}")  # 64 bits, the uppermost 0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_BITS = 10


def tid(at: datetime, clock: int, after: str | None = None) -> str:
    """The key of that aware moment; `clock` (0 to 1023) tells machines apart. Sorts after the TID `after`, if any."""
    number = ((at - _EPOCH) // timedelta(microseconds=1)) << _CLOCK_BITS | clock
    if after is not None and (last := _number(after)) is not None:
        number = max(number, last + 1)
    digits = []
    for _ in range(13):
        number, digit = divmod(number, 32)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def moment(key: str) -> datetime | None:
    """When that key was made, aware UTC; None if it is no TID, or of a year that no calendar has."""
    number = _number(key)
    try:
        return None if number is None else _EPOCH + timedelta(microseconds=number >> _CLOCK_BITS)
    except OverflowError:
        return None


def _number(key: str) -> int | None:
    if not _TID.fullmatch(key):
        return None
    number = 0
    for digit in key:
        number = number * 32 + _DIGITS.index(digit)
    return number
