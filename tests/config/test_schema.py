"""The JSON Schemas: as the code has them, right about what is right, and about most of what is wrong."""

import json
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.config.house import FACEBOOK, MINIMAL, X
from tests.config.test_example import EVERY_KEY, EXAMPLE
from tests.content_house import toml
from veilleuse import bootstrap
from veilleuse.config import Answers, config_text, first_posts
from veilleuse.config.template import SCHEMA_OF_CONFIG, SCHEMA_OF_POSTS
from veilleuse.domain.keys import KEYS

ROOT = Path(__file__).parents[2]
PAGE = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "posts.md").read_text(encoding="utf-8"), re.DOTALL)


def plain(value: Any) -> Any:
    """As editors see TOML: its dates are texts."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case datetime() | date():
            return value.isoformat()
    return value


def mistakes(schema: Path, text: str) -> list[str]:
    validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    return [error.message for error in validator.iter_errors(plain(tomllib.loads(text)))]


def test_what_is_shipped_is_what_the_code_makes() -> None:
    for path in (SCHEMA_OF_CONFIG, SCHEMA_OF_POSTS):
        assert path.read_text(encoding="utf-8") == bootstrap.schemas()[path.name], "write them: veilleuse schemas"
        Draft7Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_every_key_of_a_post_is_in_it() -> None:
    schema = json.loads(SCHEMA_OF_POSTS.read_text(encoding="utf-8"))
    assert schema["properties"]["post"]["items"]["properties"].keys() == KEYS


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_examples_are_right_and_say_where_their_schema_is(language: str) -> None:
    told = Answers(timezone="Europe/Paris", language=language, name="Claire", network=X, keys={"handle": "acme"})
    drafts = next(text for name, text in first_posts(told).items() if name.endswith(".toml"))
    for schema, text in ((SCHEMA_OF_CONFIG, config_text(told)), (SCHEMA_OF_POSTS, drafts)):
        assert text.startswith(f"#:schema file://{schema}\n")
        assert mistakes(schema, text) == []
    example = EXAMPLE.read_text(encoding="utf-8")
    assert (ROOT / example.partition("\n")[0].removeprefix("#:schema ")).samefile(SCHEMA_OF_CONFIG)
    assert FACEBOOK.name in example


@pytest.mark.parametrize("text", [EXAMPLE.read_text(encoding="utf-8"), EVERY_KEY, MINIMAL])
def test_right_configurations_are_right(text: str) -> None:
    assert mistakes(SCHEMA_OF_CONFIG, text) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('network = "x"', 'network = "twitter"'),
        ('handle = "acme"\n', ""),
        ('handle = "acme"', 'handle = "acme"\npage_id = "1"'),
        ('handle = "acme"', 'handle = "acme"\n[accounts.acme-x.credentials]\npage_token = { env = "T" }'),
        ('handle = "acme"', 'handle = "acme"\nmax_silence = "a week"'),
        ('handle = "acme"', 'handle = "acme"\nhours = ["Mon-Fri 9-18"]'),
        ('handle = "acme"', 'handle = "acme"\nmax_silense = "7 days"'),
        ('handle = "acme"', 'handle = "acme"\napproval = "none"'),
        ('handle = "acme"', 'handle = "acme"\nmax_per_day = "2"'),
        ("[people.claire]", "[people.Claire]"),
        ('{ env = "CLAIRE_NOTIFY_URL" }', '{ variable = "CLAIRE_NOTIFY_URL" }'),
        ('timezone = "Europe/Paris"', 'time_zone = "Europe/Paris"'),
    ],
)
def test_wrong_configurations_are_wrong(right: str, wrong: str) -> None:
    assert right in MINIMAL
    assert mistakes(SCHEMA_OF_CONFIG, MINIMAL.replace(right, wrong, 1))


@pytest.mark.parametrize(
    "text",
    [
        *PAGE,
        toml('id = "a"\ntext = "A"\nvariants = { x = ["a", "b"], facebook = "c" }\nreserve = true\nreserve_gap = "9d"'),
        toml('text = "A"\nnot_before = 2027-01-31T09:30:00\nnot_after = "31/01/2027"', top='accounts = ["acme-x"]'),
        toml('text = "A"\nnot_before = 2027-01-31T09:30:00.5+01:00\npriority = -1\nmax_uses = 3'),
    ],
)
def test_right_files_of_posts_are_right(text: str) -> None:
    assert mistakes(SCHEMA_OF_POSTS, text) == []


@pytest.mark.parametrize(
    "text",
    [
        toml('texte = "A"'),
        toml('id = "a"'),
        toml('text = ""'),
        toml('text = "A"\nlink = "acme.fr"'),
        toml('text = "A"\nnot_before = "tomorrow"'),
        toml('text = "A"\npriority = "high"'),
        toml('text = "A"\nreserve_gap = "a while"'),
        toml('text = "A"\nvariants = { myspace = "a" }'),
        toml('text = "A"\nvariants = "a"'),
        toml('text = "A"\nmax_uses = 0'),
        toml('text = "A"', top='approved-by = "claire"'),
    ],
)
def test_wrong_files_of_posts_are_wrong(text: str) -> None:
    assert mistakes(SCHEMA_OF_POSTS, text)
