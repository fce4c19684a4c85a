"""What an account's own server allows decides what is judged fit for it; a change has the files judged again."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.content_house import ACCOUNTS, Folder
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.activity import Limits
from veilleuse.domain.post import Post

LONG = "Une longue histoire. " * 15  # 315 characters: too long for X's own limit


class Server:
    """Tells how long a text may be on it."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = Folder(tmp_path)
        self.folder.write("acme-x/histoire.toml", f'[[post]]\nid = "long"\ntext = "{LONG}"\n')
        self.told: dict[str, Limits] = {}
        self.source = FolderSource(tmp_path, ACCOUNTS, SPECS, self.folder.clock, limits=self.limits)

    def limits(self) -> Mapping[str, Limits]:
        return self.told

    def posts(self) -> list[str]:
        return [item.id for file in self.source.scan().files for item in file.parse() if isinstance(item, Post)]

    def fingerprints(self) -> list[str]:
        return [file.fingerprint for file in self.source.scan().files]


def test_a_longer_text_enters_where_its_own_server_takes_it_and_only_there(tmp_path: Path) -> None:
    server = Server(tmp_path)
    assert server.posts() == []
    server.told = {"acme-x": Limits(length=5000)}
    assert server.posts() == ["long"]
    server.told = {"acme-facebook": Limits(length=5000)}
    assert server.posts() == []


def test_a_server_that_tells_something_else_has_its_files_judged_again(tmp_path: Path) -> None:
    server = Server(tmp_path)
    before = server.fingerprints()
    assert server.fingerprints() == before
    server.told = {"acme-x": Limits(length=5000)}
    assert server.fingerprints() != before


def test_what_a_server_does_not_tell_is_as_its_network_has_it() -> None:
    spec = SPECS["x"]
    assert spec.within(None) is spec
    assert spec.within(Limits()) == spec
    assert spec.within(Limits(alt=20, image_bytes=10)) == replace(spec, alt_max=20, image_max_bytes=10)
