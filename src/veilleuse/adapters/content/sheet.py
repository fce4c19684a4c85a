"""What a parser makes of one file, whatever its form: what holds for the whole file, and one row after the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.judge import Approver
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong
from veilleuse.ports import FileUnreadable


class Row(NamedTuple):
    """One post as written. A `NamedTuple`, since a file may hold a hundred thousand."""

    fields: Mapping[str, object]
    source: Source
    accounts: tuple[str, ...] = ()  # as the row names them; none: those of the file
    locate: Callable[[str], Source] | None = None
    wrong: Wrong | None = None  # why the row as a whole cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    rows: Iterator[Row]
    accounts: tuple[str, ...] = ()  # as the file itself names them
    per_row: bool = False  # rows may name accounts of their own
    approver: Approver | None = None
    notes: tuple[Verdict, ...] = ()


def unreadable(file: str, line: int | None, message: str, remedy: str) -> FileUnreadable:
    """To be raised where the whole file must be given up."""
    return FileUnreadable(
        Verdict(severity=Severity.ERROR, source=Source(file=file, line=line), message=message, remedy=remedy)
    )


def note(file: str, message: str, remedy: str = "", severity: Severity = Severity.NOTE) -> Verdict:
    return Verdict(severity=severity, source=Source(file=file), message=message, remedy=remedy)
