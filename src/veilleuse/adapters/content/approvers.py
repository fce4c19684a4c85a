"""Whom a file names as having approved something, be it fit to enter or not: what is left out today may enter later."""

import csv
from contextlib import suppress
from pathlib import Path

from veilleuse.adapters.content.encoding import NotText
from veilleuse.adapters.content.reader import PARSERS
from veilleuse.ports import FileUnreadable


def approvers(path: Path, file: str) -> frozenset[str]:
    """As they are written. Of a file that cannot be read to its end, nothing enters."""
    named: set[object] = set()
    with suppress(FileUnreadable, NotText, OSError, UnicodeDecodeError, csv.Error):
        sheet = PARSERS[path.suffix.lower()](path, file)
        if sheet.approver is not None:
            named.add(sheet.approver[0])
        named.update(row.fields["approved_by"] for row in sheet.rows if row.fields.get("approved_by"))
    return frozenset(str(name).strip() for name in named)
