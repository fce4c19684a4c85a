"""What `veilleuse init` writes: a first configuration and first drafts, from a few answers."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from veilleuse.config import wording
from veilleuse.config.secrets import variable
from veilleuse.domain.network import NetworkSpec

_SCHEMAS = Path(__file__).absolute().parents[1] / "schemas"  # shipped in the wheel
SCHEMA_OF_CONFIG, SCHEMA_OF_POSTS = _SCHEMAS / "veilleuse.json", _SCHEMAS / "posts.json"
_LONGEST_NAME = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered. `notify` is a secret: a configuration that holds one must be readable by its owner alone."""

    timezone: str
    language: str  # "en" or "fr"
    name: str  # of the person who answers, as they write it
    network: NetworkSpec
    keys: Mapping[str, str]  # the network's required keys: {"handle": "acme"}
    notify: str = field(default="", repr=False)  # an Apprise address; "" leaves it to an environment variable

    @property
    def person(self) -> str:
        """A name that can also begin a variable's: with a letter."""
        return _plain(self.name, _LONGEST_NAME).lstrip("-0123456789") or "owner"

    @property
    def account(self) -> str:
        """The new account's name: acme-x, for @acme@acme.social, acme.bsky.social too; page-facebook for a number."""
        room = _LONGEST_NAME - len(self.network.name) - 1
        address = self.keys[self.network.identity_key].rpartition("://")[2]
        if self.network.identity_key == "handle":
            address = address.lstrip("@").partition("@")[0].partition(".")[0]
        identity = _plain(address, room)
        return f"{identity if re.search('[a-z]', identity) else 'page'}-{self.network.name}"

    @property
    def notify_variable(self) -> str:
        return f"{self.person}_NOTIFY_URL".upper().replace("-", "_")


def secrets_needed(answers: Answers) -> tuple[str, ...]:
    """The environment variables that must be set before the first `veilleuse run`."""
    secrets = (variable(answers.account, secret.name) for secret in answers.network.secrets if secret.required)
    return (*secrets, *(() if answers.notify else (answers.notify_variable,)))


def config_text(answers: Answers) -> str:
    """A whole veilleuse.toml, with comments in the language of the answers."""
    keys = {key: value.strip() for key, value in answers.keys.items()}
    keys[answers.network.identity_key] = keys[answers.network.identity_key].lstrip("@")
    return Template(wording.CONFIG[answers.language]).substitute(
        schema=SCHEMA_OF_CONFIG.as_uri(),
        timezone=_quoted(answers.timezone),
        language=_quoted(answers.language),
        person=answers.person,
        notify=_quoted(answers.notify) if answers.notify else f'{{ env = "{answers.notify_variable}" }}',
        account=answers.account,
        network=_quoted(answers.network.name),
        keys="\n".join(f"{key} = {_quoted(value)}" for key, value in keys.items()),
        secrets="\n".join(f"#   {name}" for name in secrets_needed(answers)),
    )


def first_posts(answers: Answers) -> dict[str, str]:
    """Files for the content folder, by name: drafts as TOML and as a spreadsheet. None of them is approved."""
    drafts = Template(wording.DRAFTS[answers.language]).substitute(
        account=answers.account,
        person=answers.person,
        network=answers.network.name,
        schema=SCHEMA_OF_POSTS.as_uri(),
    )
    # A spreadsheet program takes a file without the mark for Windows-1252 and breaks its accents.
    sheet = f"\ufeff{wording.SHEET[answers.language]}"
    return {f"{answers.account}.toml": drafts, f"{answers.account}.csv": sheet}


def _plain(text: str, longest: int) -> str:
    """Small letters, digits and "-" only."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:longest].strip("-")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
