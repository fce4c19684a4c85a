"""An Excel workbook (.xlsx): its first sheet of posts, row by row, as it was last calculated."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veilleuse.adapters.content.columns import HEAD, Columns, has_text, known, read_columns, read_row
from veilleuse.adapters.content.sheet import Row, Sheet, note
from veilleuse.adapters.content.workbook_cells import WIDEST, Results, cell_value, row_values
from veilleuse.adapters.content.workbook_file import check, opened, told
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong
from veilleuse.language import sentence

if TYPE_CHECKING:  # openpyxl is imported at the first workbook: it costs 80 ms
    from openpyxl import Workbook

_BEYOND = 5  # columns looked at to the right of the named ones, for cells that stand astray
_LAST_HEAD = 1000  # row in which names of columns are looked for: a file may have thousands of sheets, all empty
_LAST_ROW = 1_048_576  # of any sheet; a file that says more would be read without end

Line = tuple[int, tuple[Any, ...]]  # the row's number as Excel shows it, and its cells


def parse_workbook(path: Path, file: str) -> Sheet:
    """Raises FileUnreadable, OSError."""
    check(path, file)
    with told(file), closing(opened(path)) as book:
        title, number, names, others = _sheet_of_posts(book)
        columns, notes = read_columns(names, file, number, _head(book, title))
    if others:
        notes.append(_other_sheets(file, title, others))
    return Sheet(rows=_rows(path, file, title, number, columns), per_row="account" in columns, notes=tuple(notes))


def read_lines(path: Path, file: str) -> Iterator[tuple[int, Sequence[object]]]:
    """Every row of the first visible sheet that is not empty, its number first. Raises FileUnreadable, OSError."""
    check(path, file)
    with told(file), closing(opened(path, calculated=True)) as book:
        for number, cells in _lines(book, _visible(book)[0]):
            yield number, [cell_value(cell.value) for cell in cells]


def _visible(book: "Workbook") -> list[str]:
    titles: list[str] = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return titles or book.sheetnames


def _sheet_of_posts(book: "Workbook") -> tuple[str, int, list[str], list[str]]:
    """The first sheet that names the column of the texts, else the first that names any: title, row, names.

    And the titles of the other sheets of posts.
    """
    heads = []
    for title in _visible(book):
        number, cells = next(_lines(book, title, last=_LAST_HEAD), (1, ()))
        names = [str(cell_value(cell.value)) for cell in cells]
        while names and not names[-1].strip():
            names.pop()
        heads.append((title, number, names))
    best = max(heads, key=lambda head: (has_text(head[2]), known(head[2])))  # the first of equals
    with_posts = [head for head in heads if has_text(head[2])]
    title, number, names = with_posts[0] if with_posts else best
    return title, number, names, [head[0] for head in with_posts[1:]]


def _head(book: "Workbook", title: str) -> Iterator[tuple[int, list[str]]]:
    """The rows behind the first that holds anything."""
    for number, cells in islice(_lines(book, title, last=_LAST_HEAD), 1, HEAD):
        yield number, [str(cell_value(cell.value)) for cell in cells]


def _other_sheets(file: str, title: str, others: Sequence[str]) -> Verdict:
    unread = ", ".join(f'"{other}"' for other in others)
    return note(
        file,
        sentence('Only the sheet "{title}" is read; {unread} of the same workbook is not.', title=title, unread=unread),
        sentence("Put all posts on one sheet, or each sheet into a file of its own."),
        Severity.WARNING,
    )


def _lines(book: "Workbook", title: str, width: int = WIDEST, last: int | None = None) -> Generator[Line, None, None]:
    """Rows that hold anything in so many columns, down to the last one asked for."""
    sheet = book[title]
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    for number, cells in enumerate(sheet.iter_rows(max_col=width, max_row=last), start=1):
        if number > _LAST_ROW:
            raise ValueError("no sheet has so many rows")
        if cells and any(cell.value is not None and cell.value != "" for cell in cells):
            yield number, cells


def _rows(path: Path, file: str, title: str, header: int, columns: Columns) -> Iterator[Row]:
    results = Results(path, title)
    with told(file), closing(results), closing(opened(path)) as book:
        for number, cells in _lines(book, title, len(columns) + _BEYOND):
            if number <= header:
                continue
            source = Source(file=file, line=number)
            try:
                row = read_row(row_values(number, cells, columns, results), columns, source, may_shift=False)
            except Wrong as wrong:
                row = Row({}, source, wrong=wrong)
            if row is not None:
                yield row
