"""What stands in files that have not changed is heard too: echoes on other networks, rows that ask nothing."""

from pathlib import Path

import pytest

from tests.content_house import Folder, toml
from veilleuse.domain.content import Severity
from veilleuse.services.sync import SyncReport

SAME = toml('text = "Et vous, plutôt thé ?"')


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "content").mkdir()
    return Folder(tmp_path / "content")


def statements(first: int, last: int) -> str:
    return toml(*(f'text = "Nous sommes là ({n})."' for n in range(first, last)))


def warnings(report: SyncReport) -> list[str]:
    return [f"{each.source}: {each.message}" for each in report.verdicts if each.severity is Severity.WARNING]


def test_an_echo_of_a_file_that_has_not_changed_is_heard(folder: Folder) -> None:
    folder.write("acme-x.toml", SAME)
    assert warnings(folder.sync()) == []
    folder.write("acme-facebook.toml", SAME)
    echo = "acme-facebook.toml:3: A post says the same on acme-x and acme-facebook: who follows both reads everything"
    assert warnings(folder.sync()) == [f"{echo} twice."]
    folder.write("acme-uk.toml", toml('text = "Tea?"'))
    assert warnings(folder.sync()) == [f"{echo} twice."]


def test_an_echo_ends_when_the_other_file_finds_words_of_its_own(folder: Folder) -> None:
    folder.write("acme-facebook.toml", SAME)
    folder.write("acme-x.toml", SAME)
    assert len(warnings(folder.sync())) == 1
    folder.write("acme-facebook.toml", toml('text = "Thé ou café ?"'))
    assert warnings(folder.sync()) == []


def test_what_was_taken_out_of_its_file_echoes_no_more(folder: Folder) -> None:
    folder.write("acme-x.toml", SAME)
    folder.sync()
    folder.delete("acme-x.toml")
    folder.write("acme-facebook.toml", SAME)
    assert warnings(folder.sync()) == []


@pytest.mark.parametrize("written", [["acme-x/a.toml", "acme-x/b.toml"], ["acme-x/b.toml", "acme-x/a.toml"]])
def test_a_row_that_asks_nothing_goes_on_from_file_to_file(folder: Folder, written: list[str]) -> None:
    posts = {"acme-x/a.toml": statements(0, 5), "acme-x/b.toml": statements(5, 10)}
    for path in written:
        folder.write(path, posts[path])
        told = warnings(folder.sync())
    (warning,) = told
    assert warning.startswith(f"{written[-1]}:")
    assert warning.endswith("8 posts of acme-x in a row ask the reader nothing.")


def test_a_question_in_an_unchanged_file_ends_the_row(folder: Folder) -> None:
    folder.write("acme-x/b.toml", toml('text = "Et vous ?"'))
    folder.sync()
    folder.write("acme-x/a.toml", statements(0, 5))
    folder.write("acme-x/c.toml", statements(5, 10))
    assert warnings(folder.sync()) == []
