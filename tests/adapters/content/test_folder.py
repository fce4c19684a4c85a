"""The folder itself: whose a file is, what is left alone, what is followed, and what never happens to it."""

import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from tests.content_house import ACCOUNTS, JPEG, PNG, Folder, an_account, toml
from veilleuse.adapters.content import reader
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.content import FolderState, Severity
from veilleuse.ports import FileUnreadable, ImageChanged

ONE = toml('text = "Bonjour"')


@pytest.mark.parametrize(
    ("path", "account"),
    [
        ("acme-x.toml", "acme-x"),
        ("Acme-X.toml", "acme-x"),
        ("acme-x/hiver.toml", "acme-x"),
        ("ACME-X/hiver.toml", "acme-x"),
        ("acme-x/2027/janvier.toml", "acme-x"),
        ("2027/acme-x.toml", "acme-x"),
        ("acme-x/acme-facebook.toml", "acme-facebook"),
    ],
)
def test_the_name_of_a_file_or_of_its_folder_is_the_account(folder: Folder, path: str, account: str) -> None:
    folder.write(path, ONE)
    assert [post.account for post in folder.posts()] == [account]


def test_a_file_of_nobody_is_refused_with_the_accounts_there_are(folder: Folder) -> None:
    folder.write("acme-xx.toml", ONE)
    folder.write("acme-x - Copie.csv", "texte\nBonjour\n")
    assert folder.verdicts() == [
        'acme-x - Copie.csv: error: No account is called "acme-x - Copie". Did you mean "acme-x"? '
        "The accounts are acme-facebook, acme-uk, acme-x. Give the file, or a folder around it, the name of one of"
        " them.",
        'acme-xx.toml: error: No account is called "acme-xx". Did you mean "acme-x"? '
        "The accounts are acme-facebook, acme-uk, acme-x. Give the file, or a folder around it, the name of one of"
        " them.",
    ]


def test_a_text_file_is_one_draft(folder: Folder) -> None:
    folder.write("acme-x/idee.txt", "Et si on parlait\r\nde vous ?\r\n", "cp1252")
    (post,) = folder.posts()
    assert (post.text, post.approved_by, post.source.line) == ("Et si on parlait\nde vous ?", None, 1)


@pytest.mark.parametrize(
    "name",
    [
        ".acme-x.toml.swp",
        ".hidden.toml",
        "acme-x.toml~",
        "#acme-x.toml#",
        ".~lock.acme-x.csv#",
        "~$acme-x.xlsx",
        "acme-x.csv.tmp",
        "acme-x.csv.filepart",
        "acme-x.toml.bak",
        "README.md",
        "Icon\r",
        "acme-x.csv.partial",
        "LISEZMOI.txt",
        "readme",
        "Thumbs.db",
        "photo.JPG",
        ".git/acme-x.toml",
        "lost+found/acme-x.toml",
    ],
)
def test_what_programs_leave_behind_is_left_alone(folder: Folder, name: str) -> None:
    folder.write(name, ONE)
    assert folder.read() == ([], [])
    assert folder.source.scan().state is FolderState.EMPTY


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("acme-x.xls", "Save it from the spreadsheet program as an Excel workbook (.xlsx) or as CSV UTF-8"),
        ("acme-x.ods", "as CSV UTF-8"),
        ("acme-x.docx", "as a .txt file (one draft)"),
        ("acme-x.yaml", "Posts are read from .toml, .xlsx, .csv and .txt files"),
        ("acme-x", "Posts are read from .toml, .xlsx, .csv and .txt files"),
    ],
)
def test_a_file_of_another_kind_is_told_what_to_become(folder: Folder, name: str, told: str) -> None:
    folder.write(name, b"PK\x03\x04")
    (verdict,) = folder.verdicts(Severity.WARNING)
    assert verdict.startswith(f"{name}: warning: This file is not read.")
    assert told in verdict


@pytest.mark.parametrize(
    "name",
    [
        "acme-x/hiver (Copie en conflit de Claire 2027-01-02).csv",
        "acme-x/hiver (Claire's conflicted copy 2027-01-02).xlsx",
        "acme-x/hiver (conflicted copy 2027-01-02 101010).toml",
        "acme-x/hiver_conflict-20270102-101010.txt",
        "acme-x/hiver.sync-conflict-20270102-101010-ABCDEFG.csv",
    ],
)
def test_the_second_version_that_a_file_service_kept_calls_a_human_and_says_nothing(folder: Folder, name: str) -> None:
    folder.write("acme-x/hiver.csv", "texte\nBonjour à tous ?\n")
    folder.write(name, "texte\nBonjour à vous tous ?\n")
    posts, [verdict] = folder.read()
    assert [post.text for post in posts] == ["Bonjour à tous ?"]
    assert str(verdict).startswith(f"{name}: error: Two people changed one file at once")


@pytest.mark.parametrize("name", ["acme-x/conflicted copy.csv", "acme-x/gestion_conflict-2027.csv"])
def test_a_file_that_speaks_of_conflicts_is_a_file(folder: Folder, name: str) -> None:
    folder.write(name, "texte\nBonjour à tous ?\n")
    assert len(folder.posts()) == 1


def test_the_folder_says_how_it_stands(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "content")
    assert folder.source.scan().state is FolderState.MISSING
    assert str(tmp_path / "content") in folder.source.scan().detail
    assert folder.source.stops() == ()
    folder.root.mkdir()
    assert folder.source.scan().state is FolderState.EMPTY
    folder.write("STOP", "")
    assert folder.source.scan().state is FolderState.EMPTY
    folder.write("acme-x.toml", "")
    assert folder.source.scan().state is FolderState.READABLE
    in_its_place = FolderSource(tmp_path / "content" / "acme-x.toml", ACCOUNTS, SPECS, folder.clock)
    assert in_its_place.scan().state is FolderState.UNREADABLE
    assert in_its_place.stops() == ()


def swap(folder: Folder, version: str, **files: str) -> None:
    """As Kubernetes writes a ConfigMap: a new hidden folder, then `..data` points to it in one step."""
    for name, content in files.items():
        folder.write(f"..{version}/{name}.toml", content)
        if not (folder.root / f"{name}.toml").is_symlink():
            (folder.root / f"{name}.toml").symlink_to(f"..data/{name}.toml")
    (folder.root / "..data_tmp").symlink_to(f"..{version}")
    os.replace(folder.root / "..data_tmp", folder.root / "..data")


def test_a_config_map_is_read_once_and_its_swap_is_seen(folder: Folder) -> None:
    swap(folder, "2026_11_20", **{"acme-x": toml('text = "Avant"')})
    (before,) = folder.source.scan().files
    assert [post.text for post in folder.posts()] == ["Avant"]
    swap(folder, "2026_11_21", **{"acme-x": toml('text = "Après"')})
    (after,) = folder.source.scan().files
    assert [post.text for post in folder.posts()] == ["Après"]
    assert before.path == after.path == "acme-x.toml"
    assert before.fingerprint != after.fingerprint


def test_links_in_a_circle_end(folder: Folder) -> None:
    folder.write("acme-x/hiver.toml", ONE)
    (folder.root / "acme-x" / "encore").symlink_to(folder.root)
    (folder.root / "acme-facebook").symlink_to("acme-x")
    assert [(post.account, post.text) for post in folder.posts()] == [("acme-x", "Bonjour")]


def test_a_link_to_nothing_is_told(folder: Folder) -> None:
    (folder.root / "acme-x.toml").symlink_to("nowhere.toml")
    assert folder.verdicts() == [
        "acme-x.toml: error: It is a link to a file that is not there. Mend it, or take it out."
    ]


def test_what_is_no_file_is_never_opened(folder: Folder) -> None:
    os.mkfifo(folder.root / "acme-x.toml")
    assert folder.read() == ([], [])


def test_a_link_to_what_is_no_file_is_told_and_never_opened(folder: Folder) -> None:
    os.mkfifo(folder.root / ".pipe")
    (folder.root / "acme-x.csv").symlink_to("/dev/zero")
    (folder.root / "acme-x.toml").symlink_to(".pipe")
    told = "error: It is a link to something that is no file. Mend it, or take it out."
    assert folder.verdicts() == [f"acme-x.csv: {told}", f"acme-x.toml: {told}"]


def test_a_stop_file_that_cannot_be_read_in_a_moment_stops_without_a_word(folder: Folder) -> None:
    os.mkfifo(folder.root / ".pipe")
    (folder.root / "STOP").symlink_to(".pipe")
    folder.write("acme-x/STOP", "Why? " * 1_000_000)
    assert folder.source.stops() == (("acme-x", "acme-x/STOP", ""), ("", "STOP", ""))


def test_a_name_that_is_no_text_does_no_harm(folder: Folder) -> None:
    (Path(os.fsdecode(os.fsencode(folder.root) + b"/acme-x\xe9.toml"))).write_text(ONE)
    assert 'No account is called "acme-x' in folder.verdicts()[0]
    folder.verdicts()[0].encode()


def test_a_file_beyond_all_measure_is_not_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LARGEST", 20)
    folder.write("acme-x.toml", ONE)
    assert "acme-x.toml: error: It is larger than 0 MB. Divide it into several files." in folder.verdicts()


def test_a_file_that_changes_while_it_is_read_is_read_again_later(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte\n" + "Bonjour\n" * 3)
    (file,) = folder.source.scan().files
    posts = file.parse()
    next(posts)
    folder.write("acme-x.csv", "texte\nBonj")
    with pytest.raises(FileUnreadable) as unreadable:
        list(posts)
    assert unreadable.value.passing


def test_ten_megabytes_are_read(folder: Folder) -> None:
    text = "é" * 250
    folder.write("acme-x.csv", "id;texte\n" + "".join(f"p{number};{text}\n" for number in range(20_000)))
    assert (folder.root / "acme-x.csv").stat().st_size > 10_000_000
    posts, verdicts = folder.read()
    assert (len(posts), verdicts) == (20_000, [])


# --- fingerprints ---


def fingerprint(folder: Folder) -> str:
    (file,) = folder.source.scan().files
    return file.fingerprint


def test_a_fingerprint_changes_with_all_that_judging_depends_on(folder: Folder) -> None:
    folder.write("acme-x.toml", ONE)
    first = fingerprint(folder)
    assert fingerprint(folder) == first
    folder.write("acme-x.toml", ONE + "# plus\n")
    second = fingerprint(folder)
    folder.write("vitrine.png", PNG)
    third = fingerprint(folder)
    approvers = {**ACCOUNTS, "acme-x": an_account("acme-x", approvers=("anna",))}
    fourth = fingerprint(Folder(folder.root, approvers))
    assert len({first, second, third, fourth}) == 4


# --- STOP ---


@pytest.mark.parametrize("name", ["STOP", "stop", "Stop.TXT", "STOP.txt"])
def test_a_stop_file_stops_all(folder: Folder, name: str) -> None:
    folder.write(name, "\r\n  Crise : on se tait…\r\nAnna", "cp1252")
    assert folder.source.stops() == (("", name, "Crise : on se tait…"),)
    assert folder.source.scan().stops == folder.source.stops()
    assert folder.read() == ([], [])


def test_a_stop_file_in_an_accounts_folder_stops_that_one(folder: Folder) -> None:
    folder.write("acme-x/STOP", b"")
    folder.write("acme-facebook/2027/stop.txt", "Vacances".encode("utf-16"))
    assert folder.source.stops() == (
        ("acme-facebook", "acme-facebook/2027/stop.txt", "Vacances"),
        ("acme-x", "acme-x/STOP", ""),
    )


def test_a_stop_file_that_stops_nobody_is_an_error(folder: Folder) -> None:
    folder.write("acme-xx/STOP", "Vite")
    assert folder.source.stops() == ()
    assert folder.verdicts(Severity.ERROR) == [
        'acme-xx/STOP: error: This STOP file stops nobody: "acme-xx" is no account. '
        'To stop one account, rename the folder to "acme-x"; to stop all, put it directly into the content folder.'
    ]


# --- images ---


def image_of(folder: Folder, written: str, path: str = "acme-x.toml") -> str:
    folder.write(path, toml(f"text = 'Bonjour'\nimage = '{written}'\nalt = 'La vitrine'"))
    posts, verdicts = folder.read()
    if posts:
        assert posts[0].image is not None
        return posts[0].image.media_type
    return verdicts[0].message


def test_images_are_known_by_their_bytes_not_by_their_names(folder: Folder) -> None:
    folder.write("photos/vitrine.png", JPEG)
    folder.write("photos/fausse.jpg", "du texte")
    assert image_of(folder, "photos/vitrine.png") == "image/jpeg"
    assert image_of(folder, "photos\\vitrine.png") == "image/jpeg"
    assert image_of(folder, "../photos/vitrine.png", "acme-x/hiver.toml") == "image/jpeg"
    folder.delete("acme-x/hiver.toml")
    assert "fausse.jpg is no picture known here" in image_of(folder, "photos/fausse.jpg")


@pytest.mark.parametrize(
    "written",
    ["/etc/hostname", "../secret.png", "photos/../../secret.png", "C:/vitrine.png", "\\\\server\\vitrine.png"],
)
def test_an_image_outside_the_folder_is_refused(tmp_path: Path, written: str) -> None:
    folder = Folder(tmp_path / "content")
    (tmp_path / "secret.png").write_bytes(PNG)
    assert "is outside the content folder." in image_of(folder, written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Vitrine.JPG", 'There is no image "Vitrine.JPG" beside the file.'),
        ("photos", '"photos" is not a file.'),
        ("", '"" is not a file.'),
        ("v" * 300, "cannot be read: File name too long."),
        ("enorme.png", "enorme.png is too large for X: 6.0 MB, at most 5.0 MB."),
    ],
)
def test_an_image_that_cannot_be_had_is_told(folder: Folder, written: str, told: str) -> None:
    (folder.root / "photos").mkdir()
    folder.write("vitrine.jpg", JPEG)
    folder.write("enorme.png", PNG + bytes(5_900_000))
    assert told in image_of(folder, written)


@pytest.mark.parametrize(("file", "written"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_an_image_is_found_however_its_accents_are_composed(
    folder: Folder, file: Literal["NFC", "NFD"], written: Literal["NFC", "NFD"]
) -> None:
    folder.write(unicodedata.normalize(file, "été.png"), PNG)
    name = unicodedata.normalize(written, "été.png")
    folder.write("acme-x.toml", f'[[post]]\ntext = "Plutôt matin ?"\nimage = "{name}"\nalt = "La plage"')
    [post], verdicts = folder.read()
    assert (post.image and post.image.size, verdicts) == (len(PNG), [])


def test_the_bytes_judged_are_the_bytes_handed_over_or_none(folder: Folder) -> None:
    folder.write("vitrine.jpg", JPEG)
    assert image_of(folder, "vitrine.jpg") == "image/jpeg"
    (post,) = folder.posts()
    assert post.image is not None
    assert folder.source.image(post.image.sha256) == JPEG
    folder.write("vitrine.jpg", JPEG + b"retouche")
    with pytest.raises(ImageChanged):
        folder.source.image(post.image.sha256)
    folder.delete("vitrine.jpg")
    with pytest.raises(ImageChanged):
        folder.source.image(post.image.sha256)
