"""Networks that other packages bring: found when named, told apart when broken, paid for by nobody else."""

import base64
import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from veilleuse.adapters.networks import feed, outbox, x
from veilleuse.adapters.networks.registry import GROUP, Registry, Specs
from veilleuse.config import ConfigInvalid, load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "example_network"
MODULE = EXAMPLE / "veilleuse_noticeboard.py"
HOUSE = """
[people.claire]
notify = "json://127.0.0.1:9"

[accounts.hall]
network = "{network}"
path = "screen"
hours = "always"
owner = "claire"
"""


def wheel(folder: Path) -> Path:
    """The example as its build backend would pack it; a machine without any can still install it."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    name, version = project["name"].replace("-", "_"), project["version"]
    points = "".join(f"{point} = {target}\n" for point, target in project["entry-points"][GROUP].items())
    info = f"{name}-{version}.dist-info"
    files = {
        MODULE.name: MODULE.read_text(),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[{GROUP}]\n{points}",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in files.items())
    packed = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    return packed


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has put the example."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(folder)]
    subprocess.run([*pip, str(wheel(tmp_path_factory.mktemp("wheel")))], check=True)
    return folder


def house(folder: Path, network: str = "noticeboard") -> Path:
    """A configuration with one approved post for the notice board."""
    (folder / "screen").mkdir()
    (folder / "content").mkdir()
    (folder / "content" / "hall.toml").write_text('approved_by = "claire"\n[[post]]\ntext = "Café à 10 h !"\n')
    config = folder / "veilleuse.toml"
    config.write_text(HOUSE.format(network=network))
    config.chmod(0o600)
    return config


def veilleuse(config: Path, *command: str, packages: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "veilleuse", "--config", str(config), *command],
        env={**os.environ, "PYTHONPATH": str(packages), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installed_package_brings_a_network_that_is_checked_and_speaks_once(installed: Path, tmp_path: Path) -> None:
    config = house(tmp_path)
    checked = veilleuse(config, "check", packages=installed)
    assert checked.returncode == 0, checked.stderr
    for _ in range(2):
        veilleuse(config, "run", "--once", packages=installed)
    assert [note.read_text("utf-8") for note in (tmp_path / "screen").glob("*.txt")] == ["Café à 10 h !"]


def test_without_the_package_the_network_is_unknown_and_the_others_are_named(tmp_path: Path) -> None:
    done = veilleuse(house(tmp_path), "check", packages=tmp_path)
    assert done.returncode == 2
    assert 'no network "noticeboard"' in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path for packages made by hand."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.startswith("offer_")]:
        del sys.modules[name]


def package(folder: Path, name: str, network: str, code: str) -> None:
    (folder / f"offer_{name}.py").write_text(code)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{network} = offer_{name}\n")


BROKEN = {
    "raises when imported": ("1 / 0", "cannot be loaded (ZeroDivisionError"),
    "no python": ("class", "cannot be loaded (SyntaxError"),
    "wants what is not there": ("import nowhere_at_all", "cannot be loaded (ModuleNotFoundError"),
    "nothing in it": ("", "without a SPEC"),
    "another name": (f"from {outbox.__name__} import SPEC, connect", "without a SPEC of that name"),
    "no connect": (
        f"from dataclasses import replace\nfrom {outbox.__name__} import SPEC as S\nSPEC = replace(S, name='board')",
        "without `connect`",
    ),
}


@pytest.mark.parametrize(("code", "told"), BROKEN.values(), ids=[*BROKEN])
def test_a_broken_package_is_named_at_the_line_that_wants_it(
    packages: Path, tmp_path: Path, code: str, told: str
) -> None:
    package(packages, "acme", "board", code)
    with pytest.raises(ConfigInvalid) as invalid:
        load(house(tmp_path, "board"), Specs(Registry({"x": x, "outbox": outbox})))
    (problem,) = invalid.value.problems
    assert (problem.key, problem.line) == ("accounts.hall.network", 6)
    assert "package acme" in problem.message
    assert told in f"{problem.message} {problem.remedy}"


def test_two_packages_of_one_network_are_both_named(packages: Path) -> None:
    package(packages, "acme", "board", "")
    package(packages, "zeta", "board", "")
    with pytest.raises(ValueError, match="acme and zeta both offer"):
        Registry({"x": x})["board"]


def test_a_package_cannot_take_the_name_of_a_network_of_ours(packages: Path) -> None:
    package(packages, "acme", "x", "raise AssertionError('never imported')")
    registry = Registry({"x": x})
    assert registry["x"] is x
    with pytest.raises(ValueError, match='package acme offers a network "x", but veilleuse has one'):
        registry["board"]


def test_nobody_who_needs_no_package_pays_for_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(**_: str) -> None:
        raise AssertionError("looked through the packages")

    monkeypatch.setattr(importlib.metadata, "entry_points", never)
    specs = Specs(Registry({"x": x, "feed": feed}))
    assert "x" in specs
    assert specs["feed"] is feed.SPEC
    assert {name: spec.title for name, spec in specs.items()} == {"x": "X", "feed": "Feed"}
    assert len(specs) == 2


def test_the_page_that_shows_how_has_exactly_this_code() -> None:
    page = (ROOT / "docs" / "add-a-network.md").read_text("utf-8")
    blocks = dict(re.findall(r"`([\w.]+)`\n\n```\w+\n(.*?)```", page, re.DOTALL))
    assert blocks == {file.name: file.read_text("utf-8") for file in (MODULE, EXAMPLE / "pyproject.toml")}
