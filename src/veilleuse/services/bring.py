"""Bring: the posts of another tool's file as drafts of one account. Its times become "not before"."""

import re
from collections.abc import Iterator
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.foreign import DateOrder, DateUnclear, Draft, ForeignFile, ForeignRow, read_when
from veilleuse.domain.judge import Judge
from veilleuse.domain.post import Source
from veilleuse.domain.text import text_id
from veilleuse.domain.written import Wrong
from veilleuse.language import sentence


class DatesUnclear(Exception):
    """Nothing was brought: its dates can be read in two ways. The text names rows and remedy."""


def bring(file: ForeignFile, account: Account, judge: Judge, now: datetime, order: DateOrder | None) -> list[Draft]:
    """A draft for each row, judged as it will be in the content folder. Raises DatesUnclear."""
    unclear = list(_unclear(file, account, order))
    if unclear:
        more = sentence(" {count} more like it.", count=len(unclear) - 1) if len(unclear) > 1 else ""
        line, wrong = unclear[0]
        raise DatesUnclear(
            sentence(
                "row {line}: {what}{more} Nothing was written. {remedy}",
                line=line,
                what=wrong.message,
                more=more,
                remedy=wrong.remedy,
            )
        )
    first_with: dict[str, int] = {}
    drafts = []
    for row in file.rows:
        draft = _draft(row, file.divider, account, judge, now, order)
        if not draft.left_out:
            first = first_with.setdefault(text_id(draft.text), draft.line)
            if first != draft.line:
                said = sentence("The same text as in row {first}: left out, since it would be said twice.", first=first)
                draft = Draft(line=draft.line, text=draft.text, remarks=(said,), left_out=True)
        drafts.append(draft)
    return drafts


def _unclear(file: ForeignFile, account: Account, order: DateOrder | None) -> Iterator[tuple[int, Wrong]]:
    for row in file.rows:
        try:
            _when(row, account, order)
        except DateUnclear as wrong:
            yield row.line, wrong
        except Wrong:
            continue


def _when(row: ForeignRow, account: Account, order: DateOrder | None) -> datetime | None:
    return read_when(row.when, zone=account.rule.zone, order=order) if row.when else None


def _draft(
    row: ForeignRow, divider: str, account: Account, judge: Judge, now: datetime, order: DateOrder | None
) -> Draft:
    if not row.text:
        return Draft(line=row.line, text="", remarks=(sentence("There is no text: left out."),), left_out=True)
    remarks: list[str] = []
    not_before = None
    try:
        not_before = _when(row, account, order)
    except Wrong as wrong:
        remarks.append(sentence("{what} It was brought over without a date.", what=wrong.message))
    if not_before is not None and not_before <= now:
        remarks.append(sentence("Its date has passed: once approved, it may be said at any time."))
    link, *others = re.split(r"[,\s]+", row.link)
    if others:
        remarks.append(sentence("Only the first of its links was kept; not {links}.", links=", ".join(others)))
    if row.media:
        remarks.append(
            sentence(
                "Its image or film is not fetched: {media}. Save it into the content folder and name it under image.",
                media=row.media,
            )
        )
    if divider and divider in row.text:
        remarks.append(
            sentence(
                '"{divider}" divides several wordings here: keep one, or make them posts of their own.', divider=divider
            )
        )
    fields = {"text": row.text, "link": link}
    _, verdicts = judge.judge({key: value for key, value in fields.items() if value}, Source(file=""), 0)
    remarks += [" ".join(str(part) for part in (verdict.message, verdict.remedy) if part) for verdict in verdicts]
    return Draft(line=row.line, text=row.text, not_before=not_before, link=link, alt=row.alt, remarks=tuple(remarks))
