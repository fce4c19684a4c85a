"""The queue's texts as the files own them, and what each file was judged to be."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Update, and_, bindparam, delete, null, or_, select, update

from veilleuse.adapters.db.approvals import keep_file_approvals
from veilleuse.adapters.db.images import image_columns, image_of
from veilleuse.adapters.db.part import Part, batches
from veilleuse.adapters.db.tables import accounts, content_files, images, posts, receipts
from veilleuse.adapters.db.types import read, written
from veilleuse.domain.content import FileRecord, IndexedPost, Severity, SyncChange, Verdict
from veilleuse.domain.farewell import PLACE
from veilleuse.domain.post import Post, Source

Key = tuple[str, str]  # account, id

_this_post = and_(posts.c.account == bindparam("of_account"), posts.c.id == bindparam("of_id"))
_now = bindparam("now", type_=posts.c.missing_since.type)
MISS = update(posts).where(_this_post, posts.c.missing_since.is_(None)).values(missing_since=_now)
FIND = update(posts).where(_this_post).values(missing_since=null())
WITHDRAW = update(posts).where(_this_post).values(withdrawn_at=_now)

INDEX = select(
    *(posts.c.account, posts.c.id, posts.c.file, posts.c.digest, posts.c.row_digest),
    *(posts.c.missing_since, posts.c.reserve),
).where(
    posts.c.withdrawn_at.is_(None),
    posts.c.file != PLACE,  # a farewell stands in no file: no scan misses it
)

# A receipt belongs to the account that has its remote identity now; before that is proven, to the account it names.
_owner = and_(
    accounts.c.network == receipts.c.network,
    or_(
        accounts.c.remote_id == receipts.c.identity,
        and_(accounts.c.remote_id.is_(None), accounts.c.name == receipts.c.account),
    ),
)
PUBLISHED = select(accounts.c.name, receipts.c.post_id).join(receipts, _owner).distinct()


class SqlPosts(Part):
    def files(self) -> Mapping[str, FileRecord]:
        with self._db.read() as connection:
            return {row.path: _file(row) for row in connection.execute(select(content_files))}

    def index(self) -> Mapping[Key, IndexedPost]:
        with self._db.read() as connection:
            found = (IndexedPost(**row._mapping) for row in connection.execute(INDEX))
            return {(post.account, post.id): post for post in found}

    def published_keys(self) -> frozenset[Key]:
        with self._db.read() as connection:
            return frozenset((account, post_id) for account, post_id in connection.execute(PUBLISHED))

    def apply(self, change: SyncChange, now: datetime) -> None:
        with self._db.write() as connection:
            for pictures in batches(change.images.items(), size=1):  # an image may have megabytes
                keep = self._db.insert(images).on_conflict_do_nothing()
                connection.execute(keep, [{"sha256": sha256, "bytes": data} for sha256, data in pictures])
            rows = [_row(post) for post in change.upserts]
            self._replace(connection, posts, rows)
            keep_file_approvals(self._db, connection, rows, now)
            for statement, keys in ((FIND, change.found), (MISS, change.missing), (WITHDRAW, change.withdrawn)):
                _mark(connection, statement, keys, now)
            self._replace(connection, content_files, map(_file_row, change.files))
            for paths in batches(sorted(change.gone)):
                connection.execute(delete(content_files).where(content_files.c.path.in_(paths)))


def _mark(connection: Connection, statement: Update, keys: Iterable[Key], now: datetime) -> None:
    for batch in batches(sorted(keys)):
        rows = [{"of_account": account, "of_id": post_id, "now": now} for account, post_id in batch]
        connection.execute(statement, rows)


def _row(post: Post) -> dict[str, Any]:
    file, position = post.order
    return {
        "account": post.account,
        "id": post.id,
        "text": post.text,
        "file": post.source.file,
        "line": post.source.line,
        "named": post.named,
        "link": post.link,
        "alt": post.alt,
        "content_warning": post.content_warning,
        "variants": dict(post.variants),
        "not_before": post.not_before,
        "not_after": post.not_after,
        "priority": post.priority,
        "reserve": post.reserve,
        "reserve_gap": post.reserve_gap,
        "max_uses": post.max_uses,
        "approved_by": post.approved_by,
        "order_file": file,
        "order_position": position,
        "digest": post.digest,
        "row_digest": post.row_digest,
        "missing_since": None,
        "withdrawn_at": None,
        **image_columns(post.image),
    }


def post_of(row: Row[Any]) -> Post:
    return Post(
        account=row.account,
        id=row.id,
        text=row.text,
        source=Source(file=row.file, line=row.line),
        named=row.named,
        link=row.link,
        image=image_of(row),
        alt=row.alt,
        content_warning=row.content_warning,
        variants={network: tuple(texts) for network, texts in row.variants.items()},
        not_before=row.not_before,
        not_after=row.not_after,
        priority=row.priority,
        reserve=row.reserve,
        reserve_gap=row.reserve_gap,
        max_uses=row.max_uses,
        approved_by=row.approved_by,
        order=(row.order_file, row.order_position),
    )


def _file_row(file: FileRecord) -> dict[str, Any]:
    return {
        "path": file.path,
        "fingerprint": file.fingerprint,
        "verdicts": [_verdict_row(verdict) for verdict in file.verdicts],
        "accounts": list(file.accounts),
    }


def _file(row: Row[Any]) -> FileRecord:
    return FileRecord(
        path=row.path,
        fingerprint=row.fingerprint,
        verdicts=tuple(_verdict(**verdict) for verdict in row.verdicts),
        accounts=tuple(row.accounts),
    )


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    return {**asdict(verdict), "message": written(verdict.message), "remedy": written(verdict.remedy)}


def _verdict(*, severity: str, source: Mapping[str, Any], message: str, remedy: str, **whose: str) -> Verdict:
    return Verdict(
        severity=Severity(severity), source=Source(**source), message=read(message), remedy=read(remedy), **whose
    )
