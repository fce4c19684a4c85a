"""In which language the command line speaks: that of its user's terminal, else that of the house."""

import copy
import gettext
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import click
import tomli

from veilleuse.language import LANGUAGES, N_, NN_, _, paragraphs, speaking, spoken

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as everywhere

# What click itself says to people.
CLICK = (
    *(N_("Usage:"), N_("Options"), N_("Commands"), N_("Show this message and exit."), N_("Show the version and exit.")),
    *(N_("Error: {message}"), N_("Try '{command} {option}' for help."), N_("default: {default}"), N_("Aborted!")),
    *(N_("No such option {name!r}."), N_("No such command {name!r}."), N_("Missing argument"), N_("Missing option")),
    *(N_("Missing command."), N_("Missing parameter"), N_("Invalid value: {message}"), N_("Error: invalid input")),
    *(N_("Invalid value for {param_hint}: {message}"), N_("{value!r} is not a valid {number_type}.")),
    *(N_("Option {name!r} does not take a value."), N_("{name} {filename!r} does not exist.")),
    *(N_("{name} {filename!r} is a file."), N_("{name} {filename!r} is a directory.")),
    *(N_("{name} {filename!r} is not readable."), N_("{value} is not in the range {range}.")),
    *(N_("Error: The two entered values do not match."), N_("Choose from:\n\t{choices}")),
    *NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    *NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    *NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    *NN_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    *NN_("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
)
KINDS = {  # what click's types are called where a value is to be filled in
    "text": N_("TEXT"),
    "integer": N_("INTEGER"),
    "integer range": N_("INTEGER"),
    "path": N_("PATH"),
    "file": N_("FILE"),
    "directory": N_("DIRECTORY"),
}


def language(args: Sequence[str], environ: Mapping[str, str]) -> str:
    """ "en" or "fr". The configuration is only peeked at: what is wrong with it is told elsewhere."""
    wished = next((environ[name] for name in LOCALE if environ.get(name)), "")
    tongue = wished.partition("_")[0].partition(".")[0].lower()
    return tongue if tongue in LANGUAGES else _of_the_house(_configuration(args, environ))


@contextmanager
def speaking_to(args: Sequence[str], environ: Mapping[str, str]) -> Iterator[None]:
    """Everything inside, click's own words too, is said in the language of whoever typed this."""
    with speaking_here(language(args, environ)):
        yield


@contextmanager
def speaking_here(chosen: str) -> Iterator[None]:
    """The same for a language chosen already: "en" or "fr"."""
    if chosen == "en":
        with speaking(chosen):
            yield
        return
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain("veilleuse", str(files("veilleuse.language") / "catalogues"))
    gettext.textdomain("veilleuse")
    os.environ["LANGUAGE"] = chosen
    try:
        with speaking(chosen):
            yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def translated(command: click.Command) -> click.Command:
    """The same command, its help in the language of the moment."""
    if spoken() == "en":
        return command
    twin = copy.copy(command)
    twin._help_option = None  # click keeps the one it made first, in the language of that moment
    twin.help = _help(command.help)
    twin.params = [_option(param) for param in command.params]
    if isinstance(twin, click.Group):
        twin.commands = {name: translated(each) for name, each in twin.commands.items()}
    return twin


def _option(param: click.Parameter) -> click.Parameter:
    twin = copy.copy(param)
    if isinstance(twin, click.Option) and twin.help:
        twin.help = _(twin.help)
    if param.type.name in KINDS:
        twin.type = copy.copy(param.type)
        twin.type.name = _(KINDS[param.type.name]).lower()
    return twin


def _help(text: str | None) -> str | None:
    """Paragraph by paragraph, as the catalogue has them; samples stay as they are."""
    parts = (text or "").split("\n\n")
    return (
        "\n\n".join(part if part.startswith("\b") else "\n\n".join(map(_, paragraphs(part))) for part in parts) or None
    )


def _configuration(args: Sequence[str], environ: Mapping[str, str]) -> Path:
    for number, word in enumerate(args):
        if word == "--config" and number + 1 < len(args):
            return Path(args[number + 1])
        if word.startswith("--config="):
            return Path(word.partition("=")[2])
    return Path(environ.get("VEILLEUSE_CONFIG") or "veilleuse.toml")


def _of_the_house(path: Path) -> str:
    try:
        said = tomli.loads(path.read_text(encoding="utf-8-sig")).get("language")
    except (OSError, ValueError):
        return "en"
    return said if said in LANGUAGES else "en"
