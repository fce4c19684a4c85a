"""The benchmarks, run so small that their figures mean nothing: that each still goes through and tells its last one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
# Of each program: options that make it a matter of seconds, and what it tells last.
SMALL = {
    "dispatch": ("--accounts 40 --due 10 --rounds 1", "speed against huey writing the same rows"),
    "idle": ("--accounts 60 --backlog 30 --rounds 1", "MB more for a backlog of 30"),
    "ingest": ("--posts 40 --rounds 1", "peak memory: "),
    "memory": ("--idle 1 --messages 0", "MB more with its page looked at"),
    "network": ("--posts 16 --wait 5 --rounds 1", "share of the bound with 32 threads"),
    "page": ("--accounts 12 --rounds 1 --idle 1", "MB more with the page"),
    "postgres": ("--accounts 40 --due 10 --rounds 1", "speed against procrastinate"),
    "process": ("--rounds 1 --idle 1", "MB of the idle daemon, one network"),
    "scale": ("--accounts 12 --due 3 --settling 0 --idle 1", "posts: 72 rows"),
}
RATIO = re.compile(r" -?\d+\.\d{3}  \(")


def test_no_benchmark_is_left_out() -> None:
    programs = {file.stem for file in FOLDER.glob("*.py") if "__main__" in file.read_text()}
    assert programs == set(SMALL)
    (benched,) = re.findall(r"for each in (.+?); do", (FOLDER.parent / "Makefile").read_text())
    assert programs - set(benched.split()) == {"scale"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("program", SMALL)
def test_it_goes_through_to_its_last_figure(program: str) -> None:
    options, last = SMALL[program]
    command = [sys.executable, str(FOLDER / f"{program}.py"), *options.split()]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert last in done.stdout
    assert RATIO.search(done.stdout) or program == "scale"
