"""Posts and candidates for the tables of the domain tests."""

from datetime import UTC, datetime
from typing import Any

from veilleuse.domain.post import Post, Source
from veilleuse.domain.queue import Candidate


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_post(id: str, *, approved_by: str | None = "claire", place: int = 0, **fields: Any) -> Post:
    return Post(
        account="acme-x",
        id=id,
        text=str(fields.pop("text", f"Bonjour de {id} !")),
        source=Source(file="acme-x.toml", line=place + 1),
        order=("acme-x.toml", place),
        approved_by=approved_by,
        **fields,
    )


def a_candidate(id: str, *, place: int = 0, uses: tuple[datetime, ...] = (), **fields: Any) -> Candidate:
    facts = {key: fields.pop(key) for key in ("held", "refused", "released_at", "said") if key in fields}
    return Candidate(post=a_post(id, place=place, **fields), uses=uses, **facts)
