"""`veilleuse init`: a first configuration, first drafts and an empty database."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from veilleuse import bootstrap
from veilleuse.config import Answers, config_text, first_posts, secrets_needed
from veilleuse.config.values import LANGUAGES
from veilleuse.entrypoints.cli.questions import Flags, answers, flag, one_line, required, time_zone
from veilleuse.entrypoints.cli.tongue import speaking_here
from veilleuse.language import _

SPEAKING = tuple(name for name, spec in bootstrap.SPECS.items() if spec.publishes)


def _checked(judge: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    return lambda ctx, param, value: None if value is None else judge(value)


def _address(value: str) -> str:
    if "://" not in value:
        raise click.BadParameter(_('no Apprise address; write one such as "mailtos://USER:PASSWORD@HOST".'))
    return one_line(value)


def _key_options(command: Callable[..., None]) -> Callable[..., None]:
    """One flag for each key by which a network knows an account."""
    for key in {key.name: key for name in SPEAKING for key in required(bootstrap.SPECS[name])}.values():
        command = click.option(flag(key.name), callback=_checked(one_line), help=key.help)(command)
    return command


@click.command("init")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the first posts, and of what stands here.")
@click.option("--timezone", callback=_checked(time_zone), help="Such as Europe/Paris.")
@click.option("--name", callback=_checked(one_line), help="Who is called, and may approve.")
@click.option("--network", type=click.Choice(SPEAKING), help="Where the first account is.")
@_key_options
@click.option(
    "--notify",
    default="",
    callback=_checked(lambda value: value and _address(value)),
    help=("Where to call, an Apprise address: a secret, so better left to the variable that `init` names."),
)
@click.option("--directory", type=click.Path(path_type=Path, file_okay=False), help="Where to write. [default: here]")
@click.pass_obj
def command(config: Path, /, directory: Path | None, notify: str, **given: Any) -> None:
    """Write a first configuration and content folder, after five questions. Nothing is ever overwritten.

    Every question can be answered by a flag; without a terminal all must be.
    """
    path = directory / config.name if directory else config
    _refuse_existing(path)
    asked = {name: given.pop(name) for name in ("language", "timezone", "name", "network")}
    keys = {key: value for key, value in given.items() if value is not None}
    told = answers(Flags(**asked, keys=keys, notify=notify), bootstrap.SPECS)
    content = path.parent / "content"
    posts = {content / name: text for name, text in first_posts(told).items()}
    for post in posts:
        _refuse_existing(post)
    with ExitStack() as undo:
        try:
            content.mkdir(parents=True, exist_ok=True)
            _write(path, config_text(told), undo, private=bool(notify))
            for post, text in posts.items():
                _write(post, text, undo)
        except OSError as error:
            raise click.UsageError(
                _("{what} cannot be written: {strerror}.").format(what=error.filename or path, strerror=error.strerror)
            ) from None
        settings = bootstrap.load(path)
        bootstrap.upgrade(settings, bootstrap.SystemClock())
        undo.pop_all()
    written = ", ".join(str(each) for each in (path, *posts, bootstrap.database_name(settings)))
    with speaking_here(told.language):
        click.echo(_next(told, path, written))


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise click.UsageError(
            _("{path} is there already, and stays as it is. Name another folder with --directory.").format(path=path)
        )


def _write(path: Path, text: str, undo: ExitStack, *, private: bool = False) -> None:
    """A new file, gone again if what follows fails."""

    def create(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600 if private else 0o666)

    with open(path, "x", encoding="utf-8", newline="", opener=create) as file:
        undo.callback(path.unlink)
        file.write(text)


def _next(told: Answers, path: Path, written: str) -> str:
    drafts = next(name for name in first_posts(told) if name.endswith(".toml"))
    return _(
        "Written: {written}\n\n"
        "Next, in the folder {folder}:\n"
        "  1. Set these secrets, as environment variables (or in files: `veilleuse check` says where it looks):\n"
        "{secrets}\n"
        "  2. Judge what is there:        {program} check\n"
        "  3. Approve the first posts:    in {drafts}, remove the # before {line}\n"
        "  4. See what it would do:       {program} run --once --dry-run\n"
        "  5. Keep the account alive:     {program} run"
    ).format(
        written=written,
        folder=path.absolute().parent,
        secrets="\n".join(_secrets(told)),
        drafts=f"content/{drafts}",
        line=f'approved_by = "{told.person}"',
        program="veilleuse" if path.name == "veilleuse.toml" else f"veilleuse --config {path.name}",
    )


def _secrets(told: Answers) -> Iterator[str]:
    for name in secrets_needed(told):
        which = _("where to call you, an Apprise address: mailtos://..., slack://...")
        yield f"       {name}  ({which})" if name == told.notify_variable else f"       {name}"
