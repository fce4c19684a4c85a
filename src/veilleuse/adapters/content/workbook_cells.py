"""The cells of a workbook, as a row of posts takes them; a formula's is the result it last had."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veilleuse.adapters.content.columns import DATES, Columns
from veilleuse.adapters.content.workbook_file import opened
from veilleuse.domain.written import Wrong, is_sheet_error
from veilleuse.language import N_, sentence

if TYPE_CHECKING:
    from openpyxl import Workbook

WIDEST = 100  # columns a first row may have
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376, 22.4.2.4: how XML keeps what it may not hold, as a line's CR

_UNCALCULATED = (
    N_("A formula stands here whose result is not in the file."),
    N_("Open the file in the spreadsheet program and save it again; or replace the formula by its text."),
)
_A_DATE = (
    N_("Excel took what was typed here for a date."),
    N_("Give the cell the format Text, then type it again."),
)


def row_values(
    number: int, cells: Sequence[Any], columns: Columns, results: Callable[[int, int], object]
) -> list[object]:
    """Raises Wrong."""
    values: list[object] = []
    for place, cell in enumerate(cells):
        column = columns[place] if place < len(columns) else ""
        value = cell.value
        if column is not None and cell.data_type == "f":
            value = results(number, place)
            if value is None:
                raise _of(column, *map(sentence, _UNCALCULATED))
        failed = cell.data_type == "e" or (cell.data_type == "f" and isinstance(value, str) and is_sheet_error(value))
        if column is not None and failed:
            raise _of(
                column,
                sentence("The cell shows the error {error}.", error=str(value)[:20]),
                sentence("Mend its formula, or replace it by its text."),
            )
        value = cell_value(value)
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


def cell_value(value: object) -> object:
    """A cell as `read_row` takes it: dates as they are, all else as the text it shows."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()  # Excel knows no day without its midnight
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value
    text = str(value)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Results:
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
            self._book = opened(self._path, calculated=True)
            sheet = self._book[self._title]
            sheet.reset_dimensions()
            self._rows = sheet.iter_rows(max_col=WIDEST)
        if number > self._at:
            self._row = next(islice(self._rows, number - self._at - 1, None), ())
            self._at = number
        if place >= len(self._row):
            return None
        cell = self._row[place]
        return "" if cell.value is None and cell.data_type == "str" else cell.value  # an empty text is a result

    def close(self) -> None:
        if self._book is not None:
            with suppress(OSError):
                self._book.close()
