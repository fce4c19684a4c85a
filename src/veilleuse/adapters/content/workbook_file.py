"""The file of an Excel workbook: whether it can be trusted, and opening it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from veilleuse.adapters.content.sheet import unreadable
from veilleuse.language import N_, sentence
from veilleuse.ports import FileUnreadable

if TYPE_CHECKING:  # openpyxl is imported at the first workbook: it costs 80 ms
    from openpyxl import Workbook

LARGEST_UNPACKED = 100_000_000  # bytes: some 500,000 posts; a file made to burst unpacks to far more
_OLE = b"\xd0\xcf\x11\xe0"  # how old .xls files begin, and new ones behind a password

_SAVE_AGAIN = N_("Open it in the spreadsheet program, and save it as an Excel workbook (.xlsx) or as CSV UTF-8.")

_STRANGERS = {"Numbers": "Index/Document.iwa", "LibreOffice": "content.xml"}
_EXPORT = N_(
    "Open it there, and export it as an Excel workbook (.xlsx) or as CSV UTF-8; a new name alone changes nothing."
)


def check(path: Path, file: str) -> None:
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
    with told(file), archive:
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
        for part in parts:  # whatever it is called: the workbook itself says what is read as XML
            parser = ParserCreate()
            parser.StartDoctypeDeclHandler = _burst
            with archive.open(part) as source:
                try:
                    parser.ParseFile(source)
                except ExpatError:
                    if part.filename.endswith((".xml", ".rels")):
                        raise


def _burst(*_: object) -> NoReturn:
    """No spreadsheet program declares entities; a few kilobytes of them would become gigabytes of text."""
    raise ValueError


@contextmanager
def told(file: str) -> Iterator[None]:
    """A file may be wrong in any way, and openpyxl then raises anything: all of it becomes one verdict."""
    try:
        yield
    except (FileUnreadable, FileNotFoundError, PermissionError):
        raise
    except Exception:
        raise unreadable(file, None, sentence("This Excel workbook is damaged."), sentence(_SAVE_AGAIN)) from None


def opened(path: Path, *, calculated: bool = False) -> "Workbook":
    """`calculated`: cells hold the results of formulas, else the formulas."""
    warnings.filterwarnings("ignore", module="openpyxl")  # of drop-down lists and the like, which are not read
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=calculated, keep_links=False)
