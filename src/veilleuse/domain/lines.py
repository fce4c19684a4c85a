"""Where a key stands in TOML source: tomllib gives values without positions, and people need the line."""

import re
import tomllib
from collections.abc import Sequence

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r]+|\#[^\n]*)
    |(?P<newline>\n)
    |(?P<string>\"{3}(?:\\[\s\S]?|[^\\])*?(?:\"{3}(?!\")|\Z)|'{3}[\s\S]*?(?:'{3}(?!')|\Z)|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<mark>[\[\]{}=])
    |(?P<bare>[^\s\[\]{}=.,"'\#]+)
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_POSITION = re.compile(r"at line (\d+), column \d+")


class KeyLines:
    """The 1-based line of every table and key of one TOML text; read it once, ask it often.

    Arrays of tables count from 0: ("post", 2, "not_before"). What stands inside an array or an inline table is
    answered with the line of its key. Any text is accepted; broken TOML gets what can be made out.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._sizes: dict[Path, int] = {}  # arrays of tables met so far
        self._read(text)

    def of(self, path: Sequence[str | int]) -> int | None:
        """The line of that key, else of the nearest table around it, else None."""
        return next(
            (self._lines[tuple(path[:n])] for n in range(len(path), 0, -1) if tuple(path[:n]) in self._lines), None
        )

    def _read(self, text: str) -> None:
        line = 1
        table: Path = ()
        names: list[str] = []
        state, depth = "key", 0  # state: "key", "header", "value"; depth: of the brackets open in it
        for token in _TOKEN.finditer(text):
            kind, value = token.lastgroup, token[0]
            if state != "value" and kind in ("bare", "string"):
                names.append(_unquoted(value) if kind == "string" else value)
            elif kind == "mark" and value == "=" and state == "key":
                self._note((*table, *names), line)
                state = "value"
            elif kind == "mark" and value in "[{":
                state = "header" if state == "key" else state
                depth += 1
            elif kind == "mark" and value in "]}":
                if state == "header":
                    table = self._open(names, line, array=depth == 2)
                    state = "value"
                depth -= 1
            line += value.count("\n")
            if kind == "newline" and (depth <= 0 or state != "value"):
                state, depth, names = "key", 0, []

    def _open(self, names: Sequence[str], line: int, *, array: bool) -> Path:
        path: Path = ()
        for place, name in enumerate(names, start=1):
            path = (*path, name)
            if array and place == len(names):
                self._sizes[path] = self._sizes.get(path, 0) + 1
            if path in self._sizes:
                path = (*path, self._sizes[path] - 1)
        self._note(path, line)
        return path

    def _note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)


def key_line(text: str, path: Sequence[str | int]) -> int | None:
    """The 1-based line of a key in TOML source, for one look-up; see `KeyLines`."""
    return KeyLines(text).of(path)


def position(error: tomllib.TOMLDecodeError) -> int | None:
    """The 1-based line at which a text stops being TOML; None at its end."""
    at = getattr(error, "lineno", None)  # from Python 3.14 on
    if at is not None:
        return int(at)
    found = _POSITION.search(str(error))
    return int(found[1]) if found else None


def _unquoted(key: str) -> str:
    if "\\" not in key:
        return key[1:-1]
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except tomllib.TOMLDecodeError:
        return key[1:-1]
