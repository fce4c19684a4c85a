"""From a file to Settings, or to everything that is wrong with it."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import tomli

from veilleuse.config.accounts import House, read_accounts
from veilleuse.config.database import check_database, holds_password
from veilleuse.config.model import Settings
from veilleuse.config.people import read_people, somebody
from veilleuse.config.problem import ConfigInvalid, Problem, Problems
from veilleuse.config.rules import read_rule_keys
from veilleuse.config.secret_ref import Origin, RefParser, SecretRef
from veilleuse.config.section import Section
from veilleuse.config.twins import tell_twins
from veilleuse.config.values import language, text, zone
from veilleuse.config.web import read_web
from veilleuse.domain.lines import KeyLines
from veilleuse.domain.network import NetworkSpec
from veilleuse.language import sentence


def load(path: Path, specs: Mapping[str, NetworkSpec]) -> Settings:
    """Read and judge a configuration file. Raises ConfigInvalid with every problem at once. Fetches no secret."""
    source, private = _read(path)
    values = _parse(path, source)
    problems = Problems(str(path), KeyLines(source))
    settings = _settings(Section(problems, values), path.absolute(), private, specs)
    problems.settle()
    return settings


def _settings(root: Section, path: Path, private: bool, specs: Mapping[str, NetworkSpec]) -> Settings:
    folder = path.parent
    ref = RefParser(folder=folder, private=private)
    own_zone = root.take("timezone", zone, ZoneInfo("UTC"))
    own_language = root.take("language", language, "en")
    rule = root.table("rule")
    rule_keys = read_rule_keys(rule)
    rule.close()
    people = {person.name: person for person in read_people(root.table("people"), ref, own_zone, own_language)}
    house = House(specs=specs, people=people, rule=rule_keys, zone=own_zone, language=own_language, ref=ref)
    accounts = read_accounts(root.table("accounts"), house)
    tell_twins(accounts)
    if not accounts and "accounts" not in root.failed:
        root.wrong(
            "accounts",
            sentence("there is none"),
            sentence("Add [accounts.NAME] with network and owner, or run `veilleuse init`."),
        )
    alerts = root.table("alerts")
    web = root.table("web")
    settings = Settings(
        path=path,
        timezone=own_zone,
        language=own_language,
        content=folder / root.take("content", text, "content"),
        accounts=tuple(read.account for read in accounts),
        people=tuple(people.values()),
        alerts_owner=alerts.take("owner", somebody(people), accounts[0].account.owner if accounts else ""),
        credentials={read.account.name: read.credentials for read in accounts if read.credentials},
        database=root.take("database", partial(_database, ref), None),
        heartbeat_url=root.take("heartbeat_url", partial(_heartbeat, ref), None),
        web=read_web(web, people.values()),
    )
    for section in (alerts, web, root):
        section.close()
    return settings


def _database(ref: RefParser, value: object) -> SecretRef:
    if not isinstance(value, str):
        return ref(value)
    location = text(value)
    check_database(location)
    return ref(location) if holds_password(location) else SecretRef(origin=Origin.CLEAR, held=location)


def _heartbeat(ref: RefParser, value: object) -> SecretRef:
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        raise ValueError(sentence('is no web address; write it whole, from "https://" on'))
    return ref(value)


def _read(path: Path) -> tuple[str, bool]:
    """The text, and whether nobody but the file's owner can read it."""
    try:
        with path.open("rb") as file:
            private = not os.fstat(file.fileno()).st_mode & 0o077
            data = file.read()
    except FileNotFoundError:
        raise _invalid(
            path, None, sentence("there is no such file"), sentence("Write one with `veilleuse init`.")
        ) from None
    except (OSError, ValueError) as failed:
        reason = failed.strerror if isinstance(failed, OSError) else sentence("no path")
        raise _invalid(
            path,
            None,
            sentence("cannot be read: {reason}", reason=reason),
            sentence("Name another file with --config."),
        ) from None
    try:
        return data.decode("utf-8-sig"), private
    except UnicodeDecodeError as broken:
        line = data.count(b"\n", 0, broken.start) + 1
        raise _invalid(
            path, line, sentence("is not UTF-8 text"), sentence("Save it again with the encoding UTF-8.")
        ) from None


def _parse(path: Path, source: str) -> dict[str, object]:
    try:
        return tomli.loads(source)
    except tomli.TOMLDecodeError as broken:
        what = str(broken).partition(" (at ")[0]
        raise _invalid(
            path,
            broken.lineno,
            sentence("is not TOML: {what}", what=what),
            sentence("Mend this line; the rest is judged then."),
        ) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        raise _invalid(
            path, None, sentence("is not TOML that can be read"), sentence("Look for a value much too long.")
        ) from None


def _invalid(path: Path, line: int | None, message: str, remedy: str) -> ConfigInvalid:
    return ConfigInvalid((Problem(file=str(path), key="", line=line, message=message, remedy=remedy),))
