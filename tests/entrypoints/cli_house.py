"""A company's folder, and the command `veilleuse` used in it: in this process, or as a real command."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from veilleuse.adapters.db.store import open_store
from veilleuse.entrypoints.cli import main
from veilleuse.ports import Store

CONFIG = """\
timezone = "Europe/Paris"

[people.claire]
notify = [{ env = "CLAIRE_NOTIFY_URL" }]

[people.hugo]

[accounts.acme-x]
network = "x"
handle = "acme"
owner = "claire"

[accounts.acme-facebook]
network = "facebook"
page_id = "1234567890"
owner = "claire"
"""
POSTS = """\
approved_by = "claire"

[[post]]
id = "hiver"
text = "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?"

[[post]]
id = "voeux"
text = "Bonne année ! Votre vœu ?"
not_before = 2099-01-01
not_after = 2099-01-05
"""
SECRET = "s3cr3t-of-acme"  # no output may hold it
SECRETS = {
    "CLAIRE_NOTIFY_URL": f"json://127.0.0.1:9/{SECRET}",
    "VEILLEUSE_ACME_FACEBOOK_PAGE_TOKEN": SECRET,
    **{f"VEILLEUSE_ACME_X_{name}": SECRET for name in ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET")},
}
ELSEWHERE = ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "VEILLEUSE_CONFIG", "LC_ALL", "LC_MESSAGES", "LANG")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the commands ask the machine's clock


@dataclass
class CliHouse:
    folder: Path
    secrets: Mapping[str, str] = field(default_factory=lambda: dict(SECRETS))
    locale: str = "en_GB.UTF-8"  # of the terminal

    @property
    def config(self) -> Path:
        return self.folder / "veilleuse.toml"

    @property
    def database(self) -> Path:
        return self.folder / "veilleuse.db"

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *args: str, code: int = 0) -> Result:
        """In this process. Any traceback fails the test, and so does another exit code."""
        env: dict[str, str | None] = {**dict.fromkeys(ELSEWHERE), "LC_ALL": self.locale, **self.secrets}
        result = CliRunner().invoke(
            main, ["--config", str(self.config), *args], prog_name="veilleuse", env=env, catch_exceptions=False
        )
        assert result.exit_code == code, result.output
        assert SECRET not in result.output
        return result

    def says(self, *args: str, code: int = 0) -> str:
        """What stood on the screen, each run of white space as one blank."""
        return " ".join(self.run(*args, code=code).output.split())

    def json(self, *args: str, code: int = 0) -> Any:
        return json.loads(self.run(*args, "--json", code=code).stdout)

    def start(self, *args: str, **options: Any) -> subprocess.Popen[str]:
        """As a real command, in the folder."""
        env = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        env |= {"LC_ALL": self.locale, **self.secrets}
        return subprocess.Popen(
            [sys.executable, "-m", "veilleuse", *args],
            cwd=self.folder,
            env=env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def shell(self, *args: str, code: int = 0) -> tuple[str, str]:
        """Run to its end: stdout, stderr."""
        process = self.start(*args)
        out, err = process.communicate(timeout=60)
        assert process.returncode == code, out + err
        assert "Traceback" not in err
        return out, err

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = open_store(self.database, create=True)
        try:
            yield store
        finally:
            store.close()


def furnished(folder: Path) -> CliHouse:
    """Configured, with two approved posts for X and a draft for Facebook; no database yet."""
    house = CliHouse(folder)
    house.write("veilleuse.toml", CONFIG)
    house.write("content/acme-x.toml", POSTS)
    house.write("content/acme-facebook.csv", "id;texte\nbonjour;Bonjour à tous !\n")
    return house
