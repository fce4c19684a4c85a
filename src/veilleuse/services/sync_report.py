"""What a sync found and did, and what of it calls a human."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.content import FileRecord, FolderState, Severity, Verdict

TOLD = 3  # errors spelled out in one alert; all of them stand in `sync` and `check`


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """References are ACCOUNT/ID. After a dry run, what would have been written."""

    state: FolderState
    detail: str  # which folder, and why it could not be read
    files: tuple[FileRecord, ...] = ()  # every file, also those not read this time, with what there is to say of it
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # before publication: the new text counts, its approval judged anew
    found: tuple[str, ...] = ()  # were missing, and stand again
    missing: tuple[str, ...] = ()  # gone from the folder: not said from now on
    withdrawn: tuple[str, ...] = ()  # gone for good
    unchanged: int = 0  # posts, in the files that were read
    unread: int = 0  # files that had not changed
    passing: tuple[Verdict, ...] = ()  # said of files that could not be read just now

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All there is to say, file by file."""
        return tuple(verdict for file in self.files for verdict in file.verdicts) + self.passing

    @property
    def has_errors(self) -> bool:
        unread = self.state in (FolderState.MISSING, FolderState.UNREADABLE)
        return unread or any(verdict.severity is Severity.ERROR for verdict in self.verdicts)

    @property
    def summary(self) -> str:
        """One sentence for people."""
        kinds = ("added", "changed", "found", "missing", "withdrawn")
        words = [f"{len(getattr(self, kind))} {'back' if kind == 'found' else kind}" for kind in kinds]
        parts = [word for word in words if not word.startswith("0 ")]
        if self.unchanged or not parts:
            parts.append(f"{self.unchanged} unchanged")
        if self.unread:
            parts.append(f"{self.unread} file{'s' if self.unread > 1 else ''} as before")
        return ", ".join(parts)

    def findings(self, accounts: Mapping[str, Account], person: str) -> list[Finding]:
        """What calls a human now: the owner of the account concerned, else `person`."""
        found = [_invalid(file, accounts, person) for file in self.files if _errors(file)]
        return found if self.state is FolderState.READABLE else [*found, self._missing(person)]

    def _missing(self, person: str) -> Finding:
        empty = self.state is FolderState.EMPTY
        return Finding(
            condition=Condition.CONTENT_MISSING,
            account="",
            subject="",
            text=f"The content folder is empty ({self.detail}): nothing can be said until the posts are back."
            if empty
            else f"The content folder is {self.state} ({self.detail}). What is queued speaks on; nothing new enters.",
            remedy="Put the files back." if empty else "Mount it, or mend its path and permissions.",
            person=person,
        )


def _errors(file: FileRecord) -> list[Verdict]:
    return [verdict for verdict in file.verdicts if verdict.severity is Severity.ERROR]


def _invalid(file: FileRecord, accounts: Mapping[str, Account], person: str) -> Finding:
    errors = _errors(file)
    concerned = {verdict.account for verdict in errors if verdict.account} or set(file.accounts)
    account = concerned.pop() if len(concerned) == 1 else ""
    return Finding(
        condition=Condition.CONTENT_INVALID,
        account=account,
        subject=file.path,
        text=" ".join(_told(file.path, errors)),
        remedy=errors[0].remedy,
        person=accounts[account].owner if account in accounts else person,
    )


def _told(path: str, errors: list[Verdict]) -> Iterator[str]:
    yield f"{path} has {len(errors)} error{'s' if len(errors) > 1 else ''}; what is wrong is not published."
    for error in errors[:TOLD]:
        who = f" ({error.post_id})" if error.post_id else ""
        place = f"Line {error.source.line}{who}" if error.source.line else "The file"
        yield f"{place}: {error.message}"
    if len(errors) > TOLD:
        yield f"And {len(errors) - TOLD} more."
