"""How a silence looks from outside: the figures of the articles of 2010 to 2013 this house was built on.

- The first article (2010) counts official accounts that had been silent for 300 days, calls 20 or 40 days fine, as
  holidays, and what goes past that a problem of communication.
- Of a company's blog it says that a last article six months old is asleep, and one every four months is little.
"""

from datetime import timedelta
from enum import StrEnum

HOLIDAY = timedelta(days=20)
PROBLEM = timedelta(days=40)
DEAD = timedelta(days=300)
LITTLE = timedelta(days=122)  # four months
ASLEEP = timedelta(days=183)  # six months


class Grade(StrEnum):
    """`little` and `asleep` are said of blogs only, `holiday`, `problem` and `dead` of all else."""

    EMPTY = "empty"
    ALIVE = "alive"
    HOLIDAY = "holiday"
    PROBLEM = "problem"
    DEAD = "dead"
    LITTLE = "little"
    ASLEEP = "asleep"


def grade(silence: timedelta | None) -> Grade:
    """Of an account, by its silence; None: it never said anything."""
    if silence is None:
        return Grade.EMPTY
    if silence < HOLIDAY:
        return Grade.ALIVE
    if silence < PROBLEM:
        return Grade.HOLIDAY
    return Grade.PROBLEM if silence < DEAD else Grade.DEAD


def grade_of_blog(silence: timedelta | None, every: timedelta | None = None) -> Grade:
    """Of a blog, by its silence and by how often an article comes (None: unknown)."""
    if silence is None:
        return Grade.EMPTY
    if silence >= ASLEEP:
        return Grade.ASLEEP
    return Grade.LITTLE if max(silence, every or silence) >= LITTLE else Grade.ALIVE
