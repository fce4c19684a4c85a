"""The files of deploy/, read simply: enough to hold them to what they promise."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]
DEPLOY = TOP / "deploy"
DOCS = TOP / "docs"


def unit_settings(text: str) -> dict[str, list[str]]:
    """A systemd unit: every value of every key, in order."""
    settings: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith(("#", ";", "[")):
            key, _, value = line.partition("=")
            settings.setdefault(key, []).append(value)
    return settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    word: str  # FROM, COPY, ...
    rest: str


def instructions(dockerfile: str) -> Iterator[Instruction]:
    """A Dockerfile, continued lines joined."""
    lines = (line for line in dockerfile.splitlines() if line and not line.startswith("#"))
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.partition(" ")
        yield Instruction(word=word, rest=" ".join(rest.split()))


def final_stage(dockerfile: str) -> list[Instruction]:
    """What the image is, without what built it."""
    stage: list[Instruction] = []
    for instruction in instructions(dockerfile):
        stage = [instruction] if instruction.word == "FROM" else [*stage, instruction]
    return stage


def copied(dockerfile: str) -> list[str]:
    """What COPY takes from the build context."""
    copies = (shlex.split(each.rest) for each in instructions(dockerfile) if each.word == "COPY")
    return [source for words in copies if not words[0].startswith("--from") for source in words[:-1]]


def shell_blocks(markdown: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)
