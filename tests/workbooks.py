"""Excel workbooks as people and their programs make them, and as they break."""

import io
import re
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

HEADER = ("id", "texte", "lien", "image", "texte alternatif", "priorité", "réserve", "pas avant", "pas après")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: Sequence[object], **more: Sequence[Sequence[object]]) -> bytes:
    """The rows of the first sheet, and those of further ones by title."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in {"Posts": rows, **more}.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same workbook with one of its parts exchanged."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return made.getvalue()


def part(content: bytes, name: str = SHEET) -> bytes:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def calculated(content: bytes, result: str) -> bytes:
    """As if the spreadsheet program had calculated its formulas."""
    sheet = re.sub(
        rb"<c (r=\"\w+\")( t=\"\w+\")?><f>(.*?)</f><v\s*/>", rb'<c \1 t="str"><f>\3</f><v>RESULT</v>', part(content)
    )
    sheet = sheet.replace(b"<v></v>", b"<v>RESULT</v>").replace(b"RESULT", result.encode())
    return with_part(content, SHEET, sheet)
