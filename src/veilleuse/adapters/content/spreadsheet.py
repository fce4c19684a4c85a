"""A spreadsheet saved as CSV: a row of column names, English or French, then one post a row."""

import csv
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from veilleuse.adapters.content.columns import HEAD, Columns, known, read_columns, read_row
from veilleuse.adapters.content.encoding import Encoding, recognise
from veilleuse.adapters.content.sheet import Row, Sheet, note, unreadable
from veilleuse.domain.post import Source
from veilleuse.language import N_, sentence

_SAVE = N_("Save it from the spreadsheet program as CSV UTF-8: that writes the quotation marks.")


def parse_spreadsheet(path: Path, file: str) -> Sheet:
    """Raises FileUnreadable, NotText, OSError."""
    encoding = recognise(path)
    delimiter, names = first_row(path, encoding, known)
    columns, notes = read_columns(names, file, below=_head(path, encoding))
    check_quotes(path, file, encoding, delimiter)
    if encoding.note:
        notes.insert(0, note(file, encoding.note, sentence("Look at the accents; next time save it as CSV UTF-8.")))
    return Sheet(rows=_rows(path, file, encoding, delimiter, columns), per_row="account" in columns, notes=tuple(notes))


def records(path: Path, encoding: Encoding, delimiter: str) -> Generator[list[str], None, None]:
    """Record after record, the first being what a spreadsheet program shows as row 1. Raises csv.Error, OSError."""
    with path.open(encoding=encoding.codec, newline="") as lines:
        found = csv.reader(lines, delimiter=delimiter, strict=True)
        first = next(found, [])
        if not re.fullmatch(r"sep=.?", delimiter.join(first), re.IGNORECASE):  # Excel's own, which it hides
            yield first
        yield from found


def first_row(path: Path, encoding: Encoding, worth: Callable[[list[str]], int]) -> tuple[str, list[str]]:
    """The delimiter by which the first row is worth most, and that row."""
    best: tuple[int, str, list[str]] = (0, ";", [])
    for delimiter in ";,\t":
        with closing(records(path, encoding, delimiter)) as found:
            try:
                cells = next(found, [])
            except csv.Error:
                continue
        best = max(best, (worth(cells), delimiter, cells), key=lambda each: (each[0], len(each[2])))
    return best[1], best[2]


def _head(path: Path, encoding: Encoding) -> Iterator[tuple[int, list[str]]]:
    """The rows behind the first, by whichever delimiter."""
    for delimiter in ";,\t":
        with closing(records(path, encoding, delimiter)) as found, suppress(csv.Error):
            yield from islice(enumerate(found, start=1), 1, HEAD)


def check_quotes(path: Path, file: str, encoding: Encoding, delimiter: str) -> None:
    """Read it once through before believing a row: past a lost quotation mark nothing is what it seems."""
    with path.open("rb") as lines:  # most files hold none, nor a cell too long for the reader
        if all(b'"' not in line and len(line) < csv.field_size_limit() for line in lines):
            return
    row = 0
    try:
        for _ in records(path, encoding, delimiter):
            row += 1
    except csv.Error:
        raise unreadable(
            file,
            row + 1,
            sentence("A quotation mark stands alone here, or one is missing at the end of a cell."),
            sentence(_SAVE),
        ) from None


def _rows(path: Path, file: str, encoding: Encoding, delimiter: str, columns: Columns) -> Iterator[Row]:
    found = records(path, encoding, delimiter)
    next(found, None)
    for number, record in enumerate(found, start=2):
        row = read_row(record, columns, Source(file=file, line=number))
        if row is not None:
            yield row
