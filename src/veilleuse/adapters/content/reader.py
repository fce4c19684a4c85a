"""One content file, from its bytes to judged posts."""

import csv
import stat
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
from veilleuse.language import N_, sentence
from veilleuse.ports import FileUnreadable

PARSERS: Mapping[str, Callable[[Path, str], Sheet]] = {
    ".toml": parse_toml,
    ".csv": parse_spreadsheet,
    ".tsv": parse_spreadsheet,
    ".xlsx": parse_workbook,
    ".txt": parse_text,
}
_NAME_IT = N_("Give the file, or a folder around it, the name of one of them.")
_MEND_LINK = N_("Mend it, or take it out.")
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
            if not stat.S_ISREG(before.st_mode):  # opening a pipe or a terminal would wait for ever
                raise unreadable(
                    file, None, sentence("It is a link to something that is no file."), sentence(_MEND_LINK)
                )
            if before.st_size > LARGEST:
                raise unreadable(
                    file,
                    None,
                    sentence("It is larger than {most} MB.", most=LARGEST // 1_000_000),
                    sentence("Divide it into several files."),
                )
            sheet = PARSERS[path.suffix.lower()](path, file)
            yield from sheet.notes
            yield from self._posts(sheet, file, account)
            after = path.stat()
        except NotText as error:
            mend = sentence(
                "Open it in the program that wrote it, and save it as text in UTF-8 (of a spreadsheet: CSV UTF-8)."
            )
            raise unreadable(
                file, error.line, sentence("It cannot be read: {why}.", why=error.sentence), mend
            ) from None
        except FileNotFoundError:
            raise unreadable(
                file, None, sentence("It is a link to a file that is not there."), sentence(_MEND_LINK)
            ) from None
        except PermissionError:
            raise unreadable(
                file,
                None,
                sentence("It may not be opened."),
                sentence("Make it readable for the user the service runs as."),
            ) from None
        except (OSError, UnicodeDecodeError, csv.Error):
            raise _passing(file, sentence("It could not be read to its end.")) from None
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise _passing(file, sentence("It changed while it was read."))

    def _posts(self, sheet: Sheet, file: str, account: str) -> Iterator[Post | Verdict]:
        named = sheet.accounts or (account,)
        known = tuple(name for name in named if name in self._accounts)
        if not known and not sheet.per_row:
            raise unreadable(
                file,
                None,
                sentence('No account is called "{name}".', name=named[0]),
                self._hint(named[0], sentence(_NAME_IT)),
            )
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
                yield _error(
                    row.source,
                    sentence("For which account is it?"),
                    self._hint("", sentence("Write one of them into this row.")),
                )
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
            yield note(file, sentence("There is no post in it."))

    def _image(self, row: Row) -> Image | Wrong:
        written = row.fields["image"]
        if isinstance(written, str):
            return self._images.find(row.source.file, written)
        return Wrong(sentence("image: It is not a file name."), sentence('Write, say, image = "photo.jpg".'))

    def _unknown(self, name: str, source: Source) -> Verdict:
        return _error(
            source,
            sentence('No account is called "{name}".', name=name[:80]),
            self._hint(name, sentence("Write one of them.")),
        )

    def _hint(self, name: str, mend: str) -> str:
        guess = nearest(name, self._accounts)
        known = ", ".join(sorted(self._accounts)) or sentence("none yet")
        there_are = (
            sentence("The accounts are {names}.", names=known)
            if len(self._accounts) > 1
            else sentence("The account is {names}.", names=known)
        )
        meant = sentence('Did you mean "{guess}"? ', guess=guess) if guess else ""
        return sentence("{meant}{there_are} {mend}", meant=meant, there_are=there_are, mend=mend)


def _error(source: Source, message: str, remedy: str) -> Verdict:
    return Verdict(severity=Severity.ERROR, source=source, message=message, remedy=remedy)


def _passing(file: str, message: str) -> FileUnreadable:
    remedy = sentence("It is read again in a moment; until then its posts stay as they were.")
    return FileUnreadable(
        Verdict(severity=Severity.WARNING, source=Source(file=file), message=message, remedy=remedy), passing=True
    )
