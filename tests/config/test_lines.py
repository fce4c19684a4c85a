"""`domain.lines`: the line of a key, so that a verdict can point at it."""

from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.lines import KeyLines, key_line

TEXT = '''\
# a comment with [brackets] and key = "value"
timezone = "Europe/Paris"
rule.hours = [
  "Mon-Fri 09:00-18:00",  # hours = "no key"
  "Sat 10:00-12:00",
]

[people."claire.b"]
notify = [{ env = "A" }]

[accounts.acme-x]
network = "x"
credentials = { api_key = "k" }
about = """
max_silence = "not a key"
[accounts.nowhere]
"""
max_silence = "7 days"

  [ accounts . 'acme-facebook' ]
  page_id = "1"

[[post]]
text = "one"
[[ post ]]
text = """two "quoted\\""""
not_before = 2027-01-01
[post.variants]
x = \'\'\'
text = "no"
\'\'\'
[[post]]
"te\\u0078t" = "three"
[[post.nested]]
a = 1
[[post.nested]]
a = 2
'''

PLACES: list[tuple[tuple[str | int, ...], int | None]] = [
    (("timezone",), 2),
    (("rule",), 3),
    (("rule", "hours"), 3),
    (("people", "claire.b"), 8),
    (("people", "claire.b", "notify", 0, "env"), 9),
    (("accounts",), 11),
    (("accounts", "acme-x"), 11),
    (("accounts", "acme-x", "network"), 12),
    (("accounts", "acme-x", "credentials", "api_key"), 13),
    (("accounts", "acme-x", "max_silence"), 18),
    (("accounts", "acme-x", "owner"), 11),
    (("accounts", "acme-facebook", "page_id"), 21),
    (("accounts", "nowhere"), 11),
    (("post",), 23),
    (("post", 0, "text"), 24),
    (("post", 1), 25),
    (("post", 1, "not_before"), 27),
    (("post", 1, "variants", "x"), 29),
    (("post", 1, "id"), 25),
    (("post", 2, "text"), 33),
    (("post", 2, "nested", 1, "a"), 37),
    (("absent",), None),
    ((), None),
]


@pytest.mark.parametrize(("path", "line"), PLACES)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int | None) -> None:
    tomli.loads(TEXT)  # the table is about real TOML
    assert key_line(TEXT, path) == line


def test_windows_line_ends_and_a_missing_last_one_change_nothing() -> None:
    text = TEXT.replace("\n", "\r\n").rstrip()
    assert [key_line(text, path) for path, _ in PLACES] == [line for _, line in PLACES]


@given(st.text(alphabet="[]{}=.,\"'\\#\n ab1", max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    KeyLines(text).of(("a", "b"))


keys = st.text(max_size=8)
scalars = st.one_of(st.integers(), st.text(max_size=12), st.lists(st.text(max_size=4), max_size=3))


@given(st.dictionaries(keys, st.dictionaries(keys, scalars, max_size=3), max_size=4))
def test_every_key_written_is_found_where_it_was_written(document: dict[str, dict[str, Any]]) -> None:
    lines: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for table, values in document.items():
        lines.append(f"[{quoted(table)}]")
        expected[(table,)] = len(lines)
        for key, value in values.items():
            expected[(table, key)] = len(lines) + 1
            lines.extend(f"{quoted(key)} = {written(value)}".split("\n"))
    text = "\n".join(lines)
    assert tomli.loads(text) == document
    found = KeyLines(text)
    assert {path: found.of(path) for path in expected} == expected


def quoted(key: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08x}" for letter in key) + '"'


def written(value: object) -> str:
    if isinstance(value, list):
        return "[\n" + "".join(f"  {written(item)},\n" for item in value) + "]"
    return str(value) if isinstance(value, int) else quoted(str(value))
