"""A real Bluesky server (PDS) and its directory of DIDs on 127.0.0.1: npm's packages, kept in a cache of their own.

Wanted: Node.js 20 or newer with npm; at the first time a few minutes and 260 MB in ~/.cache/veilleuse.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import requests

PACKAGES = {"@atproto/pds": "0.4.217", "@did-plc/server": "0.0.1"}  # the last PDS that runs on Node.js 20
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "veilleuse" / "bluesky"
PASSWORD = "motdepasse-de-marie"
_SCRIPT = Path(__file__).with_suffix(".js")
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account, logged in with the account's own password, as in an app."""

    pds: "Pds"
    did: str
    handle: str
    token: str

    def ask(self, method: str, **question: Any) -> Any:
        return self.pds.call("GET", method, self.token, params=question)

    def do(self, method: str, **order: Any) -> Any:
        return self.pds.call("POST", method, self.token, json=order)

    def app_password(self, name: str) -> str:
        return str(self.do("com.atproto.server.createAppPassword", name=name)["password"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pds:
    url: str

    def call(self, verb: str, method: str, token: str | None = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(verb, f"{self.url}/xrpc/{method}", headers=headers, timeout=30, **options)
        assert answer.ok, (method, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def blob(self, did: str, cid: str) -> bytes:
        question = {"did": did, "cid": cid}
        answer = requests.get(f"{self.url}/xrpc/com.atproto.sync.getBlob", params=question, timeout=30)
        assert answer.ok, answer.text
        return answer.content

    def newcomer(self) -> Person:
        handle = f"acme{next(_numbers)}.test"
        made = self.call(
            "POST",
            "com.atproto.server.createAccount",
            json={"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD},
        )
        return Person(pds=self, did=made["did"], handle=handle, token=made["accessJwt"])


def installed() -> Path:
    """The folder that holds the packages, brought by npm if they are not there yet. Raises RuntimeError without npm."""
    if _versions() != PACKAGES:
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            raise RuntimeError("node and npm are missing: they bring the real Bluesky server (Debian: nodejs, npm)")
        whole = CACHE.with_name("bluesky.new")  # what was interrupted is begun anew
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir(parents=True)
        (whole / "package.json").write_text(json.dumps({"private": True}))
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        subprocess.run([npm, "install", "--no-fund", "--no-audit", "--save-exact", *wanted], cwd=whole, check=True)
        shutil.rmtree(CACHE, ignore_errors=True)
        whole.rename(CACHE)
    return CACHE / "node_modules"


def _versions() -> Mapping[str, str]:
    found = {}
    for name in PACKAGES:
        package = CACHE / "node_modules" / name / "package.json"
        if package.exists():
            found[name] = json.loads(package.read_text())["version"]
    return found


@contextmanager
def real_bluesky(app_view: str = "") -> Iterator[Pds]:
    """`app_view`: the address of what stands for Bluesky's own servers behind it; "": there are none."""
    modules, folder = installed(), Path(tempfile.mkdtemp(prefix="veilleuse-pds-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        plc_port, port = _free_port(), _free_port()
        log = stack.enter_context((folder / "log").open("wb"))
        server = subprocess.Popen(
            ["node", str(_SCRIPT), str(folder), str(plc_port), str(port), app_view],
            env={**os.environ, "NODE_PATH": str(modules), "LOG_ENABLED": "false"},
            stdout=log,
            stderr=log,
        )
        stack.callback(server.wait, 30)
        stack.callback(server.kill)
        pds = Pds(url=f"http://127.0.0.1:{port}")
        for _ in range(600):
            try:
                pds.call("GET", "_health")
                break
            except requests.ConnectionError:
                if server.poll() is not None:
                    break
                time.sleep(0.1)
        else:
            raise TimeoutError("the server did not start")
        if server.poll() is not None:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        yield pds


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
