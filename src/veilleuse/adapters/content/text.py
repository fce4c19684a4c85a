"""A `.txt` file: one draft, waiting for somebody to approve it."""

from pathlib import Path

from veilleuse.adapters.content.encoding import decode
from veilleuse.adapters.content.sheet import Row, Sheet, note
from veilleuse.domain.post import Source


def parse_text(path: Path, file: str) -> Sheet:
    """Raises NotText, OSError."""
    text, encoding = decode(path)
    return Sheet(
        rows=iter([Row({"text": text}, Source(file=file, line=1))]),
        notes=(note(file, encoding.note, "Look at its accents; next time save it as UTF-8."),) if encoding.note else (),
    )
