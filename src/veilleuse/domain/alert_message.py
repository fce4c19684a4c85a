"""What a person reads: many notifications, one message."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from veilleuse.domain import phrases
from veilleuse.domain.alert import URGENT, Condition, Notification, Told

MANY = 4  # from so many accounts on, one cause is one paragraph
STALE = timedelta(hours=1)  # a message delivered later says how old its news is
TITLE_WIDTH = 120  # characters

LABELS = {
    Condition.RUNWAY_LOW: "posts running out",
    Condition.NOTHING_ELIGIBLE: "nothing approved to say",
    Condition.LIVING_ON_RESERVES: "living on the reserve",
    Condition.LIMIT_PASSED: "silent past its limit",
    Condition.HOURS_CLOSED: "hours closed past the limit",
    Condition.POST_REFUSED: "post refused",
    Condition.POST_EXPIRED: "post expired unsaid",
    Condition.POST_NOT_VISIBLE: "post not visible",
    Condition.OUTCOME_UNKNOWN: "perhaps published",
    Condition.OUTCOME_HELD: "perhaps published, held",
    Condition.CREDENTIALS_REFUSED: "credentials refused",
    Condition.BUDGET_EXHAUSTED: "budget exhausted",
    Condition.NETWORK_UNREADABLE: "network unreadable",
    Condition.TIMELINE_GAP: "timeline read in part",
    Condition.CLOCK_OFF: "clock off",
    Condition.FROZEN: "frozen",
    Condition.CONTENT_INVALID: "content to correct",
    Condition.CONTENT_MISSING: "content missing",
    Condition.PROGRAM_FAILED: "program failed",
    Condition.TEST: "test",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Plain text. Carries what findings say, and so no secret."""

    title: str
    body: str
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One thing to say: a headline for the title, a paragraph for the body."""

    headline: str
    paragraph: str


def compose(notifications: Sequence[Notification], now: datetime) -> Message:
    """One message for one channel of one person: urgent first, all-clears last. `now` is aware UTC.

    Of several words about one alert that waited together only the last is said.
    """
    last = {n.alert_id: n for n in sorted(notifications, key=lambda n: n.id)}
    needs = _items((n for n in last.values() if n.what is Told.OPENED), now)
    clears = _items((n for n in last.values() if n.what is Told.CLEARED), now)
    paragraphs = [item.paragraph for item in (*needs, *clears)]
    return Message(
        title=f"veilleuse: {_title(needs, clears)}",
        body="\n\n".join([*paragraphs, "All that is open: veilleuse alerts"]),
        urgent=any(n.what is Told.OPENED and n.condition in URGENT for n in last.values()),
    )


def _title(needs: Sequence[_Item], clears: Sequence[_Item]) -> str:
    if len(needs) + len(clears) == 1:
        return textwrap.shorten((*needs, *clears)[0].headline, TITLE_WIDTH, placeholder=" …")
    parts = []
    if needs:
        parts.append(f"{phrases.count(len(needs), 'thing')} {'needs' if len(needs) == 1 else 'need'} you")
    if clears:
        parts.append(f"{len(clears)} all clear")
    return ", ".join(parts)


def _items(notifications: Iterable[Notification], now: datetime) -> list[_Item]:
    ranked = sorted(notifications, key=lambda n: (n.condition not in URGENT, n.condition, n.created_at, n.id))
    items: list[_Item] = []
    for condition, group in groupby(ranked, key=lambda n: n.condition):
        members = list(group)
        accounts = sorted({n.account for n in members if n.account})
        if len(accounts) >= MANY:
            items.append(_many(condition, accounts, members[0]))
        else:
            items.extend(_one(n, now) for n in members)
    return items


def _one(n: Notification, now: datetime) -> _Item:
    age = now - n.created_at
    late = f" (noticed {phrases.ago(n.created_at, now)})" if age >= STALE else ""
    if n.what is Told.CLEARED:
        headline = f"all clear: {_subject(n.account)}{LABELS[n.condition]}"
        return _Item(headline=headline, paragraph=f"All clear{late}, no longer true: {n.text}")
    return _Item(headline=_first_sentence(n.text), paragraph=f"{n.text}{late}\n  What to do: {n.remedy}")


def _many(condition: Condition, accounts: Sequence[str], example: Notification) -> _Item:
    headline = f"{len(accounts)} accounts: {LABELS[condition]}: {', '.join(accounts)}"
    if example.what is Told.CLEARED:
        return _Item(headline=f"all clear: {headline}", paragraph=f"All clear for {headline}")
    return _Item(
        headline=headline,
        paragraph=f"{headline}\n  For one of them: {example.text}\n  What to do there: {example.remedy}",
    )


def _subject(account: str) -> str:
    return f"{account}: " if account else ""


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0].rstrip(".")
