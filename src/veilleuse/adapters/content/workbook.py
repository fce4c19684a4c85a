"""An Excel workbook (.xlsx): its first sheet of posts, row by row, as it was last calculated."""

import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ParserCreate
from zipfile import BadZipFile, ZipFile

from veilleuse.adapters.content.columns import DATES, HEAD, Columns, has_text, known, read_columns, read_row
from veilleuse.adapters.content.sheet import Row, Sheet, note, unreadable
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong
from veilleuse.language import N_, sentence
from veilleuse.ports import FileUnreadable

if TYPE_CHECKING:  # openpyxl is imported at the first workbook: it costs 80 ms
    from openpyxl import Workbook

LARGEST_UNPACKED = 100_000_000  # bytes: some 500,000 posts; a file made to burst unpacks to far more
_WIDEST = 100  # columns a first row may have
_BEYOND = 5  # columns looked at to the right of the named ones, for cells that stand astray
_LAST_ROW = 1_048_576  # of any sheet; a file that says more would be read without end
_OLE = b"\xd0\xcf\x11\xe0"  # how old .xls files begin, and new ones behind a password

_UNCALCULATED = (
    N_("A formula stands here whose result is not in the file."),
    N_("Open the file in the spreadsheet program and save it again; or replace the formula by its text."),
)
_A_DATE = (
    N_("Excel took what was typed here for a date."),
    N_("Give the cell the format Text, then type it again."),
)
_SAVE_AGAIN = N_("Open it in the spreadsheet program, and save it as an Excel workbook (.xlsx) or as CSV UTF-8.")

_STRANGERS = {"Numbers": "Index/Document.iwa", "LibreOffice": "content.xml"}
_EXPORT = N_(
    "Open it there, and export it as an Excel workbook (.xlsx) or as CSV UTF-8; a new name alone changes nothing."
)

Line = tuple[int, tuple[Any, ...]]  # the row's number as Excel shows it, and its cells


def parse_workbook(path: Path, file: str) -> Sheet:
    """Raises FileUnreadable, OSError."""
    _check(path, file)
    with _told(file), closing(_open(path)) as book:
        title, number, names, others = _sheet_of_posts(book)
        columns, notes = read_columns(names, file, number, _head(book, title))
    if others:
        notes.append(_other_sheets(file, title, others))
    return Sheet(rows=_rows(path, file, title, number, columns), per_row="account" in columns, notes=tuple(notes))


def read_lines(path: Path, file: str) -> Iterator[tuple[int, Sequence[object]]]:
    """Every row of the first visible sheet that is not empty, its number first. Raises FileUnreadable, OSError."""
    _check(path, file)
    with _told(file), closing(_open(path, calculated=True)) as book:
        for number, cells in _lines(book, _visible(book)[0]):
            yield number, [_value(cell.value) for cell in cells]


def _check(path: Path, file: str) -> None:
    """Look at the whole file before believing a row: its size unpacked, its checksums, its XML."""
    with path.open("rb") as start:
        begins = start.read(4)
        if not begins:
            raise unreadable(
                file,
                None,
                sentence("It is empty."),
                sentence("Save it again from the spreadsheet program, or take it out."),
            )
        if begins == _OLE:
            message = sentence("It is protected by a password, or an old .xls under a new name.")
            raise unreadable(
                file,
                None,
                message,
                sentence("Save it as an Excel workbook (.xlsx) without a password, or as CSV UTF-8."),
            )
    try:
        archive = ZipFile(path)
    except BadZipFile:
        raise unreadable(
            file, None, sentence("This is no Excel workbook, or only half of one."), sentence(_SAVE_AGAIN)
        ) from None
    with _told(file), archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        for program, sign in _STRANGERS.items():
            if sign in names:
                raise unreadable(
                    file,
                    None,
                    sentence("This is a file of {program} under another name.", program=program),
                    sentence(_EXPORT),
                )
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            message = sentence("Unpacked it is larger than {most} MB.", most=LARGEST_UNPACKED // 1_000_000)
            raise unreadable(
                file, None, message, sentence("Copy its rows of posts, and nothing else, into a new workbook.")
            )
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as source:
                    ParserCreate().ParseFile(source)


@contextmanager
def _told(file: str) -> Iterator[None]:
    """A file may be wrong in any way, and openpyxl then raises anything: all of it becomes one verdict."""
    try:
        yield
    except (FileUnreadable, FileNotFoundError, PermissionError):
        raise
    except Exception:
        raise unreadable(file, None, sentence("This Excel workbook is damaged."), sentence(_SAVE_AGAIN)) from None


def _open(path: Path, *, calculated: bool = False) -> "Workbook":
    """`calculated`: cells hold the results of formulas, else the formulas."""
    warnings.filterwarnings("ignore", module="openpyxl")  # of drop-down lists and the like, which are not read
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=calculated, keep_links=False)


def _visible(book: "Workbook") -> list[str]:
    titles: list[str] = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return titles or book.sheetnames


def _sheet_of_posts(book: "Workbook") -> tuple[str, int, list[str], list[str]]:
    """The first sheet that names the column of the texts, else the first that names any: title, row, names.

    And the titles of the other sheets of posts.
    """
    heads = []
    for title in _visible(book):
        number, cells = next(_lines(book, title), (1, ()))
        names = [str(_value(cell.value)) for cell in cells]
        while names and not names[-1].strip():
            names.pop()
        heads.append((title, number, names))
    best = max(heads, key=lambda head: (has_text(head[2]), known(head[2])))  # the first of equals
    with_posts = [head for head in heads if has_text(head[2])]
    title, number, names = with_posts[0] if with_posts else best
    return title, number, names, [head[0] for head in with_posts[1:]]


def _head(book: "Workbook", title: str) -> Iterator[tuple[int, list[str]]]:
    """The rows behind the first that holds anything."""
    for number, cells in islice(_lines(book, title), 1, HEAD):
        yield number, [str(_value(cell.value)) for cell in cells]


def _other_sheets(file: str, title: str, others: Sequence[str]) -> Verdict:
    unread = ", ".join(f'"{other}"' for other in others)
    return note(
        file,
        sentence('Only the sheet "{title}" is read; {unread} of the same workbook is not.', title=title, unread=unread),
        sentence("Put all posts on one sheet, or each sheet into a file of its own."),
        Severity.WARNING,
    )


def _lines(book: "Workbook", title: str, width: int = _WIDEST) -> Generator[Line, None, None]:
    """Rows that hold anything in so many columns."""
    sheet = book[title]
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    for number, cells in enumerate(sheet.iter_rows(max_col=width), start=1):
        if number > _LAST_ROW:
            raise ValueError("no sheet has so many rows")
        if cells and any(cell.value is not None and cell.value != "" for cell in cells):
            yield number, cells


def _rows(path: Path, file: str, title: str, header: int, columns: Columns) -> Iterator[Row]:
    results = _Results(path, title)
    with _told(file), closing(results), closing(_open(path)) as book:
        for number, cells in _lines(book, title, len(columns) + _BEYOND):
            if number <= header:
                continue
            source = Source(file=file, line=number)
            try:
                row = read_row(_values(number, cells, columns, results), columns, source, may_shift=False)
            except Wrong as wrong:
                row = Row({}, source, wrong=wrong)
            if row is not None:
                yield row


def _values(number: int, cells: Sequence[Any], columns: Columns, results: Callable[[int, int], object]) -> list[object]:
    """Raises Wrong."""
    values: list[object] = []
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else ""
        value = cell.value
        if column is not None and cell.data_type == "f":
            value = results(number, place)
            if value is None:
                raise _of(column, *map(sentence, _UNCALCULATED))
        if column is not None and isinstance(value, str) and value.startswith("#") and cell.data_type in ("e", "f"):
            raise _of(
                column,
                sentence("The cell shows the error {error}.", error=value[:20]),
                sentence("Mend its formula, or replace it by its text."),
            )
        value = _value(value)
        if column and column not in DATES and isinstance(value, date | time):
            raise _of(column, *map(sentence, _A_DATE))
        values.append(value)
    while values and values[-1] == "":
        values.pop()
    return values


def _of(column: str, message: str, remedy: str) -> Wrong:
    return Wrong(
        sentence("{key}: {what}", key=sentence(column.replace("_", " ")), what=message) if column else message,
        remedy,
    )


def _value(value: object) -> object:
    """A cell as `read_row` takes it: dates as they are, all else as the text it shows."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()  # Excel knows no day without its midnight
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, date | time) else str(value)


class _Results:
    """The results of formulas: the file opened a second time, at the first one, and read in step with the formulas."""

    def __init__(self, path: Path, title: str) -> None:
        self._path = path
        self._title = title
        self._book: Workbook | None = None
        self._rows: Iterator[Sequence[Any]] = iter(())
        self._row: Sequence[Any] = ()
        self._at = 0

    def __call__(self, number: int, place: int) -> object:
        """Rows must be asked for from top to bottom."""
        if self._book is None:
            self._book = _open(self._path, calculated=True)
            sheet = self._book[self._title]
            sheet.reset_dimensions()
            self._rows = sheet.iter_rows(max_col=_WIDEST)
        if number > self._at:
            self._row = next(islice(self._rows, number - self._at - 1, None), ())
            self._at = number
        return self._row[place].value if place < len(self._row) else None

    def close(self) -> None:
        if self._book is not None:
            with suppress(OSError):
                self._book.close()
