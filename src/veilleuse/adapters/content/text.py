"""A `.txt` file: one draft, waiting for somebody to approve it."""

import re
from pathlib import Path

from veilleuse.adapters.content.columns import has_text, known
from veilleuse.adapters.content.encoding import decode
from veilleuse.adapters.content.sheet import Row, Sheet, note, unreadable
from veilleuse.domain.content import Severity
from veilleuse.domain.post import Source
from veilleuse.language import sentence

# Each within one line: across many empty ones a search would take hours, and hold up every thread meanwhile.
_RULE = re.compile(r"^[^\S\n]*[-=*_#—]{3,}[^\S\n]*$", re.MULTILINE)  # a line between two texts
_TOML = re.compile(r"^[^\S\n]*(?:\[\[post\]\]|text[^\S\n]*=)", re.MULTILINE)


def parse_text(path: Path, file: str) -> Sheet:
    """Raises FileUnreadable, NotText, OSError."""
    text, encoding = decode(path)
    _check(text, file)
    notes = (
        [note(file, encoding.note, sentence("Look at its accents; next time save it as UTF-8."))]
        if encoding.note
        else []
    )
    if _RULE.search(text):
        message = sentence("It looks like several texts; a .txt file is one post, all of it.")
        notes.append(
            note(
                file, message, sentence("Put each into a file of its own, or all into a spreadsheet."), Severity.WARNING
            )
        )
    return Sheet(rows=iter([Row({"text": text}, Source(file=file, line=1))]), notes=tuple(notes))


def _check(text: str, file: str) -> None:
    """Raises FileUnreadable for what is no text to be published, but another form under this name."""
    if text.startswith("{\\rtf"):
        mend = sentence("Make it plain text in the editor (TextEdit: Format > Make Plain Text), and save it again.")
        raise unreadable(file, 1, sentence("It holds text with fonts and colours (RTF), not plain text."), mend)
    if _TOML.search(text):
        raise unreadable(
            file, 1, sentence("It holds posts in TOML; a .txt file is one plain text."), sentence("Name it .toml.")
        )
    first = text.strip().partition("\n")[0]
    if any(has_text(cells) and known(cells) > 1 for cells in map(first.split, ";,\t")):
        raise unreadable(
            file,
            1,
            sentence("It holds rows of a spreadsheet; a .txt file is one plain text."),
            sentence("Name it .csv."),
        )
