"""The content folder. It is only ever read, so that it may be mounted read-only."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from veilleuse.adapters.content.encoding import NotText, decode
from veilleuse.adapters.content.images import SUFFIXES, Images
from veilleuse.adapters.content.reader import PARSERS, Reader
from veilleuse.adapters.content.sheet import note
from veilleuse.adapters.content.tree import Found, Tree, walk
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Limits
from veilleuse.domain.content import FolderState, Severity, Verdict
from veilleuse.domain.nearest import nearest
from veilleuse.domain.network import NetworkSpec
from veilleuse.language import sentence
from veilleuse.ports import Clock, ContentFile, Scan

Stop = tuple[str, str, str]  # account ("" for all), path, reason
LONGEST_REASON = 100_000  # bytes of a STOP file


class FolderSource:
    """A `ContentSource` on a folder, for the accounts of one house."""

    def __init__(
        self,
        root: Path,
        accounts: Mapping[str, Account],
        specs: Mapping[str, NetworkSpec],
        clock: Clock,
        images: Path | None = None,
        limits: Callable[[], Mapping[str, Limits]] = dict,
    ) -> None:
        """`images`: where to look for them if they do not stand in `root`. `limits`: by account, its own server's."""
        self._root = root
        self._accounts = accounts
        self._specs = specs
        self._clock = clock
        self._images = Images(images or root, max((spec.image_max_bytes for spec in specs.values()), default=0))
        self._limits = limits

    def scan(self) -> Scan:
        try:
            tree = walk(self._root)
        except FileNotFoundError:
            return Scan(
                state=FolderState.MISSING, detail=sentence("{folder}: there is no such folder", folder=self._root)
            )
        except OSError as error:
            return Scan(
                state=FolderState.UNREADABLE,
                detail=f"{self._root}: {error.strerror}",
            )
        specs = self._own_specs()
        reader = Reader(self._accounts, specs, self._images, self._clock.now())
        files = tuple(self._files(tree, reader, _law(self._accounts, specs)))
        read = any(PurePosixPath(file.path).suffix.lower() in PARSERS for file in files)
        return Scan(
            state=FolderState.READABLE if read or tree.closed else FolderState.EMPTY,
            files=files,
            stops=self._stops(tree),
            unreadable=tuple(tree.closed),
            detail=str(self._root),
        )

    def _own_specs(self) -> Mapping[str, Mapping[str, NetworkSpec]]:
        """By account, the networks as they are for it."""
        limits = self._limits()
        return {
            name: {**self._specs, account.network: self._specs[account.network].within(limits.get(name))}
            for name, account in self._accounts.items()
        }

    def stops(self) -> tuple[Stop, ...]:
        try:
            return self._stops(walk(self._root))
        except OSError:
            return ()

    def image(self, sha256: str) -> bytes:
        return self._images.read(sha256)

    def _stops(self, tree: Tree) -> tuple[Stop, ...]:
        places = ((found, self._held_by(found)) for found in tree.files if found.is_stop)
        return tuple((account, found.name, _reason(found.path)) for found, account in places if account is not None)

    def _held_by(self, stop: Found) -> str | None:
        """Whom a STOP file stops: all, the account whose folder it is in, or (None) somebody unknown."""
        return self._by_folder(stop) if stop.folders else ""

    def _files(self, tree: Tree, reader: Reader, law: str) -> Iterator[ContentFile]:
        pictures = _stamps(found for found in tree.files if found.path.suffix.lower() in SUFFIXES)
        for found in tree.files:
            suffix = found.path.suffix.lower()
            account = self._account(found)
            parse = partial(reader.read, found.path, found.name, account)
            if found.is_stop:
                if self._held_by(found) is not None:
                    continue
                parse = partial(iter, (self._stops_nobody(found),))
            elif suffix in SUFFIXES:
                continue
            elif suffix not in PARSERS:
                parse = partial(iter, (_not_read(found),))
            elif found.is_conflict:
                parse = partial(iter, (_conflict(found),))
            yield ContentFile(
                path=found.name,
                fingerprint=_digest(law, pictures, _stamps([found]), account),
                parse=parse,
                accounts=tuple(name for name in (account,) if name in self._accounts),
            )
        for folder in tree.closed:
            verdict = note(
                folder, sentence("This folder may not be opened."), sentence("Make it readable."), Severity.ERROR
            )
            yield ContentFile(path=folder, fingerprint="closed", parse=partial(iter, (verdict,)))

    def _account(self, found: Found) -> str:
        """By the file's name, else by the innermost folder that bears an account's name; else the name, unknown."""
        stem = PurePosixPath(found.name).stem
        by_name = stem.casefold()
        return by_name if by_name in self._accounts else self._by_folder(found) or stem

    def _by_folder(self, found: Found) -> str | None:
        return next((name for name in map(str.casefold, reversed(found.folders)) if name in self._accounts), None)

    def _stops_nobody(self, found: Found) -> Verdict:
        folder = found.folders[-1]
        guess = nearest(folder, self._accounts)
        mend = (
            sentence('rename the folder to "{guess}"', guess=guess)
            if guess
            else sentence("put it into the folder of an account")
        )
        return note(
            found.name,
            sentence('This STOP file stops nobody: "{folder}" is no account.', folder=folder),
            sentence("To stop one account, {mend}; to stop all, put it directly into the content folder.", mend=mend),
            Severity.ERROR,
        )


def _not_read(found: Found) -> Verdict:
    suffix = found.path.suffix.lower()
    if suffix in (".xls", ".xlsm", ".xlsb", ".ods", ".numbers"):
        mend = sentence(
            "Save it from the spreadsheet program as an Excel workbook (.xlsx) or as CSV UTF-8 into this folder."
        )
    elif suffix in (".docx", ".doc", ".odt", ".rtf", ".md", ".pages", ".pdf"):
        mend = sentence("Save its text as a .txt file (one draft), or write the posts as .toml, .xlsx or .csv.")
    else:
        mend = sentence("Posts are read from .toml, .xlsx, .csv and .txt files; take it out if it is none.")
    return note(found.name, sentence("This file is not read."), mend, Severity.WARNING)


def _conflict(found: Found) -> Verdict:
    return note(
        found.name,
        sentence("Two people changed one file at once, and this is the second version: it is not read."),
        sentence("Bring what is new in it into the file itself, then take it out."),
        Severity.ERROR,
    )


def _reason(path: Path) -> str:
    """Its first line. It is asked for before every send: what is no file, or a huge one, stops without a word."""
    try:
        if not path.is_file() or path.stat().st_size > LONGEST_REASON:
            return ""
        text, _ = decode(path)
    except (NotText, OSError):
        return ""
    lines = text.strip().splitlines() or [""]
    return "".join(each for each in lines[0].strip() if each.isprintable())[:200]


def _law(accounts: Mapping[str, Account], specs: Mapping[str, Mapping[str, NetworkSpec]]) -> str:
    """What files are judged by: when it changes, all are judged again."""
    people = [
        (a.name, a.network, a.owner, a.approvers, a.language, a.kind, a.rule.zone.key, a.rule.approval)
        for a in accounts.values()
    ]
    networks = [(name, *_measures(specs[name][account.network])) for name, account in accounts.items()]
    return _digest(_version(), sorted(people), sorted(networks))


def _measures(spec: NetworkSpec) -> tuple[object, ...]:
    types = tuple(sorted(spec.image_types))
    return spec.title, spec.limit, spec.link_in_text, types, spec.image_max_bytes, spec.alt_max


@cache
def _version() -> str:
    return version("veilleuse")


def _stamps(files: Iterator[Found] | list[Found]) -> list[tuple[str, int, int, int]]:
    stamps = []
    for found in files:
        try:
            now = os.stat(found.path)
            stamps.append((found.name, now.st_mtime_ns, now.st_ctime_ns, now.st_size))
        except OSError:
            stamps.append((found.name, 0, 0, 0))
    return stamps


def _digest(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode(errors="replace")).hexdigest()[:32]
