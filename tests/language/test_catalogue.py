"""Nothing lacks its French, and the French is well set."""

import ast
import gettext
import re
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from tests.language.gather import KEYWORDS, SOURCE, gather, typeset
from veilleuse.domain import phrases
from veilleuse.language import speaking

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "src" / "veilleuse" / "language" / "catalogues" / "fr"


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FRENCH / "veilleuse.po").open("rb") as file:
        return read_po(file, locale="fr")


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each English form beside its French."""
    for message in said(catalogue):
        yield from zip(forms(message.id), forms(message.string), strict=True)


def forms(text: object) -> list[str]:
    """One, or one for each number."""
    return [text] if isinstance(text, str) else [str(form) for form in text] if isinstance(text, tuple | list) else []


def said(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def placeholders(text: str) -> list[str]:
    """Of the program's sentences, and of the page's templates."""
    named = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    return sorted([*named, *re.findall(r"%\(\w+\)s", text)])


def test_every_sentence_of_the_source_stands_in_the_catalogue_and_no_other(catalogue: Catalog) -> None:
    assert [message.id for message in gather(catalogue)] == [message.id for message in catalogue], "run `make messages`"


def test_a_sentence_within_an_f_string_is_known_too_though_only_python_3_12_gathers_it(catalogue: Catalog) -> None:
    within = {
        call.args[0].value
        for file in SOURCE.rglob("*.py")
        for text in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        if isinstance(call.args[0], ast.Constant)
    }
    assert within - {message.id for message in catalogue} == set()


def test_every_sentence_has_its_french_and_nobody_guessed_it(catalogue: Catalog) -> None:
    assert not [english for english, french in pairs(catalogue) if not french]
    assert not [message.id for message in said(catalogue) if message.fuzzy]


def test_what_is_filled_in_is_the_same_in_both(catalogue: Catalog) -> None:
    other = [(english, french) for english, french in pairs(catalogue) if placeholders(english) != placeholders(french)]
    assert not other


def test_commands_and_keys_are_not_translated(catalogue: Catalog) -> None:
    for english, french in pairs(catalogue):
        commands = re.findall(r"`[^`]+`", english.replace("YOUR-NAME", "VOTRE-NOM"))
        assert sorted(commands) == sorted(re.findall(r"`[^`]+`", french)), english


def test_the_typography_is_french(catalogue: Catalog) -> None:
    for _, french in pairs(catalogue):
        assert french == typeset(french)
        plain = re.sub(r"`[^`]*`|\{[^}]*\}|https?:\S+|\w+://\S*|\d\d:\d\d", "", french)
        assert not re.search(r"[^\s\u00a0:(\[\"][;!?»]|«[^\u00a0]", plain), french
        assert not re.search(r"[a-zé]:\s", plain), f"a colon wants a space before it: {french}"
        assert not re.search(r" (USD|ko|Mo|Go)\b", french), f"an amount stays with its unit: {french}"


def test_the_compiled_catalogue_is_the_written_one(catalogue: Catalog) -> None:
    with (FRENCH / "LC_MESSAGES" / "veilleuse.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in said(catalogue):
        english, french = forms(message.id), forms(message.string)
        if len(english) == 1:
            assert compiled.gettext(*english) == french[0]
        else:
            one, many = english
            assert [compiled.ngettext(one, many, count) for count in (0, 1, 2)] == [french[0], french[0], french[1]]


def test_its_head_tells_no_dates_and_nobody_s_address() -> None:
    head = (FRENCH / "veilleuse.po").read_text(encoding="utf-8").partition("\n\n")[0]
    assert not re.search(r"\d{4}|@|PROJECT|FULL NAME", head)


def test_the_days_of_the_year_are_those_of_the_unicode_consortium() -> None:
    for number in range(366):
        day = date(2028, 1, 1) + timedelta(days=number)
        for language in ("en", "fr"):
            with speaking(language):
                expected = format_date(day, "EEEE d MMMM", locale=language)
                ordinal = expected.replace(" 1 ", " 1er ") if language == "fr" else expected
                assert phrases.date_in_full(day, day) == ordinal


PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "english", "french"),
    [
        ("2026-11-20T10:12", "today at 10:12", "aujourd’hui à 10 h 12"),
        ("2026-11-21T09:05", "tomorrow at 09:05", "demain à 9 h 05"),
        ("2026-11-27T09:00", "Friday 27 November at 09:00", "vendredi 27 novembre à 9 h"),
        ("2026-12-01T00:00", "Tuesday 1 December at 00:00", "mardi 1er décembre à 0 h"),
        ("2027-01-04T18:30", "Monday 4 January 2027 at 18:30", "lundi 4 janvier 2027 à 18 h 30"),
    ],
)
def test_moments_in_both_languages(moment: str, english: str, french: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
    assert phrases.at(at, PARIS, NOW) == english
    with speaking("fr"):
        assert phrases.at(at, PARIS, NOW).replace("\u00a0", " ") == french


@pytest.mark.parametrize(
    ("moment", "french"),
    [("2026-11-20T10:12", "jusqu’à aujourd’hui"), ("2026-12-01T00:00", "jusqu’au mardi 1er décembre")],
)
def test_until_takes_the_article_of_a_date(moment: str, french: str) -> None:
    with speaking("fr"):
        assert phrases.until(datetime.fromisoformat(moment).replace(tzinfo=PARIS), PARIS, NOW) == french


@pytest.mark.parametrize(
    ("length", "english", "french"),
    [
        (timedelta(days=2), "2 days ago", "il y a 2 jours"),
        (timedelta(hours=25), "1 day ago", "il y a 1 jour"),
        (timedelta(minutes=1), "1 minute ago", "il y a 1 minute"),
        (timedelta(seconds=3), "less than a minute ago", "il y a moins d’une minute"),
    ],
)
def test_lengths_in_both_languages(length: timedelta, english: str, french: str) -> None:
    assert phrases.ago(NOW - length, NOW) == english
    with speaking("fr"):
        assert phrases.ago(NOW - length, NOW) == french


@pytest.mark.parametrize(
    ("number", "places", "english"),
    [
        (Decimal("0.200"), 2, "0.20"),
        (Decimal("0.015"), 3, "0.015"),
        (Decimal("12.5"), None, "12.5"),
        (Decimal(5), None, "5"),
        (Decimal(5), 2, "5.00"),
        (1.25e9 / 1e9, 1, "1.2"),
    ],
)
def test_amounts_have_the_mark_of_their_language(number: Decimal | float, places: int | None, english: str) -> None:
    shape = "0" if "." not in english else f"0.{'0' * len(english.partition('.')[2])}"
    for tongue in ("en", "fr"):
        with speaking(tongue):
            assert phrases.decimal(number, places) == format_decimal(number, format=shape, locale=tongue)
    assert phrases.decimal(number, places) == english


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [
        (0, "0 kB", "0\N{NO-BREAK SPACE}ko"),
        (1, "1 kB", "1\N{NO-BREAK SPACE}ko"),
        (11_001, "12 kB", "12\N{NO-BREAK SPACE}ko"),
        (1_000_000, "1.0 MB", "1,0\N{NO-BREAK SPACE}Mo"),
        (5_000_000, "5.0 MB", "5,0\N{NO-BREAK SPACE}Mo"),
        (5_000_001, "5.1 MB", "5,1\N{NO-BREAK SPACE}Mo"),
        (2_340_000_000, "2.4 GB", "2,4\N{NO-BREAK SPACE}Go"),
    ],
)
def test_a_size_a_byte_too_large_never_looks_like_what_is_allowed(count: int, english: str, french: str) -> None:
    assert phrases.size(count) == english
    with speaking("fr"):
        assert phrases.size(count) == french
