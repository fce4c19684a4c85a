"""What a person reads: many notifications, one message."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from veilleuse.domain import phrases
from veilleuse.domain.alert import URGENT, Condition, Notification, Told
from veilleuse.language import N_, _, ngettext

MANY = 4  # from so many accounts on, one cause is one paragraph
STALE = timedelta(hours=1)  # a message delivered later says how old its news is
TITLE_WIDTH = 120  # characters

LABELS = {
    Condition.RUNWAY_LOW: N_("posts running out"),
    Condition.NOTHING_ELIGIBLE: N_("nothing approved to say"),
    Condition.LIVING_ON_RESERVES: N_("living on the reserve"),
    Condition.LIMIT_PASSED: N_("silent past its limit"),
    Condition.HOURS_CLOSED: N_("hours closed past the limit"),
    Condition.POST_REFUSED: N_("post refused"),
    Condition.POST_EXPIRED: N_("post expired unsaid"),
    Condition.POST_NOT_VISIBLE: N_("post not visible"),
    Condition.OUTCOME_UNKNOWN: N_("perhaps published"),
    Condition.OUTCOME_HELD: N_("perhaps published, held"),
    Condition.CREDENTIALS_REFUSED: N_("credentials refused"),
    Condition.BUDGET_EXHAUSTED: N_("budget exhausted"),
    Condition.NETWORK_UNREADABLE: N_("network unreadable"),
    Condition.FEED_GONE: N_("feed gone"),
    Condition.TIMELINE_GAP: N_("timeline read in part"),
    Condition.CLOCK_OFF: N_("clock off"),
    Condition.FROZEN: N_("frozen"),
    Condition.CONTENT_INVALID: N_("content to correct"),
    Condition.CONTENT_MISSING: N_("content missing"),
    Condition.CONFIGURATION_REFUSED: N_("configuration refused"),
    Condition.PROGRAM_FAILED: N_("program failed"),
    Condition.TEST: N_("test"),
    Condition.CHANNEL_DEAD: N_("channel without answer"),
    Condition.CREDENTIALS_EXPIRE: N_("credentials about to expire"),
    Condition.MAY_NOT_POST: N_("no right to post"),
    Condition.POST_NOT_PUBLIC: N_("post not public"),
    Condition.NETWORK_WARNS: N_("warned by the network"),
    Condition.EXAMINATION_FAILED: N_("credentials not examined"),
    Condition.NEAR_LIMIT: N_("near its limit"),
    Condition.MESSAGE_WAITS: N_("message to carry on"),
    Condition.HUMAN_TASK: N_("a human's task"),
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

    It is said in the language of the moment. Of several words about one alert that waited together only the last is.
    """
    last = {n.alert_id: n for n in sorted(notifications, key=lambda n: n.id)}
    needs = _items((n for n in last.values() if n.what is not Told.CLEARED), now)
    clears = _items((n for n in last.values() if n.what is Told.CLEARED), now)
    paragraphs = [item.paragraph for item in (*needs, *clears)]
    return Message(
        title=_("veilleuse: {what}").format(what=_title(needs, clears)),
        body="\n\n".join([*paragraphs, _("All that is open: veilleuse alerts")]),
        urgent=any(n.what is not Told.CLEARED and n.condition in URGENT for n in last.values()),
    )


def _title(needs: Sequence[_Item], clears: Sequence[_Item]) -> str:
    if len(needs) + len(clears) == 1:
        return textwrap.shorten((*needs, *clears)[0].headline, TITLE_WIDTH, placeholder=" …")
    parts = []
    if needs:
        said = ngettext("{count} thing needs you", "{count} things need you", len(needs))
        parts.append(said.format(count=len(needs)))
    if clears:
        parts.append(ngettext("{count} all clear", "{count} all clear", len(clears)).format(count=len(clears)))
    return ", ".join(parts)


def _items(notifications: Iterable[Notification], now: datetime) -> list[_Item]:
    ranked = sorted(notifications, key=lambda n: (n.condition not in URGENT, n.condition, n.created_at, n.id))
    items: list[_Item] = []
    for condition, group in groupby(ranked, key=lambda n: n.condition):
        members = list(group)
        accounts = sorted({n.account for n in members if n.account})
        if len(accounts) >= MANY:
            items.append(_many(condition, accounts, members))
        else:
            items.extend(_one(n, now) for n in members)
    return items


def _one(n: Notification, now: datetime) -> _Item:
    late = ""
    if now - n.created_at >= STALE:
        late = _(" (noticed {ago})").format(ago=phrases.ago(n.created_at, now))
    if n.what is Told.CLEARED:
        subject = _("{account}: {label}") if n.account else "{label}"
        headline = _("all clear: {what}").format(what=subject.format(account=n.account, label=_(LABELS[n.condition])))
        return _Item(
            headline=headline, paragraph=_("All clear{late}, no longer true: {text}").format(late=late, text=n.text)
        )
    headline = _still(_first_sentence(str(n.text)), [n])
    remedy = "  " + _("What to do: {remedy}").format(remedy=n.remedy)
    return _Item(headline=headline, paragraph="\n".join((f"{n.text}{late}", remedy, *_seen([n]))))


def _still(headline: str, members: Sequence[Notification]) -> str:
    """It says so if none of it is new."""
    reminder = all(n.what is Told.REPEATED for n in members)
    return _("still: {what}").format(what=headline) if reminder else headline


def _seen(members: Sequence[Notification]) -> Iterator[str]:
    """Why it is told again, or to a deputy, and how to be left in peace."""
    ids = {what: [str(n.alert_id) for n in members if n.what is what] for what in Told}
    command = f"veilleuse alerts ack {{}} --as {members[0].person}"
    if ids[Told.REPEATED]:
        seen = command.format(" ".join(ids[Told.REPEATED]))
        yield "  " + _("Nobody has said yet that this was seen: {command}").format(command=seen)
    if ids[Told.ESCALATED]:
        seen = command.format(" ".join(ids[Told.ESCALATED]))
        yield "  " + _("You are called as deputy, since nobody has seen it. If you have: {command}").format(
            command=seen
        )


def _many(condition: Condition, accounts: Sequence[str], members: Sequence[Notification]) -> _Item:
    said = ngettext("{count} account: {label}: {names}", "{count} accounts: {label}: {names}", len(accounts))
    headline = said.format(count=len(accounts), label=_(LABELS[condition]), names=", ".join(accounts))
    example = members[0]
    if example.what is Told.CLEARED:
        over = _("All clear for {accounts}").format(accounts=headline)
        return _Item(headline=_("all clear: {what}").format(what=headline), paragraph=over)
    return _Item(
        headline=_still(headline, members),
        paragraph="\n".join(
            (
                headline,
                "  " + _("For one of them: {text}").format(text=example.text),
                "  " + _("What to do there: {remedy}").format(remedy=example.remedy),
                *_seen(members),
            )
        ),
    )


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?]) ", text, maxsplit=1)[0].rstrip(".")
