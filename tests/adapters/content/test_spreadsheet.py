"""Spreadsheets as Excel and LibreOffice save them, in French and in English."""

import pytest

from tests.content_house import JPEG, Folder
from tests.domain.posts import utc
from veilleuse.domain.content import Severity
from veilleuse.domain.text import text_id

FRENCH = "id;texte;lien;image;texte alternatif;priorité;réserve;pas avant;pas après;approuvé par\r\n"
ENGLISH = "id,text,link,image,alt,priority,reserve,not before,not after,approved by\n"


def test_a_french_spreadsheet_is_read_whole(folder: Folder) -> None:
    folder.write("vitrine.jpg", JPEG)
    folder.write(
        "acme-x.csv",
        FRENCH
        + "voeux;Bonne année ! Votre vœu pour 2027 ?;https://acme.fr/vœux;vitrine.jpg;La vitrine;"
        + "2;;01/01/2027;05/01/2027;claire\r\n"
        + ';"Nos horaires d’hiver :\n9 h-17 h ; et vous ?";;;;;oui;;;claire\r\n',
    )
    posts = folder.posts()
    assert folder.verdicts(Severity.ERROR) == []
    first, second = posts
    assert (first.id, first.text, first.link) == (
        "voeux",
        "Bonne année ! Votre vœu pour 2027 ?",
        "https://acme.fr/vœux",
    )
    assert first.image is not None
    assert (first.image.name, first.image.media_type, first.alt) == ("vitrine.jpg", "image/jpeg", "La vitrine")
    assert (first.priority, first.reserve, first.approved_by) == (2, False, "claire")
    assert (first.not_before, first.not_after) == (utc("2026-12-31 23:00"), utc("2027-01-05 23:00"))
    assert second.text == "Nos horaires d’hiver :\n9 h-17 h ; et vous ?"
    assert (second.id, second.named, second.reserve) == (text_id(second.text), False, True)


def test_an_english_spreadsheet_is_read_whole(folder: Folder) -> None:
    folder.write("acme-uk.csv", ENGLISH + 'hours,"Winter hours: 9 to 5, as ever.",,,,1,yes,2027-01-01,,anna\n')
    (post,), verdicts = folder.read()
    assert verdicts == []
    assert (post.id, post.text, post.reserve, post.approved_by) == (
        "hours",
        "Winter hours: 9 to 5, as ever.",
        True,
        "anna",
    )


@pytest.mark.parametrize(
    "content",
    [
        "texte;approuvé par\nPlutôt matin ?;claire\n".encode(),
        "\ufefftexte;approuvé par\nPlutôt matin ?;claire\n".encode(),
        "texte;approuvé par\r\nPlutôt matin ?;claire\r\n".encode("utf-16"),
        "texte,approuvé par\nPlutôt matin ?,claire\n".encode(),
        "texte\tapprouvé par\nPlutôt matin ?\tclaire\n".encode(),
        "sep=;\ntexte;approuvé par\nPlutôt matin ?;claire\n".encode(),
        "sep=,\ntexte,approuvé par\nPlutôt matin ?,claire\n".encode(),
        "TEXTE;Approuve_par\nPlutôt matin ?;claire\n".encode(),
        " Text ; approved-BY \n Plutôt matin ? ; claire \n".encode(),
        "texte;approuvé par;;\nPlutôt matin ?;claire;;\n;;;\n\n".encode(),
        "approuvé par;texte\rclaire;Plutôt matin ?\r".encode(),
        '"texte";"approuvé par"\n"Plutôt matin ?";"claire"'.encode(),
    ],
)
def test_one_spreadsheet_in_many_forms(folder: Folder, content: bytes) -> None:
    folder.write("acme-x.csv", content)
    (post,), verdicts = folder.read()
    assert verdicts == []
    assert (post.text, post.approved_by) == ("Plutôt matin ?", "claire")


@pytest.mark.parametrize("name", ["avertissement", "content warning", "Content_Warning"])
def test_a_content_warning_has_a_column_in_both_languages(folder: Folder, name: str) -> None:
    folder.write("acme-x.csv", f"texte;{name}\nNos résultats;Chiffres\n")
    (post,) = folder.posts()
    assert post.content_warning == "Chiffres"


def test_windows_1252_is_read_and_said(folder: Folder) -> None:
    folder.write("acme-x.csv", FRENCH + "v;L’hiver arrive… 5 € l’œuf ?;;;;;;;;claire\r\n", "cp1252")
    (post,), (verdict,) = folder.read()
    assert post.text == "L’hiver arrive… 5 € l’œuf ?"
    assert verdict.severity is Severity.NOTE
    assert "This file is in Windows-1252" in verdict.message


@pytest.mark.parametrize(
    ("codec", "name"), [("mac_roman", "MacRoman"), ("cp850", "MS-DOS (850)"), ("cp1252", "Windows-1252")]
)
@pytest.mark.parametrize("text", ["Été à Paris, café glacé offert ?", "Ça va très bien là-bas, où vous êtes ?", "Né ?"])
def test_what_excel_calls_csv_macintosh_and_csv_ms_dos_is_read_and_said(
    folder: Folder, codec: str, name: str, text: str
) -> None:
    folder.write("acme-x.csv", f"texte\n{text}\n", codec)
    (post,), (verdict,) = folder.read()
    assert post.text == text
    assert f"This file is in {name}" in verdict.message


def test_a_stray_byte_among_utf8_does_not_garble_the_rest(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte\nPlutôt l’été ?\n".encode() + "D\xe9j\xe0 no\xebl".encode("latin-1") + b"\n")
    assert folder.read()[0] == []
    assert "acme-x.csv:3: error: It cannot be read: one character is not in UTF-8" in folder.verdicts()[0]


def test_rows_are_counted_as_the_spreadsheet_shows_them(folder: Folder) -> None:
    folder.write(
        "acme-x.csv",
        'sep=;\ntexte;lien\n"deux\nlignes";\n\n;\nBonjour;acme\nSalut;\n',
    )
    posts, verdicts = folder.read()
    assert [post.source.line for post in posts] == [2, 6]
    assert [verdict.source.line for verdict in verdicts] == [5]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ":1: error: It is empty: not even a first row names the columns. The names are id;texte;lien"),
        ("Bonjour;claire\n", ':1: error: The first row does not name the columns; it says "Bonjour", "claire".'),
        ("id;lien\n", ':1: error: The first row names no column "texte" or "text".'),
        ("texte;aprouvé par\nBonjour;claire", 'No column is called "aprouvé par". Did you mean "approuvé par"?'),
        ("texte;pas avan\nBonjour;claire", 'Did you mean "pas avant"?'),
        ("texte;text\nBonjour;Hello", 'Two columns mean the same: "text" is the second.'),
        ('texte;lien\nOui;\n"Il dit "bonjour" ici";\n', ":3: error: A quotation mark stands alone here"),
        ('texte;lien\nOui;\n"Il dit bonjour;\nSalut;\n', ":3: error: A quotation mark stands alone here"),
        ("texte\n" + "é" * 200_000, ":2: error: A quotation mark stands alone here, or one is missing"),
        ("texte\nBonjour\x00", ": error: It cannot be read: this is no text file. Open it in the program that"),
        (b"texte\n\x81\x8d\xe9", ":2: error: It cannot be read: a character is in no encoding known here"),
    ],
)
def test_a_spreadsheet_that_cannot_be_trusted_is_refused_whole(folder: Folder, content: str | bytes, told: str) -> None:
    folder.write("acme-x.csv", content)
    posts, (verdict,) = folder.read()
    assert posts == []
    assert told in str(verdict)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Bonjour ; ça va ?;;claire", "This row has more cells than there are columns"),
        (";https://acme.fr;", "There is no text."),
        ("Bonjour;;paul", "paul may not approve for acme-x; claire may."),
    ],
)
def test_a_wrong_row_costs_itself_only(folder: Folder, row: str, told: str) -> None:
    folder.write("acme-x.csv", f"texte;lien;approuvé par\nUn;;claire\n{row}\nDeux;;claire\n")
    posts, (verdict,) = folder.read()
    assert [post.text for post in posts if post.approved_by] == ["Un", "Deux"]
    assert told in str(verdict)
    assert verdict.source.line == 3


def test_a_cell_under_an_unnamed_column_may_have_slipped(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte;approuvé par;;\nBonjour ; ça va ?;claire;\n")
    posts, (verdict,) = folder.read()
    assert posts == []
    assert "This row has more cells than there are columns" in verdict.message


def test_a_column_of_ones_own_is_left_alone_and_said(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte;remarques internes\nBonjour;à relire\n")
    (post,), (verdict,) = folder.read()
    assert post.text == "Bonjour"
    assert verdict.severity is Severity.WARNING
    assert 'The column "remarques internes" means nothing here and is not used.' in verdict.message


def test_rows_may_name_their_accounts(folder: Folder) -> None:
    folder.write(
        "planning.csv",
        "compte;texte\nacme-x;Un\nAcme-X, ACME-facebook;Deux\nacme-y;Trois\n;Quatre\n",
    )
    posts, verdicts = folder.read()
    assert [(post.account, post.text) for post in posts] == [
        ("acme-x", "Un"),
        ("acme-x", "Deux"),
        ("acme-facebook", "Deux"),
    ]
    assert [(verdict.source.line, verdict.message) for verdict in verdicts] == [
        (4, 'No account is called "acme-y".'),
        (5, "For which account is it?"),
    ]
    assert 'Did you mean "acme-x"?' in verdicts[0].remedy


def test_a_row_without_account_belongs_to_the_account_of_its_file(folder: Folder) -> None:
    folder.write("acme-x.csv", "compte;texte\n;Un\nacme-facebook;Deux\n")
    assert [(post.account, post.text) for post in folder.posts()] == [("acme-x", "Un"), ("acme-facebook", "Deux")]


def test_posts_speak_in_the_order_of_their_rows(folder: Folder) -> None:
    folder.write("acme-x.csv", "texte\nUn\n\nDeux\nTrois\n")
    assert [post.order for post in folder.posts()] == [("acme-x.csv", 0), ("acme-x.csv", 1), ("acme-x.csv", 2)]
