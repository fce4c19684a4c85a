"""What people read, in their language. English stands in the code, French in catalogues/fr/veilleuse.po.

Whoever speaks to a person says in which language: `with speaking("fr"): ...`. Inside, `_` and `ngettext` translate.
A text is formatted after it is translated: `_("{account} lasts until {day}").format(account=..., day=...)`.
What stands at the level of a module is marked with `N_` and translated where it is shown.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "fr")

_spoken: ContextVar[str] = ContextVar("spoken", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside, in this thread, is said in that language ("en" or "fr")."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language of this moment: "en" or "fr"."""
    return _spoken.get()


def _(message: str) -> str:
    """This sentence in the language of this moment."""
    return _catalogue(spoken()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form for that number: French says 0 in the singular, English does not."""
    return _catalogue(spoken()).ngettext(one, many, number)


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for a sentence translated later)
    return message


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    with (files(__package__) / "catalogues" / language / "veilleuse.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)
