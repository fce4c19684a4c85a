"""A TOML file of posts: `approved_by` and `account` at its top, then one `[[post]]` after the other."""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import tomli

from veilleuse.adapters.content.encoding import decode
from veilleuse.adapters.content.sheet import Row, Sheet, note, unreadable
from veilleuse.adapters.content.toml_slips import slip
from veilleuse.domain.judge import Approver
from veilleuse.domain.keys import KEYS
from veilleuse.domain.lines import KeyLines, key_line
from veilleuse.domain.nearest import nearest
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong
from veilleuse.language import sentence

_TOP = ("account", "accounts", "approved_by", "post")
_REPAIRS = 100
# A line whose value begins like a date: one that TOML refuses is quoted, so that it costs its own post only.
_BARE_DATE = re.compile(r"(\s*[\w-]+\s*=\s*)(\d[\dTZ/:.+ -]*?)(\s*(?:#.*)?)", re.ASCII)
_HEADER = re.compile(r"\n[ \t]*\[\[[ \t]*post[ \t]*\]\]")  # led by the end of the line before, which is found fastest
_APPROVED_BY = re.compile(r"^[ \t]*approved_by\b", re.MULTILINE)

Lines = Callable[[], KeyLines]


def parse_toml(path: Path, file: str) -> Sheet:
    """Raises FileUnreadable, NotText, OSError."""
    text, encoding = decode(path)
    text = text.replace("\r\n", "\n")
    top = _load(text, file)
    lines = cache(partial(KeyLines, text))  # made only if a line is asked for
    for key in top:
        if key not in _TOP:
            guess = nearest(key, [*_TOP, "[[post]]"])
            meant = "[[post]]" if guess == "post" else guess
            mend = sentence("Did you mean `{guess}`?", guess=meant) if guess else sentence("Take it out.")
            if key in KEYS:
                mend = sentence("It belongs to a post: write a line [[post]] above it.")
            raise unreadable(
                file, lines().of((key,)), sentence("`{key}` is no key of a file of posts.", key=key[:80]), mend
            )
    posts = top.get("post", [])
    if not isinstance(posts, list):
        raise unreadable(
            file,
            lines().of(("post",)),
            sentence("`post` is written wrongly."),
            sentence("Begin every post with a line [[post]]."),
        )
    return Sheet(
        rows=_rows(posts, file, lines, text),
        accounts=_accounts(top, file, lines),
        approver=_approver(top, file, text),
        notes=(note(file, encoding.note, sentence("Look at its accents; next time save it as UTF-8.")),)
        if encoding.note
        else (),
    )


def _load(text: str, file: str) -> dict[str, object]:
    for _ in range(_REPAIRS):
        try:
            return tomli.loads(text)
        except tomli.TOMLDecodeError as error:
            lines = text.split("\n")
            written = lines[error.lineno - 1]
            if found := _BARE_DATE.fullmatch(written):
                lines[error.lineno - 1] = f'{found[1]}"{found[2]}"{found[3]}'
                text = "\n".join(lines)
                continue
            words = re.sub(r" \(at [^)]*\)$", "", str(error).splitlines()[0])
            raise unreadable(file, error.lineno, *slip(written, words)) from None
        except (ValueError, RecursionError):
            raise unreadable(
                file,
                None,
                sentence("This TOML is beyond reading: a number or a nesting without end."),
                sentence("Take it out."),
            ) from None
    raise unreadable(
        file,
        None,
        sentence("More than {count} dates do not exist.", count=_REPAIRS),
        sentence("Write dates as 2027-01-31."),
    )


def _rows(posts: list[object], file: str, lines: Lines, text: str) -> Iterator[Row]:
    headers = _headers(text) if '"""' not in text and "'''" not in text else []
    plain = len(headers) == len(posts)
    for place, post in enumerate(posts):
        line = headers[place][0] if plain else lines().of(("post", place))
        source = Source(file=file, line=line)
        if isinstance(post, dict):
            locate = partial(_near, text, headers[place][1], source) if plain else partial(_far, lines, file, place)
            yield Row(post, source, locate=locate)
        else:
            yield Row(
                {},
                source,
                wrong=Wrong(sentence("This is no post."), sentence("Begin every post with a line [[post]].")),
            )


def _headers(text: str) -> list[tuple[int, int]]:
    """The lines and offsets of all [[post]], in a text without strings of several lines: a plain search will do."""
    headers, line, end = [], 1, 0
    for found in _HEADER.finditer(f"\n{text}"):  # so that a match starts where its line does in `text`
        line += text.count("\n", end, found.start())
        end = found.start()
        headers.append((line, end))
    return headers


def _near(text: str, start: int, post: Source, key: str) -> Source:
    """Where a key stands in the post that begins at that offset: the others need not be read."""
    following = _HEADER.search(text, start + 1)
    line = key_line(text[start : following.start() if following else None], ("post", 0, key)) or 1
    return Source(file=post.file, line=(post.line or 1) + line - 1)


def _far(lines: Lines, file: str, place: int, key: str) -> Source:
    return Source(file=file, line=lines().of(("post", place, key)))


def _accounts(top: dict[str, object], file: str, lines: Lines) -> tuple[str, ...]:
    names: list[str] = []
    for key in ("account", "accounts"):
        value = top.get(key, [])
        for name in value if isinstance(value, list) else [value]:
            if not isinstance(name, str) or not name.strip():
                raise unreadable(
                    file,
                    lines().of((key,)),
                    sentence("`{key}` is not a name.", key=key),
                    sentence('Write, say, account = "acme-x".'),
                )
            names.append(name.strip())
    return tuple(dict.fromkeys(names))


def _approver(top: dict[str, object], file: str, text: str) -> Approver | None:
    name = top.get("approved_by")
    if name is None:
        return None
    found = _APPROVED_BY.search(text)  # what stands at the top comes before any post
    line = text.count("\n", 0, found.start()) + 1 if found else None
    if not isinstance(name, str):
        raise unreadable(
            file, line, sentence("`approved_by` is not a name."), sentence('Write, say, approved_by = "claire".')
        )
    return name.strip(), Source(file=file, line=line)
