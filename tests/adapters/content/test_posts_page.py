"""What docs/posts.md and its French twin show can be copied into a content folder as it stands."""

import re
from pathlib import Path

import pytest

from tests.content_house import Folder

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {name: (DOCS / name).read_text() for name in ("posts.md", "posts.fr.md")}
EXAMPLES = {name: re.findall(r"```(toml|csv)\n(.*?)```", page, re.DOTALL) for name, page in PAGES.items()}


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_files(page: str) -> None:
    assert len(EXAMPLES[page]) == 3


def test_the_french_page_has_the_parts_of_the_english_one() -> None:
    marks = [re.findall(r"^(?:#+|\||```|- )", page, re.MULTILINE) for page in PAGES.values()]
    assert marks[0] == marks[1]


@pytest.mark.parametrize(("kind", "content"), [example for examples in EXAMPLES.values() for example in examples])
def test_an_example_is_read_without_a_word(folder: Folder, kind: str, content: str) -> None:
    account = "acme-uk" if "anna" in content else "acme-x" if kind == "toml" else "acme-facebook"
    folder.write(f"{account}.{kind}", content)
    posts, verdicts = folder.read()
    assert verdicts == []
    assert posts
    assert all(post.approved_by for post in posts)
