"""What is shipped: the wheel, in a virtual environment that holds nothing else."""

import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


MIGRATE = """
from pathlib import Path
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.upgrade import migrate, migrations_folder
assert migrations_folder().parent.name == "veilleuse", migrations_folder()
migrate(Database(Path("migrated.db")))
"""


@pytest.mark.timeout(400)
def test_the_demo_and_the_migrations_run_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    shipped = ZipFile(wheel).namelist()
    assert not [name for name in shipped if not name.startswith("veilleuse")]
    assert {"veilleuse/schemas/veilleuse.json", "veilleuse/schemas/posts.json"} <= set(shipped)
    venv.create(tmp_path / "venv", with_pip=True)
    bin = tmp_path / "venv" / "bin"
    subprocess.run([bin / "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    demo = subprocess.run([bin / "veilleuse", "demo", "--once"], cwd=tmp_path, capture_output=True, text=True)
    assert (demo.returncode, demo.stderr) == (0, "")
    told = " ".join(demo.stdout.split())
    for story in ("kept alive: published boulangerie-x/", "stays quiet", "Claire", "1 draft waits for approval"):
        assert story in told
    migrated = subprocess.run([bin / "python", "-c", MIGRATE], cwd=tmp_path, capture_output=True, text=True)
    assert (migrated.returncode, migrated.stderr) == (0, "")
