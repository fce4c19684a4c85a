"""Gather the sentences people read into the French catalogue, and compile it: `make messages`.

What is there stays, what is new comes in empty (and is printed), what nobody says any more goes. The same source gives
the same bytes: no dates, no line numbers, sentences in order.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from veilleuse.language import paragraphs

SOURCE = Path(__file__).parents[2] / "src" / "veilleuse"
FRENCH = SOURCE / "language" / "catalogues" / "fr" / "veilleuse.po"
COMPILED = FRENCH.parent / "LC_MESSAGES" / "veilleuse.mo"  # where gettext itself looks
KEYWORDS = DEFAULT_KEYWORDS | {"N_": None, "NN_": (1, 2), "sentence": None}
METHODS = [
    ("entrypoints/cli/**.py", "tests.language.gather:commands"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
    ("**.txt", "jinja2"),
]
NO_BREAK = "\u00a0"  # one for all: every font, terminal and mail programme has it
HEADER = [
    ("Language", "fr"),
    ("Plural-Forms", "nplurals=2; plural=(n > 1);"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]
Found = tuple[int, str, Any, list[str]]


class French(Catalog):
    """A catalogue whose head says what a program must know, and no more."""

    mime_headers = HEADER


def commands(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Found]:
    """A module of the command line: what is marked, and what click shows as help, which is not."""
    from babel.messages.extract import extract_python

    yield from extract_python(file, keywords, tags, options)  # type: ignore[misc]  # Babel's own stubs differ
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.FunctionDef) and any(_makes_a_command(d) for d in node.decorator_list):
            yield from ((node.lineno, "", said, []) for said in paragraphs(ast.get_docstring(node) or "") if said)
        elif (
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Command"
        ):  # a line of the table of commands
            yield from ((node.lineno, "", text.value, []) for text in node.args[1:] if isinstance(text, ast.Constant))
        elif isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
            yield node.value.lineno, "", node.value.value, []


def _makes_a_command(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr in ("command", "group")


def typeset(text: str) -> str:
    """French typography, outside `code`: no line breaks before a colon or inside guillemets, curved apostrophes."""
    parts = text.split("`")
    parts[::2] = [re.sub(r" (?=[:;!?»])|(?<=«) ", NO_BREAK, part).replace("'", "’") for part in parts[::2]]
    return "`".join(parts)


def gather(known: Catalog) -> French:
    """The catalogue of what the source says now, translated as far as it was."""
    fresh = French(locale="fr", header_comment=known.header_comment, fuzzy=False)
    found = extract_from_dir(
        SOURCE, method_map=METHODS, keywords=KEYWORDS, comment_tags=("French:",), strip_comment_tags=True
    )
    said = {id if isinstance(id, tuple) else (id,): (id, notes) for _, _, id, notes, _ in found if id}
    for key in sorted(said):
        message, notes = said[key]
        old = known.get(message) or known.get(key[0])
        fresh.add(message, old.string and _typeset(old.string) if old is not None else None, auto_comments=notes)
    return fresh


def _typeset(said: str | Iterable[str]) -> Any:
    return typeset(said) if isinstance(said, str) else tuple(typeset(form) for form in said)


def main() -> None:
    with FRENCH.open("rb") as file:
        known = read_po(file, locale="fr")
    fresh = gather(known)
    with FRENCH.open("wb") as file:
        write_po(file, fresh, width=-1, no_location=True, sort_output=True)
    with COMPILED.open("wb") as file:
        write_mo(file, fresh)
    lacking = [message.id for message in fresh if message.id and not (message.string and all(message.string))]
    gone = {str(message.id) for message in known} - {str(message.id) for message in fresh}
    print(*(f"No longer said: {message}" for message in sorted(gone)), sep="\n")
    print(*(f"To be translated: {message}" for message in lacking), sep="\n")
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
