"""An audit's figures in words, the same on a terminal and on a page."""

from collections.abc import Iterator, Sequence

from babel.numbers import format_decimal, format_percent

from veilleuse.domain.audit import Audit
from veilleuse.domain.grade import DEAD, HOLIDAY, PROBLEM
from veilleuse.entrypoints.words import GRADES
from veilleuse.language import _, spoken

NOTHING = "–"
SELDOM = 0.1  # posts a week


def sources(found: Sequence[Audit]) -> Iterator[str]:
    """Where the grades come from."""
    days = {name: span.days for name, span in (("holiday", HOLIDAY), ("problem", PROBLEM), ("dead", DEAD))}
    if any(not each.subject.blog for each in found):
        yield _(
            "Grades, by the silence now: alive under {holiday} days; like holidays from {holiday} to {problem}; a "
            "problem from {problem} to {dead}; like dead beyond."
        ).format(**days)
    if any(each.subject.blog for each in found):
        yield _("Of a blog: one article every four months is little; six months without one, and it is asleep.")
    yield _("The figures are those of articles on companies and their social accounts, 2010 to 2013.")


def per_week(found: Audit) -> str:
    if found.per_week is None:
        return NOTHING
    return format_decimal(found.per_week, format="0.0" if found.per_week >= SELDOM else "0.00", locale=spoken())


def by_hand(found: Audit) -> str:
    """The share of people, as their language writes it."""
    if found.by_hand is None:
        return NOTHING
    return format_percent(found.by_hand, locale=spoken())


def word(found: Audit) -> str:
    """The grade in a word or two."""
    return _("unknown") if found.grade is None else _(GRADES[found.grade])


def called(found: Audit) -> str:
    """Our own by the name in the configuration, others by the name they have there."""
    return found.subject.name if found.subject.own else found.subject.handle
