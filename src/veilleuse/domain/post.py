"""A post: what a human wrote for one account, and the proof of what exactly was approved."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar, dataclass_transform

T = TypeVar("T")

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
RESERVE_GAP = timedelta(days=90)  # between two uses of the same reserve post, unless the post says otherwise


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def _written(cls: type[T]) -> type[T]:
    """A frozen dataclass to mypy only: frozen at run time, it takes four times as long to make, and files hold many."""
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)


@_written
class Source:
    """Where a post was written: a path relative to the content folder, and the line or spreadsheet row, from 1."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image: its bytes are stored under `sha256`, and those bytes are what is sent."""

    sha256: str
    media_type: str
    size: int  # bytes
    name: str  # file name, for people


@_written
class Post:
    """One post for one account, parsed and judged. Times are aware UTC; `not_after` is the first moment too late."""

    account: str
    id: str
    text: str
    source: Source
    named: bool = False  # the author gave the id; else it is the first 8 hex digits of the normalised text's SHA-256
    link: str | None = None
    image: Image | None = None
    alt: str | None = None
    content_warning: str | None = None  # what stands before the text, on networks that know such
    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # network name -> wordings
    not_before: datetime | None = None
    not_after: datetime | None = None
    priority: int = 0  # higher speaks earlier
    reserve: bool = False
    reserve_gap: timedelta = RESERVE_GAP
    max_uses: int | None = None
    approved_by: str | None = None  # None: a draft
    order: tuple[str, int] = ("", 0)  # file, then position in it

    @property
    def ref(self) -> str:
        """The name people use: ACCOUNT/ID."""
        return f"{self.account}/{self.id}"

    @property
    def dated(self) -> bool:
        return self.not_before is not None or self.not_after is not None

    def wordings(self, network: str) -> tuple[str, ...]:
        """The texts this post may be said in on that network, in order."""
        return tuple(self.variants.get(network, ())) or (self.text,)

    @property
    def digest(self) -> str:
        """SHA-256 of what was approved: text, variants, link, alternative text, content warning, the image's bytes.

        And that it may be said again and again, if so.
        """
        image = self.image.sha256 if self.image else None
        # Signatures are older than these two.
        again = '"reserve":true,' if self.reserve else ""
        warning = f'"content_warning":{_json(self.content_warning)},' if self.content_warning else ""
        variants = _json(dict(self.variants)) if self.variants else "{}"
        canonical = (
            f'{{"alt":{_json(self.alt)},{warning}"image":{_json(image)},"link":{_json(self.link)},{again}'
            f'"text":{_json(self.text)},"variants":{variants}}}'
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def row_digest(self) -> str:
        """What the digest leaves out: all else that was written, as a hash; "@", and where it stands.

        With the digest it tells whether the stored row is this post. No approval hangs on it.
        """
        image = self.image and (self.image.media_type, self.image.name)
        rest = _hashed(
            *(self.named, self.not_before, self.not_after, self.priority, self.approved_by, image),
            *(self.reserve, self.reserve_gap, self.max_uses),
        )
        file, position = self.order
        return f"{rest}@{self.source}#{file}#{position}"


@lru_cache  # the same few in row after row
def _hashed(*facts: object) -> str:
    return hashlib.sha256(ascii(facts).encode()).hexdigest()[:32]


def _json(value: object) -> str:
    return "null" if value is None else _CANONICAL.encode(value)
