"""The stored queue follows the folder: what enters, what changes, what goes, and what nothing may take away."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content_house import ACCOUNTS, JPEG, NOW, RULE, Folder, an_account, toml
from veilleuse.domain.account import Account
from veilleuse.domain.content import FolderState, Severity
from veilleuse.domain.queue import Block, blocked
from veilleuse.domain.text import text_id
from veilleuse.ports import Store
from veilleuse.services import sync_writer
from veilleuse.services.sync import Sync, SyncReport
from veilleuse.services.unstored import judge_content

UN = 'id = "un"\ntext = "Un"'
DEUX = 'id = "deux"\ntext = "Deux"'
TROIS = 'id = "trois"\ntext = "Trois"'


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "content").mkdir()
    return Folder(tmp_path / "content")


def told(report: SyncReport) -> list[str]:
    return [str(verdict) for verdict in report.verdicts]


def counts(report: SyncReport) -> Mapping[str, tuple[str, ...]]:
    kinds = {kind: getattr(report, kind) for kind in ("added", "changed", "found", "missing", "withdrawn")}
    return {kind: refs for kind, refs in kinds.items() if refs}


def test_a_folder_becomes_a_queue_on_every_store(tmp_path: Path, store: Store) -> None:
    house = Folder(tmp_path / "content", store=store)
    house.write("vitrine.jpg", JPEG)
    house.write(
        "acme-x.toml",
        toml(UN, 'id = "photo"\ntext = "Voilà 🎉"\nimage = "vitrine.jpg"\nalt = "La vitrine"\nnot_after = 2027-01-05'),
    )
    house.write("acme-facebook.csv", "texte;approuvé par\nPlutôt l’été ?;claire\nÀ relire;\n")
    posts = {(post.account, post.id): post for post in house.posts()}
    report = house.sync()
    assert counts(report) == {
        "added": (
            f"acme-facebook/{text_id('Plutôt l’été ?')}",
            f"acme-facebook/{text_id('À relire')}",
            "acme-x/un",
            "acme-x/photo",
        )
    }
    stored = [each.post for account in ("acme-x", "acme-facebook") for each in store.candidates(account)]
    assert {(post.account, post.id): post for post in stored} == posts
    photo = posts["acme-x", "photo"].image
    assert photo is not None
    assert store.image(photo.sha256) == JPEG
    assert counts(house.sync()) == {}
    house.delete("acme-facebook.csv")
    house.write("acme-x.toml", toml('id = "un"\ntext = "Un et demi"', TROIS))
    assert counts(house.sync()) == {
        "added": ("acme-x/trois",),
        "changed": ("acme-x/un",),
        "missing": tuple(sorted(ref for ref in report.added if ref not in ("acme-x/un",))),
    }
    assert house.queue() == {"un": "Un et demi", "trois": "Trois"}
    assert house.queue("acme-facebook") == {}
    house.wait(60)
    assert len(house.sync().withdrawn) == 3
    assert set(store.index()) == {("acme-x", "un"), ("acme-x", "trois")}


# --- idempotence ---


def test_a_second_sync_reads_nothing_and_writes_nothing(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, 'text = ""'))
    first = folder.sync()
    again = folder.sync()
    assert (again.unread, counts(again)) == (1, {})
    assert told(again) == told(first) != []
    assert again.has_errors


POST = st.fixed_dictionaries(
    {"text": st.sampled_from(["Un", "Deux", "Trois", "x" * 300, ""])},
    optional={
        "id": st.sampled_from(["a", "b", "c"]),
        "approved_by": st.sampled_from(["claire", "paul"]),
        "reserve": st.booleans(),
    },
)
FILE = st.lists(POST, max_size=4) | st.just("broken [")
FOLDERS = st.lists(
    st.dictionaries(st.sampled_from(["acme-x.toml", "acme-x/b.toml", "acme-fr-x.toml"]), FILE), min_size=1, max_size=4
)
TWO_ON_X = {**ACCOUNTS, "acme-fr-x": an_account("acme-fr-x")}


def lines(value: object) -> str:
    if isinstance(value, str):
        return value
    assert isinstance(value, list)
    posts = (
        "\n".join(f"{key} = {str(v).lower() if isinstance(v, bool) else repr(v)}" for key, v in p.items())
        for p in value
    )
    return toml(*posts)


@settings(max_examples=60, deadline=None)
@given(folders=FOLDERS, publish=st.booleans())
def test_whatever_the_folder_was_and_became_a_second_sync_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, folders: list[dict[str, object]], publish: bool
) -> None:
    house = Folder(tmp_path_factory.mktemp("content"), TWO_ON_X)
    for version in folders:
        for file in [each for each in house.root.rglob("*.toml") if str(each.relative_to(house.root)) not in version]:
            file.unlink()
        for name, posts in version.items():
            house.write(name, lines(posts))
        report = house.sync()
        index = dict(house.store.index())
        again = house.sync()
        assert counts(again) == {}
        assert told(again) == told(report)
        assert house.store.index() == index
        assert len(set(house.queue().values()) & {"", "x" * 300}) == 0
        if publish and house.queue():
            house.publish("acme-x", min(house.queue()))
        house.wait(61)
        house.sync()
        standing = {key for key, post in house.store.index().items() if post.missing_since is None}
        assert all(key in house.store.published_keys() for key in house.store.index().keys() - standing)
        assert counts(house.sync()) == {}


# --- a file, and what becomes of its posts ---


def test_a_post_taken_out_is_silent_at_once_and_withdrawn_a_minute_later(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.write("acme-x.toml", toml(UN))
    assert counts(folder.sync()) == {"missing": ("acme-x/deux",)}
    assert folder.queue() == {"un": "Un"}
    folder.wait(59)
    assert counts(folder.sync()) == {}
    folder.wait(1)
    assert counts(folder.sync()) == {"withdrawn": ("acme-x/deux",)}
    assert counts(folder.sync()) == {}


def test_a_post_put_back_in_time_was_never_gone(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.write("acme-x.toml", toml(UN, DEUX))
    assert counts(folder.sync()) == {"found": ("acme-x/deux",)}
    assert folder.queue() == {"un": "Un", "deux": "Deux"}


def test_a_post_put_back_too_late_is_a_new_one(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.wait(60)
    folder.sync()
    folder.write("acme-x.toml", toml(UN, DEUX))
    assert counts(folder.sync()) == {"added": ("acme-x/deux",)}
    assert folder.queue() == {"un": "Un", "deux": "Deux"}


def test_a_file_taken_away_takes_its_posts_with_it(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.write("acme-x/hiver.toml", toml(DEUX))
    folder.sync()
    folder.delete("acme-x/hiver.toml")
    assert counts(folder.sync()) == {"missing": ("acme-x/deux",)}
    folder.wait(60)
    assert counts(folder.sync()) == {"withdrawn": ("acme-x/deux",)}
    assert set(folder.store.files()) == {"acme-x.toml"}


def test_a_renamed_file_changes_nothing_but_the_place(folder: Folder) -> None:
    folder.write("acme-x/hiver.toml", toml(UN, 'text = "Sans nom"'))
    folder.sync()
    (folder.root / "acme-x/hiver.toml").rename(folder.root / "acme-x/winter.toml")
    report = folder.sync()
    assert (counts(report), report.unchanged) == ({}, 2)
    assert {each.post.source.file for each in folder.store.candidates("acme-x")} == {"acme-x/winter.toml"}
    assert set(folder.queue().values()) == {"Un", "Sans nom"}


def test_a_file_that_does_not_parse_keeps_its_last_good_posts(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.write("acme-facebook.toml", toml(UN))
    folder.sync()
    folder.write("acme-x.toml", toml(UN) + "text = «")
    folder.write("acme-facebook.toml", toml(UN, DEUX))
    report = folder.sync()
    assert counts(report) == {"added": ("acme-facebook/deux",)}
    assert "acme-x.toml:6: error: The quotation marks around this text are curly" in told(report)[0]
    folder.wait(3600)
    assert counts(folder.sync()) == {}
    assert folder.queue() == {"un": "Un", "deux": "Deux"}
    folder.write("acme-x.toml", toml(UN))
    assert counts(folder.sync()) == {"missing": ("acme-x/deux",)}


def test_a_post_turned_bad_is_silent_and_the_good_ones_go_on(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.write("acme-x.toml", toml(UN, f'id = "deux"\ntext = "{"é" * 281}"', TROIS))
    assert counts(folder.sync()) == {"added": ("acme-x/trois",), "missing": ("acme-x/deux",)}
    assert folder.queue() == {"un": "Un", "trois": "Trois"}


def test_a_changed_text_replaces_the_old_one_and_its_approval_is_judged_anew(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un, corrigé"', top=""))
    assert counts(folder.sync()) == {"changed": ("acme-x/un",)}
    (candidate,) = folder.store.candidates("acme-x")
    assert (candidate.post.text, candidate.post.approved_by) == ("Un, corrigé", None)


# --- the folder as a whole ---


def test_a_folder_that_is_gone_leaves_the_queue_as_it_was(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, 'text = ""'))
    folder.write("STOP", "Crise")
    before = told(folder.sync())
    folder.root.rename(folder.root.with_name("away"))
    report = folder.sync()
    assert report.state is FolderState.MISSING
    assert report.has_errors
    assert told(report) == before
    folder.wait(3600)
    assert counts(folder.sync()) == {}
    assert folder.queue() == {"un": "Un"}
    assert [freeze.origin for freeze in folder.store.freezes(folder.clock.now())] == ["STOP STOP"]


def test_an_emptied_folder_silences_its_posts_and_their_return_brings_them_back(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.delete("acme-x.toml")
    report = folder.sync()
    assert report.state is FolderState.EMPTY
    assert counts(report) == {"missing": ("acme-x/un",)}
    assert folder.queue() == {}
    folder.write("acme-x.toml", toml(UN))
    assert counts(folder.sync()) == {"found": ("acme-x/un",)}


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Folders that cannot be opened; the tests run as a user who could open any."""
    names: set[str] = set()
    scandir = os.scandir

    def guarded(path: str) -> object:
        if os.path.basename(path) in names:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    return iter([names])


def test_a_folder_inside_that_cannot_be_opened_keeps_posts_and_stops(
    folder: Folder, closed: Iterator[set[str]]
) -> None:
    folder.write("acme-x/hiver.toml", toml(UN))
    folder.write("acme-x/STOP", "Crise")
    folder.write("acme-facebook.toml", toml(TROIS))
    folder.sync()
    names = next(closed)
    names.add("acme-x")
    folder.write("acme-facebook.toml", toml(TROIS, DEUX))
    report = folder.sync()
    assert counts(report) == {"added": ("acme-facebook/deux",)}
    assert "acme-x/: error: This folder may not be opened." in told(report)[0]
    folder.write("STOP", "Crise")
    assert folder.source.stops() == (("", "STOP", "Crise"),), "what can be seen holds at once"
    (folder.root / "STOP").unlink()
    folder.wait(3600)
    assert counts(folder.sync()) == {}
    assert folder.queue() == {"un": "Un"}
    assert [freeze.account for freeze in folder.store.freezes(folder.clock.now())] == ["acme-x"]
    names.clear()
    report = folder.sync()
    assert (counts(report), told(report)) == ({}, [])


def test_stop_files_freeze_and_their_removal_thaws_only_that(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.write("STOP", "Crise : on se tait")
    folder.write("acme-x/stop.txt", "Vacances")
    folder.sync()
    frozen = {freeze.origin: freeze for freeze in folder.store.freezes(folder.clock.now())}
    assert {origin: (freeze.account, freeze.reason) for origin, freeze in frozen.items()} == {
        "STOP STOP": ("", "Crise : on se tait"),
        "STOP acme-x/stop.txt": ("acme-x", "Vacances"),
    }
    folder.wait(10)
    folder.sync()
    assert folder.store.freezes(folder.clock.now()) == list(frozen.values())
    folder.delete("STOP")
    folder.sync()
    assert [freeze.origin for freeze in folder.store.freezes(folder.clock.now())] == ["STOP acme-x/stop.txt"]


# --- identity ---


def test_one_id_in_two_files_replaces_nothing_and_names_both(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.write("acme-x/hiver.toml", toml('id = "un"\ntext = "Autre"', DEUX))
    report = folder.sync()
    assert counts(report) == {"added": ("acme-x/deux",)}
    assert told(report) == [
        'acme-x.toml: error acme-x/un: "un" stands in acme-x/hiver.toml:3 too. Neither is taken; '
        "what was queued before stays. Take one out, or give it an id of its own.",
        'acme-x/hiver.toml:3: error acme-x/un: "un" stands in acme-x.toml too. Neither is taken; '
        "what was queued before stays. Take one out, or give it an id of its own.",
    ]
    assert folder.queue() == {"un": "Un", "deux": "Deux"}
    assert told(folder.sync()) == told(report)
    folder.delete("acme-x.toml")
    assert counts(folder.sync()) == {"changed": ("acme-x/un",)}
    assert folder.queue() == {"un": "Autre", "deux": "Deux"}


def test_one_new_id_in_two_new_files_enters_from_neither(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, TROIS))
    folder.write("acme-x/hiver.toml", toml('id = "un"\ntext = "Autre"', DEUX))
    report = folder.sync()
    assert set(report.added) == {"acme-x/deux", "acme-x/trois"}
    assert [verdict.source.file for verdict in report.verdicts] == ["acme-x.toml", "acme-x/hiver.toml"]
    folder.write("acme-x/hiver.toml", toml(DEUX))
    report = folder.sync()
    assert counts(report) == {"added": ("acme-x/un",)}
    assert told(report) == []


def test_one_id_twice_in_a_file_enters_from_neither_place(folder: Folder) -> None:
    folder.write("acme-x.csv", "id;texte\nun;Un\ndeux;Deux\nun;Autre\n")
    report = folder.sync()
    assert report.added == ("acme-x/deux",)
    assert [verdict.source.line for verdict in report.verdicts] == [2, 4]


def test_a_twin_met_after_its_sister_was_written_takes_her_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_writer, "PORTION", 1)
    test_one_id_twice_in_a_file_enters_from_neither_place(folder)
    assert folder.queue() == {"deux": "Deux"}
    assert set(folder.store.index()) == {("acme-x", "deux")}


def test_what_stands_twice_elsewhere_is_not_missing_because_its_first_file_is_gone(folder: Folder) -> None:
    folder.write("acme-x/hiver.toml", toml(UN, DEUX))
    folder.sync()
    folder.delete("acme-x/hiver.toml")
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Autre"', 'id = "un"\ntext = "Encore"'))
    report = folder.sync()
    assert counts(report) == {"missing": ("acme-x/deux",)}
    again = folder.sync()
    assert (counts(again), told(again)) == ({}, told(report))
    folder.wait(61)
    assert counts(folder.sync()) == {"withdrawn": ("acme-x/deux",)}
    assert folder.queue() == {"un": "Un"}
    folder.write("acme-x.toml", toml(DEUX))
    assert counts(folder.sync()) == {"added": ("acme-x/deux",), "missing": ("acme-x/un",)}


def test_what_was_published_moved_and_edited_at_once_is_not_missing(folder: Folder) -> None:
    folder.write("acme-x/hiver.toml", toml(UN, DEUX))
    folder.sync()
    folder.publish("acme-x", "un")
    folder.delete("acme-x/hiver.toml")
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Autre"'))
    report = folder.sync()
    assert counts(report) == {"missing": ("acme-x/deux",)}
    again = folder.sync()
    assert (counts(again), told(again)) == ({}, told(report))


def test_the_same_text_twice_in_a_file_is_said_once(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte\nBonjour !\nBonjour  !\n")
    report = folder.sync()
    assert len(report.added) == 1
    (verdict,) = report.verdicts
    assert verdict.severity is Severity.WARNING
    assert verdict.message == "The same text stands in acme-x.csv:2 already: it is said once."


def test_a_post_moved_to_another_file_moves(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.write("acme-x/hiver.toml", toml(TROIS))
    folder.sync()
    folder.write("acme-x.toml", toml(UN))
    folder.write("acme-x/hiver.toml", toml(TROIS, DEUX))
    report = folder.sync()
    assert (counts(report), told(report)) == ({}, [])
    assert [(each.post.id, each.post.source.file) for each in folder.store.candidates("acme-x")] == [
        ("un", "acme-x.toml"),
        ("trois", "acme-x/hiver.toml"),
        ("deux", "acme-x/hiver.toml"),
    ]


def test_a_post_does_not_move_out_of_a_file_that_cannot_be_read(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.write("acme-x.toml", "un [")
    folder.write("acme-x/hiver.toml", toml('id = "un"\ntext = "Autre"'))
    report = folder.sync()
    assert counts(report) == {}
    assert any('"un" stands in acme-x.toml too.' in each for each in told(report))
    assert folder.queue() == {"un": "Un"}
    folder.write("acme-x.toml", toml(DEUX))
    assert counts(folder.sync()) == {"added": ("acme-x/deux",), "changed": ("acme-x/un",)}


# --- after publication ---


def test_an_edit_after_publication_is_ignored_and_said(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.publish("acme-x", "un")
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un, corrigé"', DEUX))
    report = folder.sync()
    assert counts(report) == {}
    assert told(report) == [
        "acme-x.toml:3: note acme-x/un: Already published on Friday 20 November 2026: the edit is ignored. "
        "Give it another id to say the new text."
    ]
    assert folder.queue()["un"] == "Un"


def test_a_published_post_may_move_without_a_word(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    folder.publish("acme-x", "un")
    folder.write("acme-x.toml", toml(DEUX, UN))
    report = folder.sync()
    assert (counts(report), told(report)) == ({"added": ("acme-x/deux",)}, [])


def test_a_reserve_post_may_be_edited_after_a_use(folder: Folder) -> None:
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un"\nreserve = true'))
    folder.sync()
    folder.publish("acme-x", "un")
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un, autrement"\nreserve = true'))
    assert counts(folder.sync()) == {"changed": ("acme-x/un",)}
    assert folder.queue() == {"un": "Un, autrement"}


def test_a_reserve_post_said_once_is_no_reserve_from_the_moment_its_file_says_so(folder: Folder) -> None:
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un"\nreserve = true'))
    folder.sync()
    folder.publish("acme-x", "un")
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un, autrement"'))
    assert "Already published" in told(folder.sync())[0]
    [candidate] = folder.store.candidates("acme-x")
    assert blocked(candidate, NOW + timedelta(days=365)) is Block.PUBLISHED


LONG = "Nos horaires d'hiver : 9 h-17 h. Plutot matin ou soir ?"
MENDED = "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?"


def test_a_published_text_mended_without_an_id_is_not_said_again(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(f'text = "{LONG}"'))
    folder.sync()
    folder.publish("acme-x", text_id(LONG))
    folder.write("acme-x.toml", toml(f'text = "{MENDED}"', DEUX))
    report = folder.sync()
    assert report.added == ("acme-x/deux",)
    assert (
        "Nearly the same was published on Friday 20 November 2026: it is not queued again. Add an id to say it again."
        in told(report)[0]
    )
    for step in range(3):  # also long after, when the first one is forgotten by everybody
        folder.wait(3600)
        folder.write("acme-x.toml", toml(f'text = "{MENDED}"', DEUX) + f"# {step}\n")
        assert folder.sync().added == ()
    folder.write("acme-x.toml", toml(f'id = "encore"\ntext = "{MENDED}"', DEUX))
    assert folder.sync().added == ("acme-x/encore",)


def test_a_published_text_that_is_only_given_a_name_is_not_said_again(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(f'text = "{LONG}"'))
    folder.sync()
    folder.publish("acme-x", text_id(LONG))
    folder.write("acme-x.toml", toml(f'id = "horaires"\ntext = "{LONG}"', DEUX))
    report = folder.sync()
    assert report.added == ("acme-x/deux",)
    assert (
        "This was published on Friday 20 November 2026, without an id: a name alone does not say it again. "
        "To say it again, write it once more without an id beside it."
    ) in told(report)[0]
    folder.delete("acme-x.toml")
    folder.write("acme-x/autrement.toml", toml(f'id = "horaires"\ntext = "{LONG}"', DEUX))
    folder.wait(3600)
    assert folder.sync().added == ()
    folder.write("acme-x/autrement.toml", toml(f'text = "{LONG}"', f'id = "horaires"\ntext = "{LONG}"', DEUX))
    assert folder.sync().added == ("acme-x/horaires",)


def test_a_reserve_post_may_be_given_a_name(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(f'text = "{LONG}"\nreserve = true'))
    folder.sync()
    folder.publish("acme-x", text_id(LONG))
    folder.write("acme-x.toml", toml(f'id = "horaires"\ntext = "{LONG}"\nreserve = true'))
    assert folder.sync().added == ("acme-x/horaires",)


def test_a_text_like_a_published_one_that_still_stands_is_a_post_of_its_own(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(f'text = "{LONG}"'))
    folder.sync()
    folder.publish("acme-x", text_id(LONG))
    folder.write("acme-x.toml", toml(f'text = "{MENDED}"', f'text = "{LONG}"'))
    assert folder.sync().added == (f"acme-x/{text_id(MENDED)}",)


def test_a_new_text_in_the_place_of_a_published_one_is_queued(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(f'text = "{LONG}"'))
    folder.sync()
    folder.publish("acme-x", text_id(LONG))
    folder.write("acme-x.toml", toml('text = "Tout autre chose : venez voir la vitrine !"'))
    assert len(folder.sync().added) == 1


# --- X's policy ---


@pytest.fixture
def two_on_x(tmp_path: Path) -> Folder:
    (tmp_path / "content").mkdir()
    return Folder(tmp_path / "content", TWO_ON_X)


def test_the_same_text_on_two_x_accounts_is_refused_to_the_second(two_on_x: Folder) -> None:
    two_on_x.write(
        "noel.toml", toml('text = "Joyeux Noël !"', top='accounts = ["acme-x", "acme-fr-x", "acme-facebook"]')
    )
    report = two_on_x.sync()
    assert [ref.split("/")[0] for ref in report.added] == ["acme-x", "acme-facebook"]
    (verdict,) = (verdict for verdict in report.verdicts if verdict.severity is Severity.ERROR)
    assert verdict.account == "acme-fr-x"
    assert verdict.message == "acme-x says the same text, and X forbids it on two accounts."


def test_what_stands_already_goes_before_what_comes(two_on_x: Folder) -> None:
    two_on_x.write("acme-x.toml", toml(UN))
    two_on_x.sync()
    two_on_x.write("acme-fr-x.toml", toml('id = "bis"\ntext = "Un"', DEUX))
    report = two_on_x.sync()
    assert report.added == ("acme-fr-x/deux",)
    assert "acme-x says the same text" in told(report)[0]
    two_on_x.write("acme-x.toml", toml(TROIS))
    assert "acme-fr-x/bis" in two_on_x.sync().added


def test_what_stands_already_stays_when_its_line_moves_in_the_same_sync(two_on_x: Folder) -> None:
    two_on_x.write("acme-x.toml", toml(UN))
    two_on_x.sync()
    two_on_x.write("acme-fr-x.toml", toml('id = "bis"\ntext = "Un"'))
    two_on_x.write("acme-x.toml", toml(DEUX, UN))
    report = two_on_x.sync()
    assert report.added == ("acme-x/deux",)
    assert two_on_x.queue("acme-fr-x") == {}


def test_a_text_may_change_its_x_account(two_on_x: Folder) -> None:
    two_on_x.write("acme-x.toml", toml(UN, DEUX))
    two_on_x.sync()
    two_on_x.write("acme-fr-x.toml", toml(UN))
    two_on_x.write("acme-x.toml", toml(DEUX))
    report = two_on_x.sync()
    assert counts(report) == {"added": ("acme-fr-x/un",), "missing": ("acme-x/un",)}


def test_a_wording_of_its_own_for_x_counts_as_the_text(two_on_x: Folder) -> None:
    two_on_x.write("acme-x.toml", toml('id = "a"\ntext = "Bonjour"\nvariants = { x = "Noël !" }'))
    two_on_x.sync()
    two_on_x.write("acme-fr-x.toml", toml('id = "b"\ntext = "Noël !"', 'id = "c"\ntext = "Bonjour"'))
    assert two_on_x.sync().added == ("acme-fr-x/c",)


# --- how it works ---


def test_a_dry_run_says_what_would_be_and_writes_nothing(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.write("acme-x.toml", toml('id = "un"\ntext = "Un, corrigé"', TROIS))
    folder.write("STOP", "")
    files, index = dict(folder.store.files()), dict(folder.store.index())
    report = folder.sync(dry_run=True)
    assert counts(report) == {"added": ("acme-x/trois",), "changed": ("acme-x/un",), "missing": ("acme-x/deux",)}
    assert (folder.store.files(), folder.store.index()) == (files, index)
    assert folder.store.freezes(folder.clock.now()) == []
    assert counts(folder.sync()) == counts(report)


def test_a_folder_is_judged_without_any_store(folder: Folder) -> None:
    folder.write("acme-x.toml", toml(UN, 'text = ""'))
    folder.write("acme-x/hiver.toml", toml(UN))
    report = judge_content(folder.source, folder.clock, ACCOUNTS)
    assert len(told(report)) == 3


def test_an_account_is_looked_at_when_its_queue_changed(folder: Folder) -> None:
    folder.store.beat("me", folder.clock.now(), RULE.max_silence)
    for name in folder.store.claim_due("me", folder.clock.now(), 9):
        folder.store.finish_look("me", replace(folder.store.state(name), next_look_at=NOW + RULE.max_silence))
    folder.write("acme-x.toml", toml(UN))
    folder.sync()
    assert folder.store.claim_due("me", folder.clock.now(), 9) == ["acme-x"]


def test_posts_are_written_in_portions_and_progress_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_writer, "PORTION", 3)
    applied: list[int] = []
    apply = folder.store.apply

    def counted(change: object, now: object) -> None:
        applied.append(len(change.upserts))  # type: ignore[attr-defined]
        apply(change, now)  # type: ignore[arg-type]

    monkeypatch.setattr(folder.store, "apply", counted)
    folder.write("acme-x.csv", "id;texte\n" + "".join(f"p{n};Texte {n}\n" for n in range(2500)))
    seen: list[tuple[int, int, str]] = []
    Sync(folder.source, folder.store, folder.clock, ACCOUNTS).run(
        progress=lambda done, total, path: seen.append((done, total, path))
    )
    assert max(applied) == 3
    assert sum(applied) == len(folder.queue()) == 2500
    assert seen == [(0, 1, "acme-x.csv")] * 3 + [(1, 1, "")]


def test_an_image_that_changes_under_our_hands_is_judged_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("vitrine.jpg", JPEG)
    folder.write("acme-x.toml", toml(UN, 'id = "photo"\ntext = "a"\nimage = "vitrine.jpg"\nalt = "b"'))
    image = folder.source.image

    def retouched(sha256: str) -> bytes:
        folder.write("vitrine.jpg", JPEG + b"retouche")
        return image(sha256)

    monkeypatch.setattr(folder.source, "image", retouched)
    assert folder.sync().added == ("acme-x/un",)
    monkeypatch.undo()
    assert folder.sync().added == ("acme-x/photo",)
    (photo,) = [each.post.image for each in folder.store.candidates("acme-x") if each.post.id == "photo"]
    assert photo is not None
    assert folder.store.image(photo.sha256) == JPEG + b"retouche"


def test_a_thousand_wrong_rows_are_one_lesson(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte;lien\n" + "Bonjour;acme\n" * 1000)
    verdicts = folder.sync().verdicts
    assert len(verdicts) == 501
    assert str(verdicts[-1]) == "acme-x.csv: error: And 500 more like these. Mend the first; the others are told then."


# --- what calls a human ---


def findings(report: SyncReport, accounts: Mapping[str, Account] = ACCOUNTS) -> list[tuple[str, str, str, str]]:
    return [(f.condition, f.account, f.subject, f.person) for f in report.findings(accounts, "paul")]


def test_errors_call_the_owner_once_a_file_and_warnings_nobody(folder: Folder) -> None:
    folder.write("acme-x.toml", toml('text = ""', 'text = "a"\nlink = "b"'))
    folder.write("acme-facebook.toml", toml('text = "a"\nalt = "b"'))
    folder.write("acme-y.toml", toml(UN))
    report = folder.sync()
    expected = [
        ("content_invalid", "acme-x", "acme-x.toml", "claire"),
        ("content_invalid", "", "acme-y.toml", "paul"),
    ]
    assert findings(report) == expected
    assert findings(folder.sync()) == expected
    assert report.findings(ACCOUNTS, "paul")[0].text == (
        "acme-x.toml has 2 errors; what is wrong is not published. Line 4: There is no text. "
        f'Line 8 ({text_id("a")}): link: "b" is not a web address.'
    )


def test_a_folder_missing_or_empty_calls_the_person_of_the_house(folder: Folder) -> None:
    assert findings(folder.sync()) == [("content_missing", "", "", "paul")]
    folder.write("acme-x.toml", toml(UN))
    assert findings(folder.sync()) == []
    folder.root.rename(folder.root.with_name("away"))
    assert findings(folder.sync()) == [("content_missing", "", "", "paul")]


@pytest.mark.parametrize(
    ("posts", "summary"),
    [
        ((UN,), "1 missing, 1 unchanged"),
        ((UN, DEUX), "0 unchanged, 1 file as before"),
        ((UN, DEUX, TROIS), "1 added, 2 unchanged"),
    ],
)
def test_a_sync_says_in_a_sentence_what_it_did(folder: Folder, posts: tuple[str, ...], summary: str) -> None:
    folder.write("acme-x.toml", toml(UN, DEUX))
    folder.sync()
    folder.write("acme-x.toml", toml(*posts))
    if len(posts) == 2:
        folder.sync()
    assert folder.sync().summary == summary
