"""Public holidays, by the library `holidays`: it computes, and knows more countries than we could.

It is imported by those who name a country: 6 MB nobody else needs to pay.
"""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from veilleuse.language import sentence

if TYPE_CHECKING:
    from holidays import HolidayBase


@lru_cache(maxsize=64)
def _calendar(code: str) -> "HolidayBase":
    import holidays

    country, _, subdivision = code.partition("-")
    return holidays.country_holidays(country, subdiv=subdivision or None)


def public_holiday(code: str, day: date) -> str | None:
    """The name of that day's public holiday in the country's own words, or None. `code` is "FR" or "DE-BY"."""
    name: str | None = _calendar(code).get(day)
    return name


def check_country(code: str) -> None:
    """Raise ValueError with a sentence if there is no such country or subdivision."""
    from holidays import list_supported_countries

    country, dash, subdivision = code.partition("-")
    try:
        if country not in list_supported_countries() or bool(dash) != bool(subdivision):
            raise NotImplementedError
        _calendar(code)
    except NotImplementedError:
        raise ValueError(
            sentence('"{code}" is no country the calendar knows; write, say, "FR" or "DE-BY"', code=code)
        ) from None
