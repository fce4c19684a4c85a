"""What a process costs: cold starts against bare Python, and the memory of an idle daemon.

`python benchmarks/process.py`: whole processes, shuffled; the daemon works beside the sandbox on loopback.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import medians, options, rss_mb, seconds, tell

from veilleuse.adapters.clock import SystemClock
from veilleuse.sandbox import Sandbox

CONFIG = """\
timezone = "Europe/Paris"
[rule]
hours = "always"
[people.claire]
notify = []
[accounts.acme-x]
network = "x"
handle = "acme"
owner = "claire"
base_url = "{base_url}"
[accounts.acme-x.credentials]
api_key = "sandbox-api_key-acme"
api_secret = "sandbox-api_secret-acme"
access_token = "sandbox-access_token-acme"
access_secret = "sandbox-access_secret-acme"
"""
POST = '[[post]]\ntext = "Bonjour, {} fois ?"\n'
IDLE = 20.0  # seconds until memory is told


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "veilleuse", "--config", str(folder / "veilleuse.toml"), *arguments]


def started(arguments: list[str]) -> Callable[[], float]:
    return lambda: seconds(lambda: subprocess.run(arguments, check=False, capture_output=True))


def idle_mb(folder: Path, idle: float) -> float:
    daemon = subprocess.Popen(command(folder, "run"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(idle)
        return rss_mb(daemon.pid)
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()


def main() -> None:
    chosen = options(__doc__, rounds=9, idle=int(IDLE))
    with tempfile.TemporaryDirectory() as scratch, Sandbox(SystemClock()) as sandbox:
        folder = Path(scratch)
        sandbox.add("x", "acme")
        config = folder / "veilleuse.toml"
        config.touch(0o600)
        config.write_text(CONFIG.format(base_url=sandbox.base_url))
        (folder / "content").mkdir()
        (folder / "content" / "acme-x.toml").write_text(
            'approved_by = "claire"\n' + "".join(POST.format(n) for n in range(20))
        )
        subprocess.run(command(folder, "run", "--once"), check=False, capture_output=True)
        median = medians(
            {
                "bare Python": started([sys.executable, "-c", "pass"]),
                "veilleuse --help": started(command(folder, "--help")),
                "veilleuse run --once, nothing due": started(command(folder, "run", "--once")),
            },
            chosen.rounds,
        )
        for name, taken in median.items():
            print(f"  {name:36}{1000 * taken:8.0f} ms")
        bare = median["bare Python"]
        tell("cold start against bare Python", median["veilleuse run --once, nothing due"] / bare, "at most 40")
        tell("--help against bare Python", median["veilleuse --help"] / bare, "at most 6")
        tell("MB of the idle daemon, one network", idle_mb(folder, chosen.idle), "at most 64")


if __name__ == "__main__":
    main()
