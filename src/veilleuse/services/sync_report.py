"""What a sync found and did, and what of it calls a human."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.content import FileRecord, FolderState, Severity, Verdict
from veilleuse.language import N_, _, each_language, ngettext, sentence

_AWAY = N_("Mount it, or mend its path and permissions.")
_CALAMITIES = {
    FolderState.EMPTY: (
        N_("The content folder is empty ({detail}): nothing can be said until the posts are back."),
        N_("Put the files back."),
    ),
    FolderState.MISSING: (
        N_("The content folder is missing ({detail}). What is queued speaks on; nothing new enters."),
        _AWAY,
    ),
    FolderState.UNREADABLE: (
        N_("The content folder is unreadable ({detail}). What is queued speaks on; nothing new enters."),
        _AWAY,
    ),
}
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
    def changed_anything(self) -> bool:
        """In the queue."""
        return any((self.added, self.changed, self.found, self.missing, self.withdrawn))

    def followed_by(self, after: "SyncReport") -> "SyncReport":
        """Both as one: what the second has to say of the files, what either has done to the queue."""
        return replace(
            after,
            unchanged=self.unchanged,
            unread=self.unread,
            added=_both(self.added, after.added),
            changed=_both(self.changed, after.changed),
            found=_both(self.found, after.found),
            missing=_both(self.missing, after.missing),
            withdrawn=_both(self.withdrawn, after.withdrawn),
        )

    @property
    def has_errors(self) -> bool:
        unread = self.state in (FolderState.MISSING, FolderState.UNREADABLE)
        return unread or any(verdict.severity is Severity.ERROR for verdict in self.verdicts)

    @property
    def summary(self) -> str:
        """One sentence for people, in the language of the moment."""
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        added, changed, found = len(self.added), len(self.changed), len(self.found)
        missing, withdrawn = len(self.missing), len(self.withdrawn)
        if added:
            yield ngettext("{count} added", "{count} added", added).format(count=added)
        if changed:
            yield ngettext("{count} changed", "{count} changed", changed).format(count=changed)
        if found:
            yield ngettext("{count} back", "{count} back", found).format(count=found)
        if missing:
            yield ngettext("{count} missing", "{count} missing", missing).format(count=missing)
        if withdrawn:
            yield ngettext("{count} withdrawn", "{count} withdrawn", withdrawn).format(count=withdrawn)
        if self.unchanged or not (added or changed or found or missing or withdrawn):
            yield ngettext("{count} unchanged", "{count} unchanged", self.unchanged).format(count=self.unchanged)
        if self.unread:
            yield ngettext("{count} file as before", "{count} files as before", self.unread).format(count=self.unread)

    def findings(self, accounts: Mapping[str, Account], person: str) -> list[Finding]:
        """What calls a human now: the owner of the account concerned, else `person`."""
        found = [_invalid(file, accounts, person) for file in self.files if _errors(file)]
        return found if self.state is FolderState.READABLE else [*found, self._missing(person)]

    def _missing(self, person: str) -> Finding:
        text, remedy = _CALAMITIES[self.state]
        return Finding(
            condition=Condition.CONTENT_MISSING,
            account="",
            subject="",
            text=sentence(text, detail=self.detail),
            remedy=sentence(remedy),
            person=person,
        )


def _both(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*before, *after]))


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
        text=each_language(lambda: " ".join(_told(file.path, errors))),
        remedy=errors[0].remedy,
        person=accounts[account].owner if account in accounts else person,
    )


def _told(path: str, errors: list[Verdict]) -> Iterator[str]:
    yield ngettext(
        "{file} has {count} error; what is wrong is not published.",
        "{file} has {count} errors; what is wrong is not published.",
        len(errors),
    ).format(file=path, count=len(errors))
    for error in errors[:TOLD]:
        who = f" ({error.post_id})" if error.post_id else ""
        line = error.source.line
        place = _("Line {line}{who}").format(line=line, who=who) if line else _("The file")
        yield _("{place}: {what}").format(place=place, what=error.message)
    if len(errors) > TOLD:
        yield _("And {count} more.").format(count=len(errors) - TOLD)
