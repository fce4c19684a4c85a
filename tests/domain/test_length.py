"""Texts as Mastodon and Bluesky count them, and as X does by its own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.length import graphemes, measure_bluesky, measure_mastodon
from veilleuse.domain.text import weigh_x

FAMILY = "👨\u200d👩\u200d👧\u200d👦"  # one to the eye, 25 bytes


@pytest.mark.parametrize(
    ("text", "seen"),
    [("", 0), ("été", 3), ("e\u0301te\u0301", 3), (FAMILY, 1), ("🇫🇷", 1), ("👍🏽", 1), ("नि", 1), ("a\r\nb", 3)],
)
def test_a_reader_sees_graphemes(text: str, seen: int) -> None:
    assert graphemes(text) == seen


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Bonjour", 7),
        (FAMILY, 1),
        ("https://acme.fr", 23),
        ("Voir https://acme.fr/" + "a" * 80 + ".", 29),
        ("(https://acme.fr)", 25),
        ("acme.fr/offres", 14),  # without a scheme it is text
        ("@claire@mastodon.example", 7),
        ("Avec @claire@mastodon.example !", 14),
        ("@claire", 7),
        ("claire@acme.fr", 14),
    ],
)
def test_mastodon_counts(text: str, length: int) -> None:
    assert measure_mastodon(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("é" * 300, 300), ("https://acme.fr/long", 20), (FAMILY, 3), (FAMILY * 120, 300), (FAMILY * 121, 303)],
)
def test_bluesky_counts(text: str, length: int) -> None:
    assert measure_bluesky(text) == length


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_fits_bluesky_by_our_measure_keeps_both_its_limits(text: str) -> None:
    fits = graphemes(text) <= 300 and len(text.encode()) <= 3000
    assert (measure_bluesky(text) <= 300) == fits


# The kinds of example in twitter-text's conformance suite (github.com/twitter/twitter-text, conformance/validate.yml,
# WeightedTweetsCounterTest), written anew: what is asked there, not the file.
@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("This is a test.", 15),
        ("a" * 280, 280),
        ("漢" * 140, 280),
        ("故人西辞黄鹤楼", 14),
        ("안녕하세요", 10),
        ("𠮷野家で𩸽頼んで𠮟られる", 24),
        ("Cafe\u0301", 4),
        ("H🐱☺👨\u200d👩\u200d👧\u200d👦", 7),
        ("👪👪👪", 6),
        ("🙋🏽👨\u200d🎤", 4),
        ("😷👾😡🔥💩", 10),
        ("🇺🇸🇫🇷", 4),
        ("Check https://t.co/1234567890", 29),
        ("http://www.example.com/" + "a" * 200, 23),
        ("https://example.com https://example.org", 47),
        ("\u2026", 2),  # outside the light ranges
        ("\u2018quoted\u2019 \u2013 \u201ctwice\u201d", 18),
    ],
)
def test_x_counts_as_its_own_examples_do(text: str, weight: int) -> None:
    assert weigh_x(text) == weight
