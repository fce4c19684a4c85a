"""Pages to be sent, printed, kept: each is one file, in the language of the moment, and asks for nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date

from veilleuse.domain import phrases
from veilleuse.domain.activity import Author
from veilleuse.domain.archive import Saying
from veilleuse.domain.audit import Audit
from veilleuse.domain.grade import Grade
from veilleuse.entrypoints.audit_words import by_hand, called, per_week, sources, word
from veilleuse.entrypoints.web.render import alone
from veilleuse.language import _, ngettext, spoken

WELL = frozenset({Grade.ALIVE, Grade.HOLIDAY})


def audit_page(audits: Sequence[Audit], now: datetime, zone: ZoneInfo) -> str:
    """The audit as a page for a manager. `now` is aware UTC."""
    return "".join(
        alone(
            "audit.html",
            audits=audits,
            ours=any(each.subject.own for each in audits),
            when=phrases.date_in_full(now.astimezone(zone).date(), date.min),
            summary=summary(audits),
            sources=list(sources(audits)),
            day=partial(_day, zone=zone, now=now),
            called=called,
            per_week=per_week,
            by_hand=by_hand,
            word=word,
        )
    )


def archive_page(sayings: Callable[[], Iterator[Saying]], now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """The archive as a page, in pieces: thousands of posts are never in memory together. Images stand beside it."""
    counts = Counter(each.by for each in sayings())
    written, by_hand = counts.total(), counts[Author.HUMAN]
    told = ngettext("{count} post, {by_hand} of them by hand.", "{count} posts, {by_hand} of them by hand.", written)
    return alone(
        "archive.html",
        accounts=lambda: groupby(sayings(), key=lambda each: each.account),
        when=phrases.date_in_full(now.astimezone(zone).date(), date.min),
        summary=told.format(count=written, by_hand=by_hand),
        at=lambda moment: _("{day} at {time}").format(day=_day(moment, zone=zone), time=phrases.clock(moment, zone)),
        day=partial(_day, zone=zone),
    )


def summary(audits: Sequence[Audit]) -> str:
    """All of it in a sentence or two."""
    counts = Counter(each.grade for each in audits)
    told = [
        (WELL, ngettext("{count} account is alive", "{count} accounts are alive", _number(counts, WELL))),
        *(
            (frozenset({grade}), text)
            for grade, text in (
                (Grade.LITTLE, ngettext("{count} says little", "{count} say little", counts[Grade.LITTLE])),
                (Grade.PROBLEM, ngettext("{count} has a problem", "{count} have a problem", counts[Grade.PROBLEM])),
                (Grade.ASLEEP, ngettext("{count} is asleep", "{count} are asleep", counts[Grade.ASLEEP])),
                (Grade.DEAD, ngettext("{count} looks dead", "{count} look dead", counts[Grade.DEAD])),
                (Grade.EMPTY, ngettext("{count} is empty", "{count} are empty", counts[Grade.EMPTY])),
                (None, ngettext("{count} could not be read", "{count} could not be read", counts[None])),
            )
        ),
    ]
    parts = [text.format(count=_number(counts, grades)) for grades, text in told if _number(counts, grades)]
    late = sum(each.too_long for each in audits)
    beyond = ngettext(
        "{count} is silent for longer than its own rule allows.",
        "{count} are silent for longer than their own rules allow.",
        late,
    )
    return f"{', '.join(parts)}." + (f" {beyond.format(count=late)}" if late else "")


def _number(counts: Counter[Grade | None], grades: frozenset[Grade | None]) -> int:
    return sum(counts[grade] for grade in grades)


def _day(moment: datetime, *, zone: ZoneInfo, now: datetime | None = None) -> str:
    """ "18 November", with the year unless it is that of `now`."""
    day, english = moment.astimezone(zone).date(), spoken() == "en"
    told = format_date(day, "d MMMM", locale=spoken())
    first = "1er " if day.day == 1 and not english else ""  # French counts the first of a month
    told = told.replace("1 ", first, 1) if first else told
    return told if now is not None and day.year == now.astimezone(zone).year else f"{told} {day.year}"
