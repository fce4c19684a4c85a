"""What people read, in their language. English stands in the code, French in catalogues/fr/veilleuse.po.

Whoever speaks to a person says in which language: `with speaking("fr"): ...`. Inside, `_` and `ngettext` translate.
A text is formatted after it is translated: `_("{account} lasts until {day}").format(account=..., day=...)`.
What stands at the level of a module is marked with `N_` and translated where it is shown. What is kept to be read later
(an alert, an error, a verdict) is said in every language at once: `sentence("{name} is silent.", name=...)`.
"""

import gettext
from collections.abc import Callable, Iterator, Mapping
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
    return _catalogue(spoken()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """The form for that number: French says 0 in the singular, English does not."""
    return _catalogue(spoken()).ngettext(one, many, number)


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for a sentence translated later)
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 (as N_)
    """The same of two forms, for `ngettext` where they are said."""
    return one, many


class Sentence(str):
    """One sentence in every language. Formatted (`str()`, f-strings, `format`) it speaks the language of the moment.

    As plain text (compared, joined, logged, written to JSON) it is English.
    """

    __slots__ = ("_others",)
    _others: Mapping[str, str]

    def __new__(cls, english: str, others: Mapping[str, str]) -> "Sentence":
        self = super().__new__(cls, english)
        self._others = others
        return self

    @classmethod
    def of(cls, by_language: Mapping[str, str]) -> "Sentence":
        return cls(by_language["en"], by_language)

    def in_(self, language: str) -> str:
        return self._others.get(language) or str.__str__(self)

    @property
    def by_language(self) -> dict[str, str]:
        return {language: self.in_(language) for language in LANGUAGES}

    def __str__(self) -> str:
        return self.in_(spoken())

    def __format__(self, spec: str) -> str:
        return format(self.in_(spoken()), spec)

    def __reduce__(self) -> tuple[type["Sentence"], tuple[str, Mapping[str, str]]]:
        """A copy keeps all languages."""
        return Sentence, (str.__str__(self), self._others)


def sentence(message: str, **values: object) -> Sentence:
    """That sentence in every language, its values formatted in each: another `Sentence` among them follows suit."""
    return each_language(lambda: _(message).format(**values)) if values else _plain(message)


@cache  # a file may deserve the same remedy a hundred thousand times
def _plain(message: str) -> Sentence:
    return each_language(lambda: _(message).format())


def each_language(say: Callable[[], str]) -> Sentence:
    """What a pure function says, asked once in each language."""
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            said[language] = str(say())
    return Sentence.of(said)


def liked(accept: str) -> str:
    """The language a browser likes best, by its Accept-Language; "" if it likes none of ours."""
    wishes = (wish.partition(";")[0].strip().lower().partition("-")[0] for wish in accept.split(","))
    return next((wish for wish in wishes if wish in LANGUAGES), "")


def paragraphs(text: str) -> list[str]:
    """A docstring shown as help, as the catalogue knows it: by paragraph, each on one line; samples left out."""
    return [" ".join(part.split()) for part in text.split("\n\n") if not part.startswith("\b")]


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    with (files(__package__) / "catalogues" / language / "LC_MESSAGES" / "veilleuse.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)
