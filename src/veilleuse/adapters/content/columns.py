"""The columns of a spreadsheet, in whatever form it was saved: what their names mean, and what a row says."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from veilleuse.adapters.content.sheet import Row, note, unreadable
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.nearest import nearest
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong, is_garbled
from veilleuse.language import N_, sentence
from veilleuse.ports import FileUnreadable

COLUMNS = {
    "id": "id",
    "text": "text",
    "texte": "text",
    "link": "link",
    "lien": "link",
    "image": "image",
    "alt": "alt",
    "texte alternatif": "alt",
    "content warning": "content_warning",
    "avertissement": "content_warning",
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
DATES = frozenset({"not_before", "not_after"})

_SURELY_MEANT = 0.75  # a column so much like a known one is a misspelling, not a column of the person's own
_NAME_THEM = N_(
    "The names are id;texte;lien;image;texte alternatif;avertissement;priorité;réserve;pas avant;pas après;approuvé "
    "par (or id;text;link;image;alt;content warning;priority;reserve;not before;not after;approved by); only the text "
    "is required."
)
_IMPORT = N_("If another tool made this file, `veilleuse import` turns it into one.")
HEAD = 10  # rows among which the names are looked for when the first does not hold them
_SHIFTED = (
    N_("This row has more cells than there are columns: a comma or a semicolon in a text cuts it in two."),
    N_('Put that text between quotation marks ("..."), or save the sheet as CSV UTF-8, which does so.'),
)
_REPEATED = (N_("This row names the columns once more."), N_("Take it out."))
_UNNAMED = (
    N_("A cell stands beyond the named columns: nobody knows what it means."),
    N_("Give its column a name in the first row, or empty the cell."),
)

Columns = list[str | None]  # a key of a post, "" for a column without a name, None for one of the person's own


def known(names: Iterable[str]) -> int:
    """How many of these are names of columns."""
    return sum(plain(name) in _PLAIN_COLUMNS for name in names)


def has_text(names: Iterable[str]) -> bool:
    """Whether one of these is the column of the texts."""
    return any(_PLAIN_COLUMNS.get(plain(name)) == "text" for name in names)


def read_columns(
    names: Sequence[str], file: str, line: int = 1, below: Iterable[tuple[int, Sequence[str]]] = ()
) -> tuple[Columns, list[Verdict]]:
    """What each column means. Raises FileUnreadable. `below`: the next rows, where the names may stand by mistake."""
    if not known(names):
        raise _unnamed(names, file, line, below)
    columns: Columns = []
    notes = []
    for name in names:
        column = _PLAIN_COLUMNS.get(plain(name)) if name.strip() else ""
        shown = name.strip()[:80]
        if is_garbled(name):
            message = sentence('The accents of this file are garbled: "{shown}".', shown=shown)
            raise unreadable(
                file, line, message, sentence("Save it again as CSV UTF-8 from where its accents are still right.")
            )
        if column and column in columns:
            raise unreadable(
                file,
                line,
                sentence('Two columns mean the same: "{shown}" is the second.', shown=shown),
                sentence("Take one of them out."),
            )
        columns.append(column)
        if column is None:
            guess = nearest(plain(name), _PLAIN_COLUMNS, _SURELY_MEANT)
            if guess:
                raise unreadable(
                    file,
                    line,
                    sentence('No column is called "{shown}".', shown=shown),
                    sentence('Did you mean "{guess}"?', guess=_spelled(guess)),
                )
            notes.append(
                note(
                    file,
                    sentence('The column "{shown}" means nothing here and is not used.', shown=shown),
                    sentence(_NAME_THEM),
                    Severity.WARNING,
                )
            )
    if "text" not in columns:
        raise unreadable(file, line, sentence('The first row names no column "texte" or "text".'), sentence(_NAME_THEM))
    return columns, notes


def read_row(cells: Sequence[object], columns: Columns, source: Source, *, may_shift: bool = True) -> Row | None:
    """What a row says; None if nothing. Cells are texts, or dates as a workbook knows them.

    `may_shift`: separators, not cells, hold its columns apart.
    """
    fields: dict[str, object] = {
        column: value
        for column, cell in zip(columns, cells, strict=False)
        if column is not None and (value := cell.strip() if isinstance(cell, str) else cell)
    }
    if "" in fields or (len(cells) > len(columns) and any(str(cell).strip() for cell in cells[len(columns) :])):
        return Row({}, source, wrong=Wrong(*map(sentence, _SHIFTED if may_shift else _UNNAMED)))
    if len(fields) > 1 and _names_text(fields.get("text")) and _names_all(cells):
        return Row({}, source, wrong=Wrong(*map(sentence, _REPEATED)))
    return Row(fields, source, _accounts(fields) if "account" in fields else ()) if fields else None


def _unnamed(names: Sequence[str], file: str, line: int, below: Iterable[tuple[int, Sequence[str]]]) -> FileUnreadable:
    for number, cells in below:
        if has_text(cells):
            message = sentence("The names of the columns stand in row {number}, not in the first.", number=number)
            return unreadable(file, line, message, sentence("Take out what stands above row {number}.", number=number))
    shown = ", ".join(f'"{name.strip()[:30]}"' for name in names if name.strip())
    if not shown:
        return unreadable(
            file, line, sentence("It is empty: not even a first row names the columns."), sentence(_NAME_THEM)
        )
    message = sentence("The first row does not name the columns; it says {names}.", names=shown[:200])
    return unreadable(
        file, line, message, sentence("{names} {more}", names=sentence(_NAME_THEM), more=sentence(_IMPORT))
    )


def _names_text(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST and cell.lower() in _TEXT


def _names_all(cells: Sequence[object]) -> bool:
    written = [str(cell) for cell in cells if str(cell).strip()]
    return known(written) == len(written)


def _accounts(fields: dict[str, object]) -> tuple[str, ...]:
    """Taken out of the row: one name, or several with commas or spaces between them."""
    return tuple(dict.fromkeys(re.findall(r"[^\s,;]+", str(fields.pop("account")).casefold())))


def plain(name: str) -> str:
    """Without accents, case, underscores and stray spaces, as people vary them."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("_", " ").replace("-", " "))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


_PLAIN_COLUMNS = {plain(name): column for name, column in COLUMNS.items()}
_TEXT = frozenset(name for name, column in COLUMNS.items() if column == "text")
_LONGEST = max(map(len, _TEXT))  # most cells are longer, and not looked at


def _spelled(wanted: str) -> str:
    return next(name for name in COLUMNS if plain(name) == wanted)
