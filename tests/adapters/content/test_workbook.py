"""Excel workbooks: the same columns and the same judging as CSV; rows are named as Excel shows them."""

from datetime import date, datetime
from time import process_time

import pytest
from openpyxl import Workbook

from tests.content_house import JPEG, NOW, Folder
from tests.domain.posts import utc
from tests.workbooks import HEADER, SHEET, calculated, part, saved, with_part, workbook
from veilleuse.domain.content import Severity
from veilleuse.domain.text import text_id

TWO = workbook(("texte", "approuvé par"), ("Plutôt matin ?", "claire"))

WISHES = (
    *("voeux", "Bonne année !\nVotre vœu ?", "https://acme.fr/vœux", "vitrine.jpg", "La vitrine", 2, None),
    *(date(2027, 1, 1), date(2027, 1, 5), "claire"),
)


def test_a_workbook_is_read_whole_with_dates_as_excel_keeps_them(folder: Folder) -> None:
    folder.write("vitrine.jpg", JPEG)
    folder.write(
        "acme-x.xlsx",
        workbook(
            (*HEADER, "approuvé par"),
            WISHES,
            (2027, "Une année de plus", None, None, None, None, True, datetime(2027, 1, 2, 9, 30), "31/01/2027", None),
        ),
    )
    posts = folder.posts()
    assert folder.verdicts(Severity.ERROR) == []
    first, second = posts
    assert (first.id, first.text, first.link) == ("voeux", "Bonne année !\nVotre vœu ?", "https://acme.fr/vœux")
    assert (first.image and first.image.name, first.alt, first.priority) == ("vitrine.jpg", "La vitrine", 2)
    assert (first.not_before, first.not_after) == (utc("2026-12-31 23:00"), utc("2027-01-05 23:00"))
    assert (first.approved_by, first.reserve) == ("claire", False)
    assert (second.id, second.reserve, second.approved_by) == ("2027", True, None)
    assert (second.not_before, second.not_after) == (utc("2027-01-02 08:30"), utc("2027-01-31 23:00"))


def test_it_is_judged_as_the_same_rows_saved_as_csv(folder: Folder) -> None:
    rows = [
        ("texte", "lien", "pas avant", "Météo", "approuvé par"),
        ("Bonjour", "https://acme.fr", "2027-02-30", "gris", "marc"),
        ("é" * 281, "acme.fr", "", "", "claire"),
        ("", "https://acme.fr", "", "", ""),
        ("Plutôt matin ?", "", "01/02/2027", "", "claire"),
    ]
    folder.write("acme-x.csv", "\n".join(";".join(row) for row in rows))
    posts, verdicts = folder.read()
    folder.delete("acme-x.csv")
    folder.write("acme-x.xlsx", workbook(*rows))
    same_posts, same_verdicts = folder.read()
    assert [str(each).replace(".xlsx", ".csv") for each in same_verdicts] == [str(each) for each in verdicts]
    assert [(post.digest, post.not_before) for post in same_posts] == [(post.digest, post.not_before) for post in posts]
    assert len(verdicts) == 6


def test_rows_are_numbered_as_excel_shows_them(folder: Folder) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A3"], sheet["B3"] = "texte", "approuvé par"
    sheet["A7"], sheet["B7"] = "é" * 281, "claire"
    sheet.row_dimensions[9].hidden = True
    sheet["A9"] = "Cachée, mais là"
    sheet.merge_cells("A12:B13")
    sheet["A12"] = "Deux cellules en une"
    sheet["A5000"] = "   "
    folder.write("acme-x.xlsx", saved(book))
    posts, verdicts = folder.read()
    assert [(post.text, post.source.line) for post in posts] == [("Cachée, mais là", 9), ("Deux cellules en une", 12)]
    assert [str(verdict).partition(" error ")[0] for verdict in verdicts] == ["acme-x.xlsx:7:"]


def test_the_first_sheet_with_a_text_header_is_read_and_the_others_are_told(folder: Folder) -> None:
    folder.write(
        "acme-x.xlsx",
        workbook(
            ("Idées pour 2027",),
            Notes=[],
            Hiver=[("text", "approved by"), ("Plutôt matin ?", "claire")],
            Printemps=[("texte",), ("Plutôt soir ?",)],
        ),
    )
    (post,), (verdict,) = folder.read()
    assert post.id == text_id("Plutôt matin ?")
    assert 'Only the sheet "Hiver" is read; "Printemps" of the same workbook is not.' in verdict.message


def test_a_line_break_of_windows_in_a_cell_is_one(folder: Folder) -> None:
    """Excel writes the carriage return of a text copied from a Windows program as `_x000D_`."""
    made = workbook(("texte",), ("Bonjour\nà tous",))
    folder.write("acme-x.xlsx", with_part(made, SHEET, part(made).replace(b"Bonjour\n", b"Bonjour_x000D_\n")))
    [post] = folder.posts()
    assert post.text == "Bonjour\nà tous"


def test_a_formula_may_result_in_nothing(folder: Folder) -> None:
    """As those do that people drag down over rows still to be filled."""
    made = workbook(("texte", "lien"), ("Bonjour", '=IF(A9="","",A9)'), ('=IF(B9="","",B9)', '=IF(A9="","",A9)'))
    folder.write("acme-x.xlsx", calculated(made, ""))
    posts, verdicts = folder.read()
    assert ([post.text for post in posts], verdicts) == (["Bonjour"], [])


def test_a_formula_may_result_in_a_text_that_begins_with_a_hash(folder: Folder) -> None:
    folder.write("acme-x.xlsx", calculated(workbook(("texte",), ('="#Acme "&A9',)), "#Acme, qui vient ?"))
    assert [post.text for post in folder.posts()] == ["#Acme, qui vient ?"]


def test_of_a_formula_its_result_is_read(folder: Folder) -> None:
    made = workbook(("texte", "approuvé par"), ("Bonjour", "claire"), ('="Plutôt"&" matin ?"', "claire"))
    folder.write("acme-x.xlsx", calculated(made, "Plutôt matin ?"))
    posts, verdicts = folder.read()
    assert (verdicts, [post.text for post in posts]) == ([], ["Bonjour", "Plutôt matin ?"])


def test_drop_down_lists_and_the_like_of_excel_disturb_nobody(folder: Folder) -> None:
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    folder.write("acme-x.xlsx", with_part(TWO, SHEET, part(TWO).replace(b"</worksheet>", extension)))
    assert [post.text for post in folder.posts()] == ["Plutôt matin ?"]


ROWS = "This Excel workbook is damaged. Open it in the spreadsheet program, and save it as an Excel workbook (.xlsx)"
BROKEN = {
    "half an upload": (TWO[:-200], "acme-x.xlsx: error: This is no Excel workbook, or only half of one. Open it"),
    "a csv under a new name": (
        b"texte;lien\nBonjour;\n",
        "acme-x.xlsx: error: This is no Excel workbook, or only half",
    ),
    "a password, or an old format": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "It is protected by a password, or an old .xls under a new name. Save it as an Excel workbook (.xlsx) without",
    ),
    "a zip of something else": (with_part(b"PK\x05\x06" + bytes(18), "photo.jpg", JPEG), ROWS),
    "a byte turned over": (TWO.replace(b"PK\x01\x02", b"PK\x01\x03", 1), "This is no Excel workbook"),
    "xml cut off": (with_part(TWO, SHEET, part(TWO)[:-40]), ROWS),
    "a text that is not in it": (
        with_part(
            TWO, SHEET, part(TWO).replace(b"</sheetData>", b'<row r="3"><c t="s"><v>77</v></c></row></sheetData>')
        ),
        ROWS,
    ),
    "entities that breed": (
        with_part(TWO, SHEET, b'<!DOCTYPE a [<!ENTITY b "b">' + b"<!ENTITY c '" + b"&b;" * 9 + b"'>]><a>&d;</a>"),
        ROWS,
    ),
    "made to burst": (
        with_part(TWO, "xl/more.xml", bytes(100_000_001)),
        "Unpacked it is larger than 100 MB. Copy its rows",
    ),
    "empty": (workbook(), "It is empty: not even a first row names the columns. The names are id;texte;lien;"),
    "no header": (
        workbook(("Bonjour à tous",)),
        'acme-x.xlsx:1: error: The first row does not name the columns; it says "Bonjour à tous".',
    ),
    "a column misspelt": (workbook(("texte", "aprouvé par"), ("a", "claire")), 'Did you mean "approuvé par"?'),
    "two columns of texts": (
        workbook(("texte", "text"), ("a", "b")),
        'Two columns mean the same: "text" is the second',
    ),
    "a formula never calculated": (
        workbook(("texte",), ("Bonjour",), ('="a"&"b"',)),
        "acme-x.xlsx:3: error: text: A formula stands here whose result is not in the file. Open the file in",
    ),
    "a formula that fails": (
        calculated(workbook(("texte",), ("=1/0",)), "#DIV/0!"),
        "acme-x.xlsx:2: error: text: The cell shows the error #DIV/0!. Mend its formula, or replace it by its text.",
    ),
    "a text taken for a date": (
        workbook(("texte", "id"), (date(2027, 2, 1), "x")),
        "acme-x.xlsx:2: error: text: Excel took what was typed here for a date. Give the cell the format Text, then",
    ),
    "an hour for a date": (
        workbook(("texte", "pas avant"), ("Bonjour", datetime(2027, 1, 1, 9, 30).time())),
        'not before: "09:30:00" is not a date. Write it as 31/01/2027',
    ),
    "a number for a date": (workbook(("texte", "pas avant"), ("a", 46388)), '"46388" is not a date. Write it as'),
    "a cell beyond the columns": (
        workbook(("texte",), ("Bonjour", None, "à vérifier")),
        "acme-x.xlsx:2: error: A cell stands beyond the named columns: nobody knows what it means. Give its column",
    ),
    "a row without a text": (workbook(("texte", "id"), (None, "x")), "There is no text. Write one, or take the post"),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_workbook_gets_a_verdict_that_says_what_to_do(folder: Folder, mistake: str) -> None:
    content, told = BROKEN[mistake]
    folder.write("acme-x.xlsx", content)
    (verdict,) = folder.verdicts(Severity.ERROR)
    assert told in verdict


def test_a_workbook_that_breaks_keeps_its_last_good_posts(folder: Folder) -> None:
    folder.write("acme-x.xlsx", TWO)
    assert folder.sync().added
    folder.write("acme-x.xlsx", TWO[:300])
    assert folder.sync().has_errors
    assert list(folder.queue().values()) == ["Plutôt matin ?"]
    assert folder.clock.now() == NOW


def test_a_row_beyond_every_sheet_is_not_waited_for(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("veilleuse.adapters.content.workbook._LAST_ROW", 1000)
    folder.write("acme-x.xlsx", with_part(TWO, SHEET, part(TWO).replace(b'r="2"', b'r="99999999999"')))
    (verdict,) = folder.verdicts()
    assert ROWS in verdict


@pytest.mark.parametrize("name", [SHEET, "xl/posts.bin"])
def test_a_workbook_that_declares_entities_is_not_unpacked(folder: Folder, name: str) -> None:
    """A thousand times two kilobytes here, and a gigabyte of ten kilobytes: expat refuses only what grows much more."""
    content = workbook(["texte"], ["Bonjour ?"])
    entities = b'<!DOCTYPE worksheet [<!ENTITY a "' + b"x" * 2000 + b'">]>'
    sheet = entities + part(content).replace(b"Bonjour ?", b"&a;" * 1000)
    for index in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        content = with_part(content, index, part(content, index).replace(f"/{SHEET}".encode(), f"/{name}".encode()))
    folder.write("acme-x.xlsx", with_part(content, name, sheet))
    assert [verdict.partition(" Open it")[0] for verdict in folder.verdicts()] == [
        "acme-x.xlsx: error: This Excel workbook is damaged."
    ]


def test_sheets_that_are_empty_down_to_the_last_row_are_not_read_to_it(folder: Folder) -> None:
    content = workbook(["texte"], ["Bonjour ?"], **{f"Vide {n}": [] for n in range(20)})
    empty = part(content, "xl/worksheets/sheet2.xml")
    last = b'<sheetData><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    for number in range(2, 22):
        deep = empty.replace(b"<sheetData></sheetData>", last).replace(b"<sheetData />", last)
        content = with_part(content, f"xl/worksheets/sheet{number}.xml", deep)
    folder.write("acme-x.xlsx", content)
    begun = process_time()
    assert [post.text for post in folder.posts()] == ["Bonjour ?"]
    assert process_time() - begun < 2.0
