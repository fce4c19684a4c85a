"""A company with many accounts on made-up networks, its daemons, and the judge of all that ever stood there."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from veilleuse.adapters.db.store import open_store
from veilleuse.domain.attempt import Attempt, Outcome, Receipt
from veilleuse.sandbox import Fault, Sandbox
from veilleuse.sandbox.wire import Response

ROOT = Path(__file__).parents[2]
BUSY = 'max_silence = "2 minutes"\nlead = "1 minute"\nmin_gap = "1 minute"\nmax_per_day = 1440\nhours = "always"\n'
WEEKLY = 'hours = "always"\n'
ALL = 1_000_000
STARTED: "list[subprocess.Popen[bytes]]" = []  # whatever a test comes to, none of them outlives it


class SlowSandbox(Sandbox):
    """A publish takes its time before and after its effect, in seconds: an accident may come anywhere."""

    before = 0.0
    after = 0.0
    publishing = 0  # calls that have arrived

    def goes_on(self, what: str = "it publishes", *, more: int = 8, seconds: float = 120) -> None:
        """Wait until more calls than that have arrived from now on."""
        seen = self.publishing
        until(lambda: self.publishing > seen + more, seconds, what)

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[Response | None, Fault | None]:
        publishes = method == "POST" and (target.startswith("/2/tweets") or target.partition("?")[0].endswith("/feed"))
        if publishes:
            self.publishing += 1
            time.sleep(self.before)
        answer = super().answer(method, target, headers, body)
        if publishes:
            time.sleep(self.after)
        return answer


@dataclass
class Company:
    """One configuration, one content folder, one database. Every fourth account is on X, or as `x_every` says."""

    folder: Path
    sandbox: SlowSandbox
    database: str
    accounts: int
    posts: int
    rule: str = BUSY
    notify: str | None = None
    x_every: int = 4
    identities: dict[str, str] = field(default_factory=dict)  # by account
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "log"
        self.log.touch()
        content = self.folder / "content"
        content.mkdir()
        lines = [f"database = {json.dumps(self.database)}", "[rule]", self.rule, "[people.claire]"]
        if self.notify:
            lines.append(f"notify = [{json.dumps(self.notify)}]")
        for number in range(self.accounts):
            is_x = self.x_every > 0 and number % self.x_every == 0
            name, network = f"acme-{number}", "x" if is_x else "facebook"
            identity = f"acme{number}" if is_x else str(10_000_000 + number)
            presence = self.sandbox.add(network, identity)
            self.identities[name] = identity
            lines += [f"[accounts.{name}]", f'network = "{network}"', 'owner = "claire"']
            lines += [f'{"handle" if is_x else "page_id"} = "{identity}"', f'base_url = "{self.sandbox.base_url}"']
            lines += [f"[accounts.{name}.credentials]"]
            lines += [f'{key} = "{value}"' for key, value in presence.secrets.items() if key != "person_token"]
        sheet = ["compte;texte;approuvé par"]
        for name in self.identities:
            sheet += [f"{name};{name} : nouvelle n° {post}. Thé ou café ?;claire" for post in range(self.posts)]
        (content / "posts.csv").write_text("\n".join(sheet), encoding="utf-8")
        config = self.folder / "veilleuse.toml"
        config.touch(0o600)  # it holds tokens
        config.write_text("\n".join(lines), encoding="utf-8")

    def start(self, *, hurried: bool = True) -> "subprocess.Popen[bytes]":
        module = "tests.processes.hurried" if hurried else "veilleuse"
        path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT)]))
        with self.log.open("ab") as log:
            daemon = subprocess.Popen(
                [sys.executable, "-m", module, "run", "--log", "json"],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": path},
                stderr=log,
            )
        STARTED.append(daemon)
        return daemon

    def stop(self, daemon: "subprocess.Popen[bytes]") -> int:
        daemon.terminate()
        return daemon.wait(90)

    def events(self, name: str, start: int = 0) -> list[dict[str, Any]]:
        """What the daemons logged under that name, from a byte of the log on."""
        with self.log.open("rb") as log:
            log.seek(start)
            lines = [line for line in log if line.startswith(b"{") and line.endswith(b"}\n")]
        return [event for event in map(json.loads, lines) if event.get("event") == name]

    def hears(self, name: str, *, start: int = 0, seconds: float = 60) -> dict[str, Any]:
        until(lambda: bool(self.events(name, start)), seconds, f"{name} in the log")
        return self.events(name, start)[0]

    def receipts(self) -> list[Receipt]:
        store = open_store(self.database)
        try:
            return store.receipts(None, ALL)
        finally:
            store.close()

    def attempts(self, *outcomes: Outcome) -> list[Attempt]:
        store = open_store(self.database)
        try:
            return [attempt for attempt in store.attempts(None, ALL) if attempt.outcome in outcomes]
        finally:
            store.close()

    def live(self) -> list[tuple[str, str, str]]:
        """Account, id, text of all that was ever published through the networks' doors."""
        return [
            (name, shown.id, shown.text)
            for name, identity in self.identities.items()
            for shown in self.sandbox.timeline(identity, deleted=True)
            if shown.by == "api"
        ]

    def unrecorded(self) -> set[tuple[str, str]]:
        return {(name, post_id) for name, post_id, _ in self.live()} - {
            (receipt.account, receipt.remote_id) for receipt in self.receipts()
        }

    def settle(self, seconds: float = 420) -> None:
        """Nothing new is said, and what is in doubt is read until it is known."""
        stop = self.folder / "content" / "STOP"
        stop.write_text("An accident is looked into.\n")
        start = self.log.stat().st_size
        daemon = self.start()
        try:
            self.hears("daemon.started", start=start)
            until(
                lambda: not self.attempts(Outcome.OPEN) and not self.unrecorded(),
                seconds,
                "what was published got its receipt",
            )
        finally:
            assert self.stop(daemon) == 0
            stop.unlink()

    def judge(self) -> None:
        """Nothing twice, nothing lost, nothing recorded that never was, nobody's traceback."""
        live = self.live()
        said = Counter((name, text) for name, _, text in live)
        assert {key: times for key, times in said.items() if times > 1} == {}
        recorded = {(receipt.account, receipt.remote_id) for receipt in self.receipts()}
        assert recorded == {(name, post_id) for name, post_id, _ in live}
        for doubt in self.attempts(Outcome.UNKNOWN, Outcome.HELD):
            assert (doubt.account, doubt.payload.text) not in said
        assert "Traceback" not in self.log.read_text(errors="replace")


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.2)
