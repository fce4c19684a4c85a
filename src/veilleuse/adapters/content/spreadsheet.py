"""A spreadsheet saved as CSV: a row of column names, English or French, then one post a row."""

import csv
import re
import unicodedata
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from veilleuse.adapters.content.encoding import Encoding, recognise
from veilleuse.adapters.content.sheet import Row, Sheet, note, unreadable
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.nearest import nearest
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong

COLUMNS = {
    "id": "id",
    "text": "text",
    "texte": "text",
    "link": "link",
    "lien": "link",
    "image": "image",
    "alt": "alt",
    "texte alternatif": "alt",
    "priority": "priority",
    "priorité": "priority",
    "reserve": "reserve",
    "réserve": "reserve",
    "not before": "not_before",
    "pas avant": "not_before",
    "not after": "not_after",
    "pas après": "not_after",
    "approved by": "approved_by",
    "approuvé par": "approved_by",
    "account": "account",
    "compte": "account",
}
_SURELY_MEANT = 0.75  # a column so much like a known one is a misspelling, not a column of the person's own
_NAME_THEM = (
    "The names are id;texte;lien;image;texte alternatif;priorité;réserve;pas avant;pas après;approuvé par "
    "(or id;text;link;image;alt;priority;reserve;not before;not after;approved by); only the text is required."
)
_SHIFTED = Wrong(
    "A cell stands beyond the named columns, so all cells of this row may be shifted.",
    "Put texts that hold the separator between quotation marks, or save it as CSV UTF-8.",
)
_SAVE = "Save it from the spreadsheet program as CSV UTF-8: that writes the quotation marks."


def parse_spreadsheet(path: Path, file: str) -> Sheet:
    """Raises FileUnreadable, NotText, OSError."""
    encoding = recognise(path)
    delimiter, names = _header(path, file, encoding)
    _check_quotes(path, file, encoding, delimiter)
    columns, notes = _columns(names, file)
    if encoding.note:
        notes.insert(0, note(file, encoding.note, "Look at the accents; next time save it as CSV UTF-8."))
    return Sheet(rows=_rows(path, file, encoding, delimiter, columns), per_row="account" in columns, notes=tuple(notes))


def _records(path: Path, encoding: Encoding, delimiter: str) -> Generator[list[str], None, None]:
    """Record after record, the first being what a spreadsheet program shows as row 1."""
    with path.open(encoding=encoding.codec, newline="") as lines:
        records = csv.reader(lines, delimiter=delimiter, strict=True)
        first = next(records, [])
        if not re.fullmatch(r"sep=.?", delimiter.join(first), re.IGNORECASE):  # Excel's own, which it hides
            yield first
        yield from records


def _header(path: Path, file: str, encoding: Encoding) -> tuple[str, list[str]]:
    """The delimiter that makes the most known names of the first row, and that row."""
    best: tuple[int, str, list[str]] = (0, "", [])
    for delimiter in ";,\t":
        with closing(_records(path, encoding, delimiter)) as records:
            try:
                names = next(records, [])
            except csv.Error:
                continue
        known = sum(_plain(name) in _PLAIN_COLUMNS for name in names)
        best = max(best, (known, delimiter, names), key=lambda each: each[0])
    known, delimiter, names = best
    if not known:
        raise unreadable(file, 1, "The first row does not name the columns.", _NAME_THEM)
    return delimiter, names


def _check_quotes(path: Path, file: str, encoding: Encoding, delimiter: str) -> None:
    """Read it once through before believing a row: past a lost quotation mark nothing is what it seems."""
    row = 0
    try:
        for row, _ in enumerate(_records(path, encoding, delimiter), start=1):  # noqa: B007
            pass
    except csv.Error:
        raise unreadable(
            file, row + 1, "A quotation mark stands alone here, or one is missing at the end of a cell.", _SAVE
        ) from None


def _columns(names: list[str], file: str) -> tuple[list[str | None], list[Verdict]]:
    """What each column means: a key of a post, "" for one without a name, None for one of the person's own."""
    columns: list[str | None] = []
    notes = []
    for name in names:
        column = _PLAIN_COLUMNS.get(_plain(name)) if name.strip() else ""
        shown = name.strip()[:80]
        if column and column in columns:
            raise unreadable(file, 1, f'Two columns mean the same: "{shown}" is the second.', "Take one of them out.")
        columns.append(column)
        if column is None:
            guess = nearest(_plain(name), _PLAIN_COLUMNS, _SURELY_MEANT)
            if guess:
                raise unreadable(file, 1, f'No column is called "{shown}".', f'Did you mean "{_spelled(guess)}"?')
            notes.append(
                note(file, f'The column "{shown}" means nothing here and is not used.', _NAME_THEM, Severity.WARNING)
            )
    if "text" not in columns:
        raise unreadable(file, 1, 'The first row names no column "texte" or "text".', _NAME_THEM)
    return columns, notes


def _rows(path: Path, file: str, encoding: Encoding, delimiter: str, columns: list[str | None]) -> Iterator[Row]:
    records = _records(path, encoding, delimiter)
    next(records, None)
    width = len(columns)
    for number, record in enumerate(records, start=2):
        fields: dict[str, object] = {
            column: value
            for column, cell in zip(columns, record, strict=False)
            if column is not None and (value := cell.strip())
        }
        source = Source(file=file, line=number)
        if "" in fields or (len(record) > width and any(cell.strip() for cell in record[width:])):
            yield Row({}, source, wrong=_SHIFTED)
        elif fields:
            yield Row(fields, source, _accounts(fields) if "account" in fields else ())


def _accounts(fields: dict[str, object]) -> tuple[str, ...]:
    """Taken out of the row: one name, or several with commas or spaces between them."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", str(fields.pop("account")))))


def _plain(name: str) -> str:
    """Without accents, case, underscores and stray spaces, as people vary them."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("_", " ").replace("-", " "))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


_PLAIN_COLUMNS = {_plain(name): column for name, column in COLUMNS.items()}


def _spelled(plain: str) -> str:
    return next(name for name in COLUMNS if _plain(name) == plain)
