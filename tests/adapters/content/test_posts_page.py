"""What docs/posts.md shows can be copied into a content folder as it stands."""

import re
from pathlib import Path

import pytest

from tests.content_house import Folder

PAGE = (Path(__file__).parents[3] / "docs" / "posts.md").read_text()
EXAMPLES = re.findall(r"```(toml|csv)\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_files() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(("kind", "content"), EXAMPLES)
def test_an_example_is_read_without_a_word(folder: Folder, kind: str, content: str) -> None:
    account = "acme-uk" if "anna" in content else "acme-x"
    folder.write(f"{account}.{kind}", content)
    posts, verdicts = folder.read()
    assert verdicts == []
    assert posts
    assert all(post.approved_by for post in posts)
