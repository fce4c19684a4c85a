"""Where a key stands in TOML source: tomli gives values without positions, and people need the line."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

import tomli

Path = tuple[str | int, ...]
Statement = tuple[int, int, int, list[str]]  # brackets (0: a key, 2: [[table]]), line, offset behind it, names

_PIECE = r"""
    (?P<blank>[ \t\r]+|\#[^\n]*)
    |(?P<newline>\n+)
    |(?P<string>\"{3}(?:\\[\s\S]?|[^\\])*?(?:\"{3}(?!\")|\Z)|'{3}[\s\S]*?(?:'{3}(?!')|\Z)|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<mark>\[+|\]+|[{}=])
    |(?P<bare>[^\s\[\]{}=.,"'\#]+)
    |(?P<other>.)
"""
# Whole lines that hold nothing but a plain key and a plain value: skipped in one step while looking for tables.
_PLAIN = r"""
    (?P<plain>(?:
        ^[ \t]*+[\w.-]++[ \t]*+=[ \t]*+
        (?:"(?:[^"\\\n]|\\.)*+"[ \t]*+|'[^'\n]*+'[ \t]*+|[^\s"'\[\]{}\#][^"'\[\]{}\#\n]*+)
        (?:\#[^\n]*+)?\r?\n
    )++)
"""
_ALL = re.compile(_PIECE, re.VERBOSE)
_TABLES = re.compile(f"{_PLAIN}|{_PIECE}", re.VERBOSE | re.MULTILINE)


class KeyLines:
    """The 1-based line of every table and key of one TOML text; make it once, ask it often.

    Arrays of tables count from 0: ("post", 2, "not_before"). What stands inside an array or an inline table is
    answered with the line of its key. Any text is accepted; broken TOML gets what can be made out.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._tables: dict[Path, int] = {}  # the line of a table's header, or of the first one that implies it
        self._bodies: dict[Path, tuple[int, int]] = {(): (1, 0)}  # line and offset at which its own keys begin
        sizes: dict[Path, int] = {}  # of the arrays of tables met so far
        for brackets, line, offset, names in _statements(_TABLES, text):
            path: Path = ()
            for place, name in enumerate(names if brackets else (), start=1):
                path = (*path, name)
                self._tables.setdefault(path, line)
                if brackets == 2 and place == len(names):
                    sizes[path] = sizes.get(path, 0) + 1
                if path in sizes:
                    path = (*path, sizes[path] - 1)
                    self._tables.setdefault(path, line)
            self._bodies.setdefault(path, (line, offset))

    def of(self, path: Sequence[str | int]) -> int | None:
        """The line of that key, else of the nearest table around it, else None."""
        for length in range(len(path), -1, -1):
            table = tuple(path[:length])
            found = self._key(table, tuple(path[length:])) or self._tables.get(table)
            if found is not None:
                return found
        return None

    def _key(self, table: Path, key: Path) -> int | None:
        if not key or table not in self._bodies:
            return None
        best, depth = None, 0
        for brackets, line, _, names in _statements(_ALL, self._text, *self._bodies[table]):
            if brackets:
                break
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(names, key, strict=False)))
            if shared > depth:
                best, depth = line, shared
        return best


def key_line(text: str, path: Sequence[str | int]) -> int | None:
    """The 1-based line of a key in TOML source, for one look-up; see `KeyLines` for many."""
    return KeyLines(text).of(path)


def _statements(pattern: re.Pattern[str], text: str, line: int = 1, offset: int = 0) -> Iterator[Statement]:
    names: list[str] = []
    state, depth = "key", 0  # "key", "header" or "value"; depth: the brackets open in it
    for token in pattern.finditer(text, offset):
        kind, value = token.lastgroup, token[0]
        if kind in ("bare", "string"):
            if state != "value":
                names.append(_unquoted(value) if kind == "string" else value)
        elif kind == "mark":
            if value == "=" and state == "key":
                yield 0, line, token.end(), names
                state = "value"
            elif value[0] in "[{":
                state = "header" if state == "key" else state
                depth += len(value)
            elif value[0] in "]}":
                if state == "header":
                    yield depth, line, token.end(), names
                    state = "value"
                depth -= len(value)
        line += value.count("\n")
        if kind == "newline" and (depth <= 0 or state != "value"):
            state, depth, names = "key", 0, []


def _unquoted(key: str) -> str:
    if "\\" not in key:
        return key[1:-1]
    try:
        return str(tomli.loads(f"key = {key}")["key"])
    except tomli.TOMLDecodeError:
        return key[1:-1]
