"""A sentence that is kept: said in every language at once, read in one."""

import copy
import json
import pickle

import pytest

from veilleuse.language import Sentence, each_language, ngettext, sentence, speaking

AGO = "{span} ago"


def test_it_speaks_the_language_of_the_moment_when_it_is_formatted() -> None:
    said = sentence(AGO, span=3)
    assert f"{said}|{said:>6}|{str(said)}" == "3 ago| 3 ago|3 ago"  # noqa: RUF010 (all three ways)
    with speaking("fr"):
        assert f"{said}|{said:>8}|{str(said)}" == "il y a 3|il y a 3|il y a 3"  # noqa: RUF010


def test_as_plain_text_it_is_english() -> None:
    with speaking("fr"):
        said = sentence(AGO, span=3)
        assert said == "3 ago"
        assert json.dumps([said]) == '["3 ago"]'


def test_a_sentence_within_a_sentence_follows_suit() -> None:
    count = each_language(lambda: ngettext("{count} day", "{count} days", 2).format(count=2))
    assert sentence(AGO, span=count).by_language == {"en": "2 days ago", "fr": "il y a 2 jours"}


@pytest.mark.parametrize(
    "again", [copy.deepcopy, lambda said: pickle.loads(pickle.dumps(said))], ids=["copy", "pickle"]
)
def test_a_copy_keeps_all_languages(again: object) -> None:
    assert callable(again)
    twin = again(sentence(AGO, span=3))
    assert isinstance(twin, Sentence)
    assert twin.in_("fr") == "il y a 3"


def test_an_error_keeps_its_sentence_in_every_language() -> None:
    from veilleuse.domain.errors import Unreachable

    error = Unreachable(sentence(AGO, span=3))
    assert isinstance(error.sentence, Sentence)
    assert str(error) == "3 ago"
    assert Unreachable("plain").sentence == "plain"
