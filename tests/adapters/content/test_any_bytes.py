"""Whatever stands in a file: posts and verdicts, never a crash, and the folder is left as it was."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content_house import Folder
from veilleuse.domain.content import Severity

HEADER = "id;texte;lien;image;pas avant;réserve;approuvé par\n"
SNIPPETS = st.sampled_from(
    [
        '"',
        "'",
        '"""',
        ";",
        ",",
        "\n",
        "\r",
        "=",
        "[[post]]",
        "text",
        "texte",
        "é",
        "\x00",
        "\x81",
        "not_before = 2027-02-30",
    ]
)
KINDS = ("toml", "csv", "tsv", "xlsx", "txt")
BROKEN_TEXT = st.lists(SNIPPETS | st.text(max_size=12), max_size=20).map("".join)
ANYTHING = (
    st.binary(max_size=300)
    | BROKEN_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | BROKEN_TEXT.map(lambda text: text.encode("cp1252", "replace"))
    | BROKEN_TEXT.map(lambda text: (HEADER + text).encode("utf-8", "surrogatepass"))
    | BROKEN_TEXT.map(lambda text: text.encode("utf-16", "surrogatepass"))
)


@pytest.mark.parametrize("name", [*(f"acme-x.{kind}" for kind in KINDS), "STOP", "acme-x/STOP.txt"])
@given(content=ANYTHING)
def test_any_bytes_are_judged(name: str, content: bytes) -> None:
    with TemporaryDirectory() as root:
        folder = Folder(Path(root))
        folder.write(name, content)
        posts, verdicts = folder.read()
        assert all(post.text and "\x00" not in post.text for post in posts)
        if not posts and "STOP" not in name and content.strip():
            assert verdicts
        assert all(verdict.message and (verdict.remedy or verdict.severity is Severity.NOTE) for verdict in verdicts)
        assert len(folder.source.stops()) == ("STOP" in name)
        assert (folder.root / name).read_bytes() == content


@pytest.mark.parametrize("blank", ["\n", "\n ", "\r\n", " ", "\t\n"])
@pytest.mark.parametrize("kind", ["toml", "csv", "txt"])
def test_a_file_of_blanks_is_read_as_fast_as_any_other(tmp_path: Path, kind: str, blank: str) -> None:
    """A search that looks at the blanks again from each of them holds up the whole daemon."""
    folder = Folder(tmp_path)
    folder.write(f"acme-x.{kind}", blank * 30_000 + "fin")
    begun = time.process_time()
    folder.read()
    assert time.process_time() - begun < 1.0
