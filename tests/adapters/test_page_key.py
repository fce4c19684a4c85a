"""The key of the page's cookies: made once, nobody else's."""

import stat
from pathlib import Path

from veilleuse.adapters.page_key import BYTES, page_key


def test_a_key_is_made_once_and_is_the_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "page-key"
    key = page_key(path)
    assert len(key) == BYTES
    assert page_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_torn_key_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "page-key"
    path.write_bytes(b"half")
    assert len(page_key(path)) == BYTES
    assert page_key(path) == path.read_bytes()


def test_where_it_cannot_be_kept_the_page_works_until_the_next_start(tmp_path: Path) -> None:
    nowhere = tmp_path / "missing" / "page-key"
    assert len(page_key(nowhere)) == BYTES
    assert page_key(nowhere) != page_key(nowhere)
