"""Every word of ours goes through the catalogue: with wide letters in it, nothing plain is left on a screen."""

import calendar
import gettext
import re
from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CONFIG, POSTS, furnished
from veilleuse import language

WIDE = {code: code + 0xFEE0 for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
KEPT = re.compile(r"(\{[^{}]*\}|%[A-Za-z]|`[^`]*`|--[\w-]+)")  # what is filled in, commands, options
COMMANDS = (
    "sync --dry-run",
    "sync",
    "status",
    "status acme-x",
    "queue",
    "queue acme-x/hiver",
    "forecast",
    "approve acme-facebook --as claire --yes",
    "veto acme-x/hiver --as claire --reason Rappel",
    "freeze acme-facebook --reason Rappel --as claire",
    "history",
    "history --approvals",
    "history --audit",
    "thaw acme-facebook --as claire",
    "alerts",
    "account hibernate acme-facebook --as claire --dry-run",
    "resolve",
    "export --output posts",
    "check",
)
# What stands on the screen as it was written by others: files, names, commands to be typed.
THEIRS = frozenset(re.findall(r"[a-z]{3,}", f"{CONFIG}{POSTS}".lower()))
TYPED = frozenset(["veilleuse", "rappel", "bonjour", "tous", "toml", "csv", "posts"])
DATES = frozenset(word.lower() for word in (*calendar.day_abbr, *calendar.month_abbr))  # as strftime says them


class Wide(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        parts = KEPT.split(message)
        parts[::2] = [part.translate(WIDE) for part in parts[::2]]
        return "".join(parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def test_no_word_on_the_screen_went_round_the_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = furnished(tmp_path)
    house.run("db", "upgrade")
    wide = Wide()
    monkeypatch.setattr(language, "_catalogue", lambda tongue: wide)
    monkeypatch.setattr(language, "_plain", language._plain.__wrapped__)  # what it remembers was said in another tongue
    monkeypatch.chdir(house.folder)
    left: dict[str, set[str]] = {}
    for command in COMMANDS:
        code = 1 if command in ("status", "status acme-x") else 0
        said = house.run(*command.split(), code=code).output
        plain = re.sub(rf"`[^`]*`|--[\w-]+|{re.escape(str(house.folder))}\S*|\w*[_\d]\w*", " ", said)
        words = {word.lower() for word in re.findall(r"[A-Za-z]{3,}", plain)} - THEIRS - TYPED - DATES
        if words:
            left[command] = words
    assert left == {}
