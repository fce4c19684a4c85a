"""Whatever stands in the file: Settings, or every problem in it; never another exception."""

import json
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.config.house import MINIMAL, problems
from tests.config.test_load import HOUSE_RULE
from veilleuse.config.problem import LONGEST


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


def judge(folder: Path, data: str | bytes) -> None:
    for problem in problems(folder, data, mode=0o600):
        assert len(str(problem).splitlines()) == 1
        assert len(str(problem)) < 4 * LONGEST
        assert problem.message
        assert problem.remedy
        assert problem.line is None or problem.line >= 1


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(folder: Path, data: bytes) -> None:
    judge(folder, data)


@settings(deadline=None)
@given(st.text(alphabet="[]{}=.,\"'\\#\n ax1-", max_size=80))
def test_any_text_that_looks_like_toml(folder: Path, text: str) -> None:
    judge(folder, text)


def words_of(text: str) -> list[str]:
    return sorted({word for line in text.splitlines() for word in line.split(" = ")} | set(text.split()))


tricky = """
claire x UTC Europe FR 7d 0h always 09:00-10:00 2026-01-01/2025-01-01 https://[ postgresql://[ :// @ $argon2 json://h en
post file [::1]:1
"""
texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["", "a" * 5000, *tricky.split()])
scalars = (
    texts
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.booleans()
    | st.dates(min_value=date(1, 1, 1))
    | st.datetimes()
    | st.times()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts | st.just("env"), inner, max_size=2),
    max_leaves=6,
)
keys = st.sampled_from(
    [line.split(" = ")[0] for line in HOUSE_RULE.splitlines() if " = " in line]
    + ["timezone", "rule", "alerts", "web", "listen", "people", "accounts", "owner", "credentials", "api_key", "zzz"]
)
tables = st.dictionaries(keys, values, max_size=6)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{toml(str(key))} = {toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value)


@settings(max_examples=300, deadline=None)
@given(tables, tables, tables, tables)
def test_any_values_under_the_keys_of_the_house(
    folder: Path,
    root: dict[str, object],
    rule: dict[str, object],
    person: dict[str, object],
    account: dict[str, object],
) -> None:
    document = [*root.items()]
    for name, table in (("rule", rule), ("people", {"claire": person}), ("accounts", {"acme-x": account})):
        if name not in root:
            document.append((name, table))
    judge(folder, "".join(f"{toml(key)} = {toml(value)}\n" for key, value in document))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_good_file_with_anything_done_to_it(folder: Path, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([MINIMAL, HOUSE_RULE]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    judge(folder, text[:start] + data.draw(st.text(max_size=10) | st.sampled_from(words_of(text))) + text[end:])
