"""Which words of a text will be wrong when it is said too late."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.dated_words import day_words, last_day, tells_a_day

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Demain, portes ouvertes !", "Demain"),
        ("Venez aujourd'hui", "aujourd'hui"),
        ("Venez aujourd’hui", "aujourd’hui"),
        ("On se voit ce soir ?", "ce soir"),
        ("See you tomorrow", "tomorrow"),
        ("Open TODAY only", "TODAY"),
        ("What are you doing this weekend?", "this weekend"),
        ("Rendez-vous vendredi !", "vendredi"),
        ("Rendez-vous vendredi 12", "vendredi 12"),
        ("See you on Friday", "Friday"),
        ("See you on Friday 12", "Friday 12"),
    ],
)
def test_a_word_that_means_a_day_only_when_said_in_time_is_found(text: str, word: str) -> None:
    assert tells_a_day(text)
    assert day_words(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "Plutôt matin ou soir ?",
        "Ouvert du lundi au vendredi, 9 h-17 h",
        "Ouvert lundi-vendredi",
        "Le vendredi, c'est poisson",
        "Chaque jeudi, un conseil",
        "Tous les mardis, un conseil",
        "Open Monday to Friday",
        "Every Friday we bake",
        "Fridays are for cake",
        "Fermé lundi et mardi",
        "Black Fridays",
        "Le lendemain",
        "",
    ],
)
def test_habits_stay_true(text: str) -> None:
    assert day_words(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Le 12 décembre, on ferme", date(2026, 12, 12)),
        ("Le 1er janvier", date(2027, 1, 1)),
        ("Le vendredi 12 décembre", date(2026, 12, 12)),
        ("du 12 au 15 décembre", date(2026, 12, 15)),
        ("du 28 novembre au 3 décembre", date(2026, 12, 3)),
        ("On 12 December 2026", date(2026, 12, 12)),
        ("December 12th, 2026: we close", date(2026, 12, 12)),
        ("Dec. 12", date(2026, 12, 12)),
        ("the 12th of December", date(2026, 12, 12)),
        ("le 20 novembre", date(2026, 11, 20)),
        ("le 19 novembre", date(2027, 11, 19)),
        ("le 29 février", date(2028, 2, 29)),
        ("Depuis le 3 mars 2009", None),
        ("le 31 février", None),
        ("le 12 courant", None),
        ("Mai 68", None),
        ("En décembre 2026", None),
        ("Le marché de décembre", None),
    ],
)
def test_the_last_day_a_text_names(text: str, day: date | None) -> None:
    found = last_day(text, TODAY)
    assert (found and found[1]) == day
    assert found is None or tells_a_day(text)


pieces = st.sampled_from(
    [
        *(
            "lundi",
            "Mardi",
            "Friday",
            "demain",
            "CE SOIR",
            "cet après-midi",
            "this weekend",
            "aujourd’hui",
            "l'avant-hier",
        ),
        *("12", "1er", "3rd", "1234", "mars", "Dec.", "AOÛT", "may", "of", "2027", "maison", ",", "-", "\n", " ", " "),
    ]
)


@given(st.lists(pieces).map("".join))
def test_the_cheap_first_look_misses_nothing_that_a_reading_finds(text: str) -> None:
    assert tells_a_day(text) or (day_words(text) is None and last_day(text, TODAY) is None)
