"""A service of compose.yaml without Docker: the image's files under bubblewrap, with its mounts and limits.

What Docker would do besides: a network and a host name each, cgroups, its own seccomp filter. Both see one network.
"""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import yaml

HOSTS = "127.0.0.1 localhost postgres\n"
DROPPED = ["--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What `buildah inspect --type image` tells, and the folder that holds its files."""

    root: Path
    user: int
    environment: dict[str, str]
    entrypoint: list[str]
    command: list[str]

    @classmethod
    def read(cls, root: Path, told: Path) -> Self:
        config = json.loads(told.read_text())["Docker"]["config"]
        uid, _, gid = config["User"].partition(":")
        assert uid == gid
        return cls(
            root=root,
            user=int(uid),
            environment=dict(each.split("=", 1) for each in config["Env"]),
            entrypoint=config["Entrypoint"],
            command=config["Cmd"],
        )


@dataclass(slots=True, kw_only=True)
class Container:
    """One service. `folder` is where compose.yaml stands; named volumes are made in it."""

    name: str
    image: Image
    folder: Path
    service: dict[str, Any] = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.service = yaml.safe_load((self.folder / "compose.yaml").read_text())["services"][self.name]
        assert self.service["read_only"]
        assert self.service["cap_drop"] == ["ALL"]
        (self.folder / "hosts").write_text(HOSTS)
        for source, target in [*self._volumes(), (self.folder / "hosts", "/etc/hosts")]:
            inside = self.image.root / target[1:]  # Docker too makes the places of its mounts, in a layer of its own
            if source.is_file():
                inside.parent.mkdir(parents=True, exist_ok=True)
                inside.touch()
            else:
                inside.mkdir(parents=True, exist_ok=True)

    def command(self, *words: str) -> list[str]:
        user, mounts = str(self.image.user), []
        for path in self.service["tmpfs"]:
            mounts += ["--perms", "0700", "--tmpfs", path.partition(":")[0]]
        for source, target in self._volumes():
            writable = not any(volume.endswith(f"{target}:ro") for volume in self.service["volumes"])
            mounts += ["--bind" if writable else "--ro-bind", str(source), target]
        for name, value in self.image.environment.items():
            mounts += ["--setenv", name, value]
        return [
            *("setpriv", f"--reuid={user}", f"--regid={user}", *DROPPED),
            *("bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--clearenv"),
            *("--ro-bind", str(self.image.root), "/", "--proc", "/proc", "--dev", "/dev"),
            *("--ro-bind", str(self.folder / "hosts"), "/etc/hosts", *mounts, "--chdir", "/"),
            *(words or (*self.image.entrypoint, *self.image.command)),
        ]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`docker compose run --rm`: another container of the service, with that command."""
        return subprocess.run(
            self.command(*self.image.entrypoint, *words), capture_output=True, text=True, timeout=120, check=False
        )

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        while self.process.poll() is None and len(self._generations()) < 3:
            time.sleep(0.1)

    def inside(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`docker compose exec`: that command beside the daemon."""
        user = str(self.image.user)
        entered = ["nsenter", f"--target={self._daemon()}", "--user", "--mount", "--pid", "--ipc"]
        entered += [f"--setuid={user}", f"--setgid={user}", "--wd=/", "env", "--ignore-environment"]
        entered += [f"{name}={value}" for name, value in self.image.environment.items()]
        return subprocess.run([*entered, *words], capture_output=True, text=True, timeout=60, check=False)

    def healthy(self) -> bool:
        """The healthcheck of compose.yaml, asked inside."""
        _, *words = self.service["healthcheck"]["test"]
        return self.inside(*(word.replace("$$", "$") for word in words)).returncode == 0

    def kill(self) -> None:
        os.kill(self._daemon(), signal.SIGKILL)
        assert self.process is not None
        self.process.wait(timeout=20)

    def stop(self) -> tuple[int, float]:
        """SIGTERM, as `docker stop` sends it. Its exit code, and the seconds it took."""
        begun = time.monotonic()
        os.kill(self._daemon(), signal.SIGTERM)
        assert self.process is not None
        return self.process.wait(timeout=60), time.monotonic() - begun

    def log(self) -> str:
        return (self.folder / f"{self.name}.log").read_text()

    def _daemon(self) -> int:
        """Seen from outside. Raises IndexError if it is over."""
        return self._generations()[2]

    def _generations(self) -> list[int]:
        """bwrap, its child, which is the first process inside, and that one's: the daemon. What there is of them."""
        assert self.process is not None
        found = [self.process.pid]
        with suppress(FileNotFoundError, IndexError):  # not there yet, or no longer
            while len(found) < 3:
                found.append(int(Path(f"/proc/{found[-1]}/task/{found[-1]}/children").read_text().split()[0]))
        return found

    def _volumes(self) -> list[tuple[Path, str]]:
        """Each with where it is mounted. A named volume begins as the image has that folder: the user's own."""
        found = []
        for volume in self.service["volumes"]:
            source, target, *_ = volume.split(":")
            path = self.folder / source
            if not source.startswith("."):
                path.mkdir(mode=0o700, exist_ok=True)
                os.chown(path, self.image.user, self.image.user)
            found.append((path, target))
        return found
