"""Reading another tool's file: CSV or Excel, with a first row of names or, as Hootsuite's, without."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from veilleuse.adapters.content.columns import plain
from veilleuse.adapters.content.encoding import NotText, recognise
from veilleuse.adapters.content.sheet import unreadable
from veilleuse.adapters.content.spreadsheet import check_quotes, first_row, records
from veilleuse.adapters.content.tools import ANY, Tool
from veilleuse.adapters.content.workbook import read_lines
from veilleuse.domain.foreign import ForeignFile, ForeignRow, is_dated
from veilleuse.language import sentence

LARGEST = 20_000_000  # bytes; these tools take some hundred rows
Lines = Iterator[tuple[int, Sequence[object]]]


def read_foreign(path: Path, tool: Tool) -> ForeignFile:
    """Every post in it. Raises FileUnreadable."""
    file = path.name
    try:
        if path.stat().st_size > LARGEST:
            raise unreadable(
                file,
                None,
                sentence("It is larger than {most} MB.", most=LARGEST // 1_000_000),
                sentence("Divide it into several."),
            )
        if path.suffix.lower() == ".xlsx":
            return _rows(read_lines(path, file), tool, file, "")
        encoding = recognise(path)
        delimiter, _ = first_row(path, encoding, lambda cells: _worth(cells, tool))
        check_quotes(path, file, encoding, delimiter)
        lines: Lines = enumerate(records(path, encoding, delimiter), start=1)
        return _rows(lines, tool, file, encoding.note)
    except NotText as error:
        raise unreadable(
            file,
            error.line,
            sentence("It cannot be read: {why}.", why=error.sentence),
            sentence("Export it again, or save it as CSV UTF-8."),
        ) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or sentence("it changed while it was read")
        raise unreadable(
            file,
            None,
            sentence("It cannot be read: {why}.", why=why),
            sentence("Name the file as it is on this machine."),
        ) from None


def _worth(cells: Sequence[object], tool: Tool) -> int:
    """How much a first row tells, if it was divided rightly."""
    names = sum(plain(str(cell)) in tool.known for cell in cells)
    return names or (len(cells) if _is_without_names(cells, tool) else 0)


def _is_without_names(cells: Sequence[object], tool: Tool) -> bool:
    return bool(tool.positions and len(cells) > 1 and is_dated(str(cells[0])))


def _rows(lines: Lines, tool: Tool, file: str, note: str) -> ForeignFile:
    number, first = next(lines, (1, ()))
    names = [str(cell).strip() for cell in first]
    if _is_without_names(first, tool):
        meanings, body = list(tool.positions), [(number, first), *lines]
        names = [f"field {place}" for place in range(1, 100)]
    else:
        meanings, body = _meanings(names, tool), list(lines)
    if "text" not in meanings:
        columns = ", ".join(list(tool.columns)[:7])
        if tool is ANY:
            what = sentence("The first row names no column that holds the texts.")
            mend = sentence("Its columns are {names}; call the column of the texts text.", names=columns)
        else:
            what = sentence("The first row names no column of {tool} that holds the texts.", tool=tool.title)
            mend = sentence(
                "Its columns are {names}; call the column of the texts text, or leave out --from.", names=columns
            )
        raise unreadable(file, number, what, mend)
    dropped: Counter[str] = Counter()
    found = []
    for line, cells in body:
        values: dict[str, list[object]] = {}
        for place, cell in enumerate(cells):
            value = cell.strip() if isinstance(cell, str) else cell
            meaning = meanings[place] if place < len(meanings) else ""
            if value and meaning:
                values.setdefault(meaning, []).append(value)
            elif value:
                dropped[
                    names[place] if place < len(names) and names[place] else sentence("column {place}", place=place + 1)
                ] += 1
        if values:
            found.append(_row(line, values))
    return ForeignFile(rows=tuple(found), dropped=dropped, divider=tool.divider, note=note)


def _meanings(names: Sequence[str], tool: Tool) -> list[str]:
    """What each column means, "" for nothing here; only one holds the texts."""
    meanings = [tool.known.get(plain(name), "") for name in names]
    texts = [place for place, meaning in enumerate(meanings) if meaning == "text"]
    ranks = list(tool.known)
    for place in sorted(texts, key=lambda place: ranks.index(plain(names[place])))[1:]:
        meanings[place] = ""
    return meanings


def _row(line: int, values: dict[str, list[object]]) -> ForeignRow:
    when = [*values.get("when", []), *values.get("time", [])]
    return ForeignRow(
        line=line,
        text="\n".join(map(str, values.get("text", []))),
        when=when[0] if len(when) == 1 else " ".join(map(str, when)),
        link=" ".join(map(str, values.get("link", []))),
        media=" ".join(map(str, values.get("media", []))),
        alt=" ".join(map(str, values.get("alt", []))),
    )
