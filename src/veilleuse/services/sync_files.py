"""Which files a sync reads, and how each is remembered: its fingerprint, its verdicts, and what is left to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from veilleuse.domain.comparison import Comparison, Outcome
from veilleuse.domain.content import FileRecord
from veilleuse.ports import ContentFile, Scan

# Behind the fingerprint of a stored file: what is left to do although the file has not changed.
WAITING = "waiting"  # a post of it is missing, and not yet withdrawn
CONTESTED = "contested"  # a post of it is not stored from there: read again whenever posts are compared
GONE = "gone"  # in place of the fingerprint: the file is there no more


@dataclass(slots=True)
class Files:
    """Which files are read in this sync and which are left as they stand."""

    scan: Scan
    records: Mapping[str, FileRecord]
    read: list[ContentFile] = field(default_factory=list)
    standing: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    idle: bool = False  # nothing at all is left to do

    def __post_init__(self) -> None:
        here = {file.path for file in self.scan.files}
        absent = self.records.keys() - here
        self.gone = {path for path in absent if not path.startswith(self.scan.unreadable)}
        changed = [file.path for file in self.scan.files if self._is_changed(file)]
        news = bool(changed) or any(_marks(self.records[path])[0] != GONE for path in self.gone)
        self.idle = not news and not any(WAITING in _marks(record) for record in self.records.values())
        self.read = [
            file
            for file in self.scan.files
            if self._is_changed(file) or (not self.idle and is_contested(self.records[file.path]))
        ]
        self.standing = (here | absent) - self.gone - {file.path for file in self.read}

    def _is_changed(self, file: ContentFile) -> bool:
        record = self.records.get(file.path)
        return record is None or _marks(record)[0] != file.fingerprint


def remembered(
    files: Files, fresh: Mapping[str, FileRecord], comparison: Comparison, outcome: Outcome
) -> dict[str, FileRecord]:
    """Every file as it is to be remembered, with the verdicts that came from comparing and what is left to do."""
    told = {path: files.records[path] for path in files.standing}
    for path in outcome.waiting - told.keys() - fresh.keys():
        before = files.records.get(path)
        told[path] = FileRecord(path=path, fingerprint=GONE, accounts=before.accounts if before else ())
    told |= fresh
    for path, record in told.items():
        fingerprint, *old = _marks(record)
        left = {CONTESTED} & {*old} | {CONTESTED for _ in {path} & outcome.contested}
        left |= {WAITING for _ in {path} & outcome.waiting}
        told[path] = replace(
            record,
            fingerprint=" ".join([fingerprint, *sorted(left)]),
            verdicts=tuple(dict.fromkeys([*record.verdicts, *comparison.verdicts.get(path, [])])),
        )
    return told


def _marks(record: FileRecord) -> list[str]:
    """The fingerprint, and what is left to do."""
    return record.fingerprint.split(" ")


def is_contested(record: FileRecord) -> bool:
    return CONTESTED in _marks(record)
