"""How values of the domain stand in columns: aware moments, durations, words, sentences."""

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Text, TypeDecorator

from veilleuse.language import Sentence

TICK = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware moment, read back in UTC. SQLite holds sortable ISO text, Postgres `timestamptz`.

    A naive value is refused with ValueError: nobody could say which moment it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value}")
        utc = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        return utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if isinstance(value, datetime) else None


class Duration(TypeDecorator[timedelta]):
    """A length of time, exact, as whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // TICK

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        return None if value is None else value * TICK


class Word(TypeDecorator[StrEnum]):
    """A word of one enum, as text: a new word needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Said(TypeDecorator[str]):
    """What people read: a sentence in every language as JSON by language; in one language, as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else read(value)


def written(value: str) -> str:
    """How a sentence is stored."""
    return json.dumps(value.by_language, ensure_ascii=False) if isinstance(value, Sentence) else value


def read(value: str) -> str:
    """What `written` made, as it was."""
    return Sentence.of(json.loads(value)) if value.startswith('{"en": ') else value
