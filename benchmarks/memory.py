"""What the whole daemon holds: an account on every network, one post said on each, alerts sent by mail and webhook.

`python benchmarks/memory.py`: beside the sandbox, a mail server and a webhook on loopback; with the page looked at,
and without a page.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from measure import free_port, look_at_pages, options, rss_mb, tell

from veilleuse.adapters.clock import SystemClock
from veilleuse.bootstrap import SPECS
from veilleuse.sandbox import Sandbox

PATIENCE = 120.0  # seconds until every network has heard its post, and both channels an alert
HEAD = """\
timezone = "Europe/Paris"
{web}
[rule]
hours = "always"
[people.claire]
notify = ["mailto://127.0.0.1:{mail}?from=veilleuse@acme.test&to=claire@acme.test", "json://127.0.0.1:{hook}/"]
"""


class Heard:
    """What arrived by mail, and by webhook."""

    def __init__(self) -> None:
        self.mails = self.calls = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails += 1
        return "250 OK"


@contextmanager
def channels(heard: Heard) -> Iterator[tuple[int, int]]:
    """The ports of a mail server and of a webhook."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            heard.calls += 1
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    mail = Controller(heard, hostname="127.0.0.1", port=free_port())
    mail.start()
    try:
        yield mail.port, hook.server_port
    finally:
        mail.stop()
        hook.shutdown()
        hook.server_close()


def accounts(sandbox: Sandbox, folder: Path) -> Iterator[str]:
    """A section for an account on each network, the outbox among them."""
    base = sandbox.base_url
    keys: Mapping[str, Mapping[str, str]] = {
        "x": {"handle": "acme", "base_url": base},
        "facebook": {"page_id": "1234567890", "base_url": base},
        "mastodon": {"handle": "acme_m", "base_url": base},
        "bluesky": {"handle": "acme.test", "base_url": base},
        "wordpress": {"base_url": f"{base}/blog"},
        "feed": {"url": f"{base}/feed"},
        "outbox": {"path": str(folder / "outbox.txt")},
    }
    for network, known in keys.items():
        lines = [f"[accounts.acme-{network}]", f'network = "{network}"', 'owner = "claire"']
        lines += [f'{key} = "{value}"' for key, value in known.items()]
        if network != "outbox":
            given = sandbox.add(network, next(iter(known.values()))).secrets
            secrets = [secret.name for secret in SPECS[network].secrets if secret.name in given]
            lines += [f"[accounts.acme-{network}.credentials]", *(f'{name} = "{given[name]}"' for name in secrets)]
        yield "\n".join(lines)


def measured(idle: float, messages: int, port: int | None) -> float:
    """MB of a daemon that has said and told what there was; with a page, after each of its pages was looked at."""
    heard = Heard()
    with tempfile.TemporaryDirectory() as scratch, Sandbox(SystemClock()) as sandbox, channels(heard) as (mail, hook):
        folder = Path(scratch)
        web = f'[web]\nlisten = "127.0.0.1:{port}"' if port else ""
        sections = [HEAD.format(web=web, mail=mail, hook=hook), *accounts(sandbox, folder)]
        config = folder / "veilleuse.toml"
        config.touch(mode=0o600)
        config.write_text("\n".join(sections))
        (folder / "content").mkdir()
        speaking = [name for name, spec in SPECS.items() if spec.publishes]
        for name in speaking:
            text = f'approved_by = "claire"\n[[post]]\ntext = "Bonjour de {name} ?"\n'
            (folder / "content" / f"acme-{name}.toml").write_text(text)
        log = folder / "log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "veilleuse", "--config", str(config), "run", "--log", "json"]
            daemon = subprocess.Popen(command, stderr=out)
        try:
            until = time.monotonic() + PATIENCE
            while log.read_text().count('"post.published"') < len(speaking) or min(heard.mails, heard.calls) < messages:
                assert daemon.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.5)
            time.sleep(idle)
            if port is not None:
                look_at_pages(port, "/metrics")
            return rss_mb(daemon.pid)
        finally:
            daemon.terminate()
            daemon.wait()


def main() -> None:
    chosen = options(__doc__, idle=30, messages=1)  # gathering alerts takes half a minute; 0 messages: not waited for
    without, with_page = (measured(chosen.idle, chosen.messages, port) for port in (None, free_port()))
    tell("MB of the daemon, every network, alerts sent", without, "at most 100")
    tell("MB more with its page looked at", with_page - without, "at most 20")


if __name__ == "__main__":
    main()
