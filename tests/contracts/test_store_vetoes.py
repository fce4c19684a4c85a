"""The store's contract: vetoes, and letters that are written once."""

from dataclasses import replace

import pytest

from tests.contracts.samples import HOUR, NOW, an_attempt, feed, furnish, guard
from tests.domain.posts import a_post
from veilleuse.domain.letter import Letter, LetterKind
from veilleuse.domain.veto import Veto
from veilleuse.ports import AttemptRefused, PostChanged, Store

POST = a_post("p1")
VETO = Veto(account="acme-x", post_id="p1", digest=POST.digest, by="claire", at=NOW, reason="pas maintenant")


def vetoed_by(store: Store) -> str | None:
    (candidate,) = store.candidates("acme-x")
    return candidate.vetoed_by


def test_a_veto_holds_back_exactly_this_content_and_forbids_its_attempt(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.veto(VETO)
    assert store.vetoes() == store.vetoes("acme-x") == [VETO]
    assert store.vetoes("acme-facebook") == []
    assert vetoed_by(store) == "claire"
    with pytest.raises(AttemptRefused, match="the post is vetoed"):
        store.open_attempt(an_attempt("a1", POST), guard())


def test_a_changed_text_is_judged_anew_and_the_old_one_stays_vetoed(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.veto(VETO)
    changed = a_post("p1", text="Autre chose")
    feed(store, changed)
    assert vetoed_by(store) is None
    store.open_attempt(an_attempt("a1", changed), guard())
    feed(store, POST)
    assert vetoed_by(store) == "claire"


def test_a_veto_on_what_stands_there_no_longer_is_refused(store: Store) -> None:
    furnish(store, posts=(a_post("p1", text="Autre chose"),))
    with pytest.raises(PostChanged):
        store.veto(VETO)
    assert store.vetoes() == []


def test_who_vetoed_first_stays_named_until_it_is_taken_back(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.veto(VETO)
    store.veto(replace(VETO, by="hugo"))
    assert vetoed_by(store) == "claire"
    assert store.release("acme-x", "p1")
    assert not store.release("acme-x", "p1")
    assert vetoed_by(store) is None
    store.open_attempt(an_attempt("a1", POST), guard())


LETTER = Letter(
    id=0,
    kind=LetterKind.DIGEST,
    about="2026-W48",
    person="claire",
    channel=0,
    title="veilleuse",
    body="Tout va bien.",
    created_at=NOW,
    next_try_at=NOW,
)


def test_a_letter_is_written_once_to_each_channel(store: Store) -> None:
    both = [LETTER, replace(LETTER, channel=1)]
    assert store.write(both) == 2
    assert store.write([replace(letter, body="Encore.") for letter in both]) == 0
    assert store.write([replace(LETTER, about="2026-W49")]) == 1
    assert [(letter.about, letter.body) for letter in store.due_letters(NOW)] == [
        ("2026-W48", "Tout va bien."),
        ("2026-W48", "Tout va bien."),
        ("2026-W49", "Tout va bien."),
    ]
    assert store.is_written(LetterKind.DIGEST, "claire", "2026-W48")
    assert not store.is_written(LetterKind.PREVIEW, "claire", "2026-W48")
    assert store.newest_letter(LetterKind.DIGEST, "claire") == "2026-W49"
    assert store.newest_letter(LetterKind.DIGEST, "hugo") is None


def test_a_letter_waits_for_its_next_try_until_it_is_delivered(store: Store) -> None:
    store.write([LETTER])
    [letter] = store.due_letters(NOW)
    store.put_off(letter.id, tries=1, next_try_at=NOW + HOUR)
    assert store.due_letters(NOW) == []
    [again] = store.due_letters(NOW + HOUR)
    assert again == replace(letter, tries=1, next_try_at=NOW + HOUR)
    store.put_off(letter.id, tries=2, next_try_at=None)
    assert store.due_letters(NOW + 9 * HOUR) == []


def test_a_letter_is_leased_once_until_its_time_is_over(store: Store) -> None:
    store.write([LETTER])
    [letter] = store.due_letters(NOW)
    assert store.lease_letter(letter.id, now=NOW, until=NOW + HOUR)
    assert not store.lease_letter(letter.id, now=NOW, until=NOW + HOUR)
    assert store.lease_letter(letter.id, now=NOW + HOUR, until=NOW + 2 * HOUR)
    store.put_off(letter.id, tries=1, next_try_at=None)
    assert not store.lease_letter(letter.id, now=NOW + 9 * HOUR, until=NOW + 9 * HOUR)


def test_letters_that_wait_to_be_sent_are_counted(store: Store) -> None:
    store.write([LETTER, replace(LETTER, channel=LETTER.channel + 1)])
    assert store.undelivered_letters() == 2
    [first, _] = store.due_letters(LETTER.next_try_at or NOW)
    store.put_off(first.id, tries=1, next_try_at=None)
    assert store.undelivered_letters() == 1
