"""Sync: make the stored queue say what the content folder says. Declarative and idempotent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Receipt
from veilleuse.domain.chorus import Chorus
from veilleuse.domain.comparison import Comparison, Key, Stored
from veilleuse.domain.content import FileRecord, FolderState, SyncChange, Verdict
from veilleuse.domain.freeze import STOP, Freeze
from veilleuse.domain.queue import Candidate
from veilleuse.domain.text import text_id
from veilleuse.domain.verdicts import Verdicts
from veilleuse.ports import Clock, ContentSource, FileUnreadable, PostStore, Scan
from veilleuse.services.sync_files import Files, is_contested, remembered
from veilleuse.services.sync_report import SyncReport
from veilleuse.services.sync_writer import SyncWriter

__all__ = ["Progress", "Sync", "SyncReport"]

EVERY = 1000  # posts between two words of progress
ALL = 1_000_000_000  # receipts
ROUNDS = 3  # of comparing again; each lets in what the one before made room for

Progress = Callable[[int, int, str], None]  # files done, files to read, path


class SyncStore(PostStore, Protocol):
    """What a sync asks of the store."""

    def candidates(self, account: str) -> list[Candidate]: ...

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]: ...

    def freezes(self, now: datetime) -> list[Freeze]: ...

    def ring(self, accounts: Iterable[str], now: datetime) -> None: ...


class Sync:
    def __init__(self, source: ContentSource, store: SyncStore, clock: Clock, accounts: Mapping[str, Account]) -> None:
        self._source = source
        self._store = store
        self._clock = clock
        self._accounts = accounts

    def run(self, *, dry_run: bool = False, progress: Progress | None = None) -> SyncReport:
        """Bring the folder into the queue. A dry run writes nothing and reports what would be. Raises StoreUnavailable.

        What was kept out by a post that has just left, or moved, is compared again, until nothing changes.
        """
        report = self._look(dry_run, progress)
        for _ in range(ROUNDS):
            if dry_run or not report.changed_anything or not any(map(is_contested, report.files)):
                break
            after = self._look(False, progress)
            report = report.followed_by(after)
            if not after.changed_anything:
                break
        return report

    def _look(self, dry_run: bool, progress: Progress | None) -> SyncReport:
        now = self._clock.now()
        scan = self._source.scan()
        records = self._store.files()
        if scan.state in (FolderState.MISSING, FolderState.UNREADABLE):
            return SyncReport(state=scan.state, detail=scan.detail, files=tuple(records.values()))
        if not dry_run:
            self._freeze(scan, now)
        files = Files(scan, records)
        if files.idle:
            told = tuple(records[path] for path in sorted(files.standing))
            return SyncReport(state=scan.state, detail=scan.detail, files=told, unread=len(told))
        return self._compare(files, now, dry_run, progress or (lambda done, total, path: None))

    def _compare(self, files: Files, now: datetime, dry_run: bool, progress: Progress) -> SyncReport:
        stored = self._stored()
        comparison = Comparison(stored, standing=files.standing)
        writer = SyncWriter(self._source, self._store, stored.index, now, dry=dry_run)
        chorus = self._chorus(files, stored)
        fresh: dict[str, FileRecord] = {}
        broken, passing = set(), []
        for done, file in enumerate(files.read):
            progress(done, len(files.read), file.path)
            verdicts, concerned = Verdicts(file.path), set(file.accounts)
            try:
                for shown, item in enumerate(file.parse()):
                    if isinstance(item, Verdict):
                        verdicts.add(item)
                        continue
                    concerned.add(item.account)
                    chorus.hear(item)
                    post = comparison.show(item)
                    if post is not None:
                        writer.write(post)
                    if shown % EVERY == EVERY - 1:
                        progress(done, len(files.read), file.path)
            except FileUnreadable as unreadable:
                broken.add(file.path)
                before = files.records.get(file.path)
                concerned.update(before.accounts if before else ())
                verdicts.add(unreadable.verdict)
                if unreadable.passing:
                    passing.append(unreadable.verdict)
                    continue
            fresh[file.path] = FileRecord(
                path=file.path, fingerprint=file.fingerprint, verdicts=verdicts.all(), accounts=tuple(sorted(concerned))
            )
        heard = chorus.verdicts()
        for path in heard.keys() & fresh.keys():
            fresh[path] = replace(fresh[path], verdicts=(*fresh[path].verdicts, *heard[path]))
        outcome = comparison.close(now, broken)
        outcome = replace(outcome, contested=outcome.contested | heard.keys())
        writer.retract(outcome.retracted)
        for post in outcome.upserts:
            writer.write(post)
        told = remembered(files, fresh, comparison, outcome)
        change = SyncChange(
            found=outcome.found,
            missing=outcome.missing,
            withdrawn=outcome.withdrawn | outcome.retracted,
            files=tuple(
                record
                for path, record in told.items()
                if files.records.get(path) != record and path not in writer.interrupted
            ),
            gone=frozenset(files.gone - outcome.waiting),
        )
        writer.finish(change)
        progress(len(files.read), len(files.read), "")
        if not dry_run:
            touched = outcome.found | outcome.missing | outcome.withdrawn
            self._ring(writer.accounts | {account for account, _ in touched}, now)
        return SyncReport(
            state=files.scan.state,
            detail=files.scan.detail,
            files=tuple(record for path, record in sorted(told.items()) if path not in files.gone),
            added=tuple(writer.added),
            changed=tuple(writer.changed),
            found=_refs(outcome.found),
            missing=_refs(outcome.missing),
            withdrawn=_refs(outcome.withdrawn),
            unchanged=comparison.unchanged,
            unread=len(files.standing),
            passing=tuple(passing),
        )

    def _chorus(self, files: Files, stored: Stored) -> Chorus:
        """It knows already what stands in the files that are not read again."""
        chorus = Chorus(self._accounts)
        standing = {post.account for post in stored.index.values() if post.file in files.standing}
        for account in sorted(standing & self._accounts.keys()):
            for candidate in self._store.candidates(account):
                if candidate.post.source.file in files.standing:
                    chorus.remember(candidate.post)
        return chorus

    def _stored(self) -> Stored:
        receipts: dict[str, dict[str, Receipt]] = {}

        def said(key: Key) -> Receipt | None:
            account, post_id = key
            if account not in receipts:
                newest_first = self._store.receipts(account, ALL)
                receipts[account] = {receipt.post_id: receipt for receipt in reversed(newest_first)}
            return receipts[account].get(post_id)

        on_x = [name for name, account in self._accounts.items() if account.network == "x"]
        return Stored(
            index=self._store.index(),
            published=self._store.published_keys(),
            said=said,
            on_x={name: self._texts(name) for name in on_x} if len(on_x) > 1 else {},
        )

    def _texts(self, account: str) -> dict[str, str]:
        posts = (candidate.post for candidate in self._store.candidates(account))
        return {text_id(wording): post.id for post in posts for wording in post.wordings("x")}

    def _freeze(self, scan: Scan, now: datetime) -> None:
        """Make the STOP files hold; one in a folder that cannot be opened just now holds on."""
        held = [freeze for freeze in self._store.freezes(now) if freeze.file is not None]
        wanted = [
            Freeze(account=account, origin=f"{STOP}{path}", by="a STOP file", reason=reason, since=now)
            for account, path, reason in scan.stops
        ]
        wanted += [freeze for freeze in held if freeze.file and freeze.file.startswith(scan.unreadable)]
        before = {(freeze.account, freeze.origin, freeze.reason) for freeze in held}
        after = {(freeze.account, freeze.origin, freeze.reason) for freeze in wanted}
        if before != after:
            self._store.set_stops(wanted)
            changed = {account for account, _, _ in before ^ after}
            self._ring(self._accounts if "" in changed else changed, now)

    def _ring(self, accounts: Iterable[str], now: datetime) -> None:
        known = sorted(name for name in accounts if name in self._accounts)
        if known:
            self._store.ring(known, now)


def _refs(keys: Iterable[Key]) -> tuple[str, ...]:
    return tuple(sorted(f"{account}/{post_id}" for account, post_id in keys))
