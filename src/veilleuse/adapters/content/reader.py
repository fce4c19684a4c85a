"""One content file, from its bytes to judged posts."""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from veilleuse.adapters.content.encoding import NotText
from veilleuse.adapters.content.images import Images
from veilleuse.adapters.content.sheet import Row, Sheet, note, unreadable
from veilleuse.adapters.content.spreadsheet import parse_spreadsheet
from veilleuse.adapters.content.text import parse_text
from veilleuse.adapters.content.toml import parse_toml
from veilleuse.adapters.content.workbook import parse_workbook
from veilleuse.domain.account import Account
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.judge import Judge
from veilleuse.domain.nearest import nearest
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Image, Post, Source
from veilleuse.domain.written import Wrong
from veilleuse.ports import FileUnreadable

PARSERS: Mapping[str, Callable[[Path, str], Sheet]] = {
    ".toml": parse_toml,
    ".csv": parse_spreadsheet,
    ".tsv": parse_spreadsheet,
    ".xlsx": parse_workbook,
    ".txt": parse_text,
}
_NAME_IT = "Give the file, or a folder around it, the name of one of them."
LARGEST = 50_000_000  # bytes: some 300,000 posts; beyond it is no file of posts


class Reader:
    """Reads files for the accounts of one house, as things stand at `now` (aware UTC)."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        specs: Mapping[str, Mapping[str, NetworkSpec]],
        images: Images,
        now: datetime,
    ) -> None:
        """`specs`: by account, the networks as they are for it."""
        self._accounts = accounts
        self._images = images
        self._judges = {name: Judge(account, specs[name], now) for name, account in accounts.items()}

    def read(self, path: Path, file: str, account: str) -> Iterator[Post | Verdict]:
        """What stands in a file that its name or folder gives to `account`. Raises FileUnreadable."""
        try:
            before = path.stat()
            if before.st_size > LARGEST:
                raise unreadable(
                    file, None, f"It is larger than {LARGEST // 1_000_000} MB.", "Divide it into several files."
                )
            sheet = PARSERS[path.suffix.lower()](path, file)
            yield from sheet.notes
            yield from self._posts(sheet, file, account)
            after = path.stat()
        except NotText as error:
            mend = "Open it in the program that wrote it, and save it as text in UTF-8 (of a spreadsheet: CSV UTF-8)."
            raise unreadable(file, error.line, f"It cannot be read: {error}.", mend) from None
        except FileNotFoundError:
            raise unreadable(
                file, None, "It is a link to a file that is not there.", "Mend it, or take it out."
            ) from None
        except PermissionError:
            raise unreadable(
                file, None, "It may not be opened.", "Make it readable for the user the service runs as."
            ) from None
        except (OSError, UnicodeDecodeError, csv.Error):
            raise _passing(file, "It could not be read to its end.") from None
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise _passing(file, "It changed while it was read.")

    def _posts(self, sheet: Sheet, file: str, account: str) -> Iterator[Post | Verdict]:
        named = sheet.accounts or (account,)
        known = tuple(name for name in named if name in self._accounts)
        if not known and not sheet.per_row:
            raise unreadable(file, None, f'No account is called "{named[0]}".', self._hint(named[0], _NAME_IT))
        for name in sheet.accounts:
            if name not in self._accounts:
                yield self._unknown(name, Source(file=file))
        position = -1
        for position, row in enumerate(sheet.rows):
            if row.wrong is not None:
                yield _error(row.source, row.wrong.message, row.wrong.remedy)
                continue
            image = self._image(row) if "image" in row.fields else None
            accounts = row.accounts or known
            if not accounts:
                yield _error(row.source, "For which account is it?", self._hint("", "Write one of them into this row."))
            for name in accounts:
                judge = self._judges.get(name)
                if judge is None:
                    yield self._unknown(name, row.source)
                    continue
                post, verdicts = judge.judge(
                    row.fields, row.source, position, image=image, approver=sheet.approver, locate=row.locate
                )
                if verdicts:
                    yield from verdicts
                if post is not None:
                    yield post
        if position < 0:
            yield note(file, "There is no post in it.")

    def _image(self, row: Row) -> Image | Wrong:
        written = row.fields["image"]
        if isinstance(written, str):
            return self._images.find(row.source.file, written)
        return Wrong("image: It is not a file name.", 'Write, say, image = "photo.jpg".')

    def _unknown(self, name: str, source: Source) -> Verdict:
        return _error(source, f'No account is called "{name[:80]}".', self._hint(name, "Write one of them."))

    def _hint(self, name: str, mend: str) -> str:
        guess = nearest(name, self._accounts)
        known = ", ".join(sorted(self._accounts)) or "none yet"
        verb = "accounts are" if len(self._accounts) > 1 else "account is"
        meant = f'Did you mean "{guess}"? ' if guess else ""
        return f"{meant}The {verb} {known}. {mend}"


def _error(source: Source, message: str, remedy: str) -> Verdict:
    return Verdict(severity=Severity.ERROR, source=source, message=message, remedy=remedy)


def _passing(file: str, message: str) -> FileUnreadable:
    remedy = "It is read again in a moment; until then its posts stay as they were."
    return FileUnreadable(
        Verdict(severity=Severity.WARNING, source=Source(file=file), message=message, remedy=remedy), passing=True
    )
