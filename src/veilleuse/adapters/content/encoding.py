"""Which encoding a text file is in: people's editors and spreadsheet programs do not agree on one."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from veilleuse.language import sentence

_BLOCK = 1 << 16
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]")  # an accented letter, a curly quote or a dash
_HIGH = re.compile(rb"[\x80-\xff]")
# What Excel and Notepad wrote accents in before UTF-8; "CSV (Macintosh)" and "CSV (MS-DOS)" still do.
_OLDER = {"cp1252": "Windows-1252", "mac_roman": "MacRoman", "cp850": "MS-DOS (850)"}
_USUAL = frozenset("éèêëàâäçùûüôöîïßœæÉÀ’‘“”«»–—…€°·•\u00a0")
_SELDOM = frozenset("ÇÈÊÂÔÎÄÖÜŒñáíóú")
_SURE = 1.5  # points a letter, of two


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    codec: str
    note: str = ""  # what to tell the person, if anything


class NotText(Exception):
    """No encoding fits. `line` counts from 1."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.sentence = message
        self.line = line


def recognise(path: Path) -> Encoding:
    """The encoding of a file: what its byte order mark says, else UTF-8, else an older one. Raises NotText, OSError."""
    start = next(_blocks(path), b"")
    for mark, codec in _MARKS.items():
        if start.startswith(mark):
            _try(codec, path)
            return Encoding(codec=codec)
    if b"\0" in start:
        raise NotText(sentence("this is no text file"), None)
    try:
        _try("utf-8", path)
        return Encoding(codec="utf-8")
    except NotText as not_utf8:
        if _is_mostly_utf8(path):
            raise NotText(sentence("one character is not in UTF-8 like the rest"), not_utf8.line) from None
    codec = _older(path)
    _try(codec, path)
    told = sentence("This file is in {name}, an older way to write accents; it was read as such.", name=_OLDER[codec])
    return Encoding(codec=codec, note=told)


def decode(path: Path) -> tuple[str, Encoding]:
    """The whole text of a file. Raises NotText, OSError."""
    encoding = recognise(path)
    try:
        return path.read_bytes().decode(encoding.codec), encoding
    except UnicodeDecodeError:  # it changed between the two reads
        raise NotText(sentence("it changed while it was read"), None) from None


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _try(codec: str, path: Path) -> None:
    decoder, line = codecs.getincrementaldecoder(codec)(), 1
    try:
        for block in _blocks(path):
            line += decoder.decode(block).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        raise NotText(sentence("a character is in no encoding known here"), line) from None


def _older(path: Path) -> str:
    """The encoding in which the file's accents make most sense; Windows-1252 if none does."""
    found = Counter(byte for block in _blocks(path) for byte in _HIGH.findall(block))
    sense = {codec: sum(n * _sense(byte, codec) for byte, n in found.items()) for codec in _OLDER}
    best = max(sense, key=sense.__getitem__)  # the first of equals
    return best if sense[best] >= _SURE * found.total() else "cp1252"


def _sense(byte: bytes, codec: str) -> int:
    letter = byte.decode(codec, errors="replace")
    return 2 if letter in _USUAL else 1 if letter in _SELDOM else 0


def _is_mostly_utf8(path: Path) -> bool:
    """UTF-8 with a stray byte: read as Windows-1252, every accent would come out garbled."""
    letters = high = 0
    for block in _blocks(path):
        letters += len(_UTF8_LETTER.findall(block))
        high += len(_HIGH.findall(block))
    return letters * 4 > high
