"""What is wrong with a configuration: every mistake at once, each with its place and its mend."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from veilleuse.domain.lines import KeyLines
from veilleuse.language import each_language

LONGEST = 400
_BLANKS = re.compile(r"[^\S\u00a0]+")  # a line of French keeps its own
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. `key` is the dotted path as written in TOML, "" for the whole file; `line` counts from 1."""

    file: str
    key: str
    line: int | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = (place, self.key, self.message)
        sentence = ": ".join(str(part) for part in parts if part)
        return _BLANKS.sub(" ", f"{sentence}. {self.remedy}" if self.remedy else sentence)


class ConfigInvalid(Exception):
    """The configuration cannot be used. Its text is every problem, one a line; no secret is in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(each_language(lambda: "\n".join(str(problem) for problem in problems)))
        self.problems = problems


class Problems:
    """Collects the mistakes of one file."""

    def __init__(self, file: str, lines: KeyLines) -> None:
        self._file = file
        self._lines = lines
        self._found: dict[Problem, None] = {}  # in order, each once

    def add(self, path: Sequence[str | int], message: str, remedy: str) -> None:
        key, line = _short(dotted(path)), self._lines.of(path)
        problem = Problem(file=self._file, key=key, line=line, message=_short(message), remedy=_short(remedy))
        self._found[problem] = None

    def settle(self) -> None:
        """Raise ConfigInvalid, in the order of the file, if anything was found."""
        if self._found:
            raise ConfigInvalid(tuple(sorted(self._found, key=lambda problem: problem.line or 0)))


def _short(text: str) -> str:
    """A file may hold a key or value of megabytes."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


def sentences(wrong: ValueError) -> tuple[str, str]:
    """Message and remedy of an error that says "what is wrong; the mend"."""
    return each_language(lambda: _parts(wrong)[0]), each_language(lambda: _parts(wrong)[1])


def _parts(wrong: ValueError) -> tuple[str, str]:
    message, _, mend = str(wrong).rpartition("; ")
    return message.rstrip(), f"{mend[:1].upper()}{mend[1:]}{'' if mend.endswith('?') else '.'}"


def dotted(path: Sequence[str | int]) -> str:
    """A key path as it would be written in TOML: accounts.acme-x.max_silence."""
    return ".".join(
        str(part) if isinstance(part, int) or _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False)
        for part in path
    )
