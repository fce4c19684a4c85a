"""The five questions of `veilleuse init`, in the language of the first; whatever a flag answers is not asked."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

import click

from veilleuse.config import Answers
from veilleuse.config.problem import sentences
from veilleuse.config.values import LANGUAGES, text, zone
from veilleuse.domain import phrases
from veilleuse.domain.network import Key, NetworkSpec
from veilleuse.entrypoints.cli.tongue import speaking_here
from veilleuse.language import _

ADDRESSES = frozenset({"handle", "page_id"})  # keys people answer by pasting the address of their page


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What stood on the command line; None: not said."""

    language: str | None
    timezone: str | None
    name: str | None
    network: str | None
    keys: Mapping[str, str]
    notify: str


def answers(flags: Flags, specs: Mapping[str, NetworkSpec]) -> Answers:
    """Ask for what the flags leave open. Without a terminal that is a usage error naming them."""
    _refuse_gaps(flags, specs)
    language = flags.language or click.prompt(_("Language / langue"), default=_language(), type=click.Choice(LANGUAGES))
    with speaking_here(language):
        timezone = flags.timezone or _ask(_("The time zone your readers live in"), time_zone, default=_zone_here())
        name = flags.name or _ask(_("Your first name (you are called when posts run out)"), one_line)
        network = flags.network or click.prompt(_("Which network first"), default="x", type=click.Choice(tuple(specs)))
        spec = specs[network]
        keys = {}
        for key in required(spec):
            question = _("On {title}, {what}").format(title=spec.title, what=_(key.help))
            keys[key.name] = identity(key.name, flags.keys.get(key.name) or _ask(question, one_line))
    return Answers(timezone=timezone, language=language, name=name, network=spec, keys=keys, notify=flags.notify)


def required(spec: NetworkSpec) -> list[Key]:
    return [key for key in spec.keys if key.required]


def flag(key: str) -> str:
    """--page-id"""
    return f"--{key.replace('_', '-')}"


def one_line(value: str) -> str:
    return _judged(text, value)


def time_zone(value: str) -> str:
    return str(_judged(zone, value))


def identity(key: str, value: str) -> str:
    """The handle or number, also out of an address: https://x.com/acme. An address whole: mastodon.social is one."""
    if key == "base_url":
        return value if "://" in value else f"https://{value}"
    return value.rstrip("/").rpartition("/")[2] if key in ADDRESSES else value


def _refuse_gaps(flags: Flags, specs: Mapping[str, NetworkSpec]) -> None:
    spec = specs.get(flags.network or "")
    strange = sorted(flags.keys.keys() - {key.name for key in required(spec)}) if spec else []
    if spec and strange:
        wanted = phrases.all_of(flag(key.name) for key in required(spec))
        raise click.UsageError(
            _("{title} has no {flag}; it wants {wanted}.").format(
                title=spec.title, flag=flag(strange[0]), wanted=wanted
            )
        )
    if sys.stdin.isatty():
        return
    gaps = [f"--{name}" for name in ("timezone", "name", "network") if getattr(flags, name) is None]
    if spec:
        gaps += [flag(key.name) for key in required(spec) if key.name not in flags.keys]
    elif not flags.keys:
        every = dict.fromkeys(flag(key.name) for each in specs.values() for key in required(each))
        gaps.append(phrases.any_of(every))
    if gaps:
        raise click.UsageError(_("There is no terminal to ask in; answer by {names}.").format(names=", ".join(gaps)))


def _ask(question: str, judge: Callable[[str], str], default: str | None = None) -> str:
    answer: str = click.prompt(question, default=default, value_proc=judge)
    return answer


def _judged(parse: Callable[[object], object], value: str) -> str:
    """The configuration's own judgement of a value, said by click."""
    try:
        return str(parse(value))
    except ValueError as wrong:
        message, remedy = sentences(wrong)
        raise click.BadParameter(f"{message}. {remedy}") from None


def _language() -> str:
    """As this terminal speaks."""
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "fr" if spoken.startswith("fr") else "en"


def _zone_here() -> str | None:
    """This machine's time zone, unless it is the UTC of a server nobody set."""
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    known = available_timezones() - {"UTC", "Etc/UTC"}
    return next((name for name in (os.environ.get("TZ", "").lstrip(":"), linked) if name in known), None)
