"""Measuring fairly: works in shuffled order, medians of several rounds, and what the disk itself costs."""

import argparse
import os
import random
import shutil
import socket
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

FLUSHES = 50
PAGES = ("/", "/accounts/acme-x", "/freeze", "/drop", "/alerts", "/history")


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(works: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Each work says its own figure, so that what it needs before is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for name in random.sample(list(works), len(works)):
            taken[name].append(works[name]())
    return {name: statistics.median(figures) for name, figures in taken.items()}


def say(what: str) -> None:
    """How far it is: to whoever waits, not into the figures."""
    print(f"... {what}", file=sys.stderr, flush=True)


def fdatasync_ms(folder: Path) -> float:
    """The median of appending a page and flushing it, in milliseconds."""
    path = folder / "flush"
    with path.open("wb", buffering=0) as file:

        def flush() -> None:
            file.write(bytes(4096))
            os.fdatasync(file.fileno())

        taken = statistics.median(seconds(flush) for _ in range(FLUSHES))
    path.unlink()
    return 1000 * taken


def copied(path: Path, to: Path) -> Path:
    """A copy that is on the disk: else the first commit of whoever comes first pays for it."""
    shutil.copyfile(path, to)
    with to.open("rb") as file:
        os.fsync(file.fileno())
    return to


def rss_mb(pid: int | str = "self", field: str = "VmRSS") -> float:
    """What a process holds in memory; with "VmHWM", the most it ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until_answered(port: int, patience: float = 60) -> None:
    """Wait until the page of a daemon at that port is there, and well."""
    begun = time.monotonic()
    while True:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=patience).close()
        except URLError:
            if time.monotonic() - begun > patience:
                raise
            time.sleep(0.1)
        else:
            return


def look_at_pages(port: int, *more: str) -> None:
    """As a browser asks a daemon that has an account `acme-x`."""
    until_answered(port)
    for path in (*PAGES, *more):
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            answer.read()


def tell(what: str, ratio: float, target: str) -> None:
    print(f"  {what:60}{ratio:8.3f}  ({target})")


def options(doc: str | None, **defaults: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=doc)
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"default {value}")
    return parser.parse_args()
