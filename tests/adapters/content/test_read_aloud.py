"""Broken files as they really come, read aloud: each is told in a sentence by which its author can mend it."""

import io
from collections.abc import Mapping
from datetime import datetime
from zipfile import ZipFile

import pytest

from tests.content_house import Folder
from tests.workbooks import workbook

Told = Mapping[str, tuple[str | bytes, str]]  # what is wrong -> the file, and what is said of it

NAMES = ("id", "texte", "lien", "image", "priorité", "réserve", "pas avant", "approuvé par")
HEAD = ";".join(NAMES) + "\n"


def toml(*lines: str) -> str:
    return "\n".join(['approved_by = "claire"', "", "[[post]]", *lines, ""])


def row(**cells: object) -> tuple[object, ...]:
    known = {"texte": "Bonjour", "approuvé par": "claire", **{name.replace("_", " "): c for name, c in cells.items()}}
    return tuple(known.get(name) for name in NAMES)


def archive(part: str) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as parts:
        parts.writestr(part, "")
    return made.getvalue()


TOML: Told = {
    "curly quotes": (toml("text = “Bonjour”"), "curly. Type straight ones: text ="),
    "no quotes": (toml("text = Bonjour"), 'is not between quotation marks. Write text = "...".'),
    "quotes inside": (
        toml('text = "Il dit "oui" à tous"'),
        "ends it too early. Write « » or “ ” around what is quoted",
    ),
    "several lines": (
        toml('text = "Bonjour', 'à tous"'),
        'A text of several lines stands between three of them: text = """',
    ),
    "a path of Windows": (
        toml('text = "a"', 'image = "C:\\Users\\moi.jpg"'),
        "Write / in its place, as in images/photo.jpg.",
    ),
    "a French yes": (
        toml('text = "a"', "reserve = oui"),
        "neither true nor false. Write true or false, in small letters",
    ),
    "a French key": (toml('texte = "a"'), "`texte` is no key of a post. Did you mean `text`?"),
    "a bracket lost": ('[[post]\ntext = "a"\n', "Write [[post]], with two brackets on either side."),
    "no post around it": ('text = "a"\n', "It belongs to a post: write a line [[post]] above it."),
    "a text twice": (toml('text = "a"', 'text = "b"'), "`text` stands twice in one post. Take one out"),
    "an equals sign lost": (toml('text "Bonjour"'), 'A line without an = says nothing here. Write text = "...'),
    "nothing behind it": (toml("text ="), 'Nothing stands behind the = here. Write a text: text = "...".'),
    "a spreadsheet renamed": (HEAD, "This looks like a row of a spreadsheet. Name the file .csv"),
    "a year of two digits": (toml('text = "a"', 'not_before = "1/12/26"'), "Two digits are no year"),
}
CSV: Told = {
    "columns of its own": ("titre;contenu\na;b\n", 'it says "titre", "contenu". The names are id;texte;lien;'),
    "another tool's": (
        "Date,Message\n,Bonjour\n",
        "If another tool made this file, `veilleuse import` turns it into one.",
    ),
    "a title above": (f"Décembre;;\n{HEAD}", "stand in row 2, not in the first. Take out what stands above row 2."),
    "the names twice": (HEAD + HEAD, "acme-x.csv:2: error: This row names the columns once more. Take it out."),
    "a comma in the text": (
        "texte,lien\nBonjour, ça va ?,https://acme.fr\n",
        "a comma or a semicolon in a text cuts it in two. Put that",
    ),
    "a lost quote": (
        HEAD + 'un;"Bonjour;;;;;;claire\n',
        "acme-x.csv:2: error: A quotation mark stands alone here, or one",
    ),
    "garbled accents": (
        HEAD.encode().decode("cp1252"),
        'The accents of this file are garbled: "prioritÃ©". Save it again',
    ),
    "a year of two digits": (HEAD + ";Bonjour;;;;;1/12/26;\n", 'no year: "1/12/26". Write all four, say, 1/12/2026.'),
    "a word for a number": (
        HEAD + ";Bonjour;;;haute;;;\n",
        'priority: "haute" is not a whole number. Write, say, 1 or 10.',
    ),
    "an image elsewhere": (HEAD + ";Bonjour;;a.jpg;;;;\n", "Put it into the content folder, as a.jpg."),
    "NUL bytes": (HEAD + ";Bon\0jour;;;;;;\n", "Open it in the program that wrote it, and save it as text in UTF-8"),
    "nothing at all": ("", "acme-x.csv:1: error: It is empty: not even a first row names the columns. The names are"),
    "an account unknown": ("compte;texte\nacme-y;Bonjour\n", 'No account is called "acme-y". Did you mean "acme-x"?'),
}
XLSX: Told = {
    "a title above": (workbook(("Décembre",), NAMES, row()), "stand in row 2, not in the first. Take out what stands"),
    "columns of its own": (workbook(("Votre texte",), ("a",)), 'does not name the columns; it says "Votre texte". The'),
    "a formula not calculated": (
        workbook(NAMES, row(texte="=A1&A3")),
        "text: A formula stands here whose result is not",
    ),
    "a formula in error": (
        workbook(NAMES, row(texte="#REF!")),
        "text: The cell shows the error #REF!. Mend its formula",
    ),
    "a text taken for a date": (
        workbook(NAMES, row(texte=datetime(2026, 2, 1))),
        "Give the cell the format Text, then",
    ),
    "a date as text": (workbook(NAMES, row(pas_avant="1/12/26")), "Write all four, say, 1/12/2026."),
    "a year of the last century": (
        workbook(NAMES, row(pas_avant=datetime(1926, 12, 1))),
        "The year 1926 is hardly meant.",
    ),
    "text missing": (workbook(NAMES, row(texte=None)), "acme-x.xlsx:2: error acme-x: There is no text. Write one"),
    "an old .xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "an old .xls under a new name. Save it as an Excel workbook"),
    "a Numbers document": (archive("Index/Document.iwa"), "a file of Numbers under another name. Open it there, and"),
    "an OpenDocument": (archive("content.xml"), "a file of LibreOffice under another name. Open it there, and export"),
    "a CSV renamed": (
        HEAD.encode(),
        "This is no Excel workbook, or only half of one. Open it in the spreadsheet program",
    ),
    "nothing at all": (b"", "It is empty. Save it again from the spreadsheet program, or take it out."),
    "an approver unknown": (
        workbook(NAMES, row(approuvé_par="Claire D.")),
        "Claire D. may not approve for acme-x; claire may.",
    ),
}
TXT: Told = {
    "nothing at all": ("", "There is no text. Write one, or take the post out."),
    "too long": ("Bonjour à tous ! " * 20, "The text is 59 characters too long for X: 339 as X counts, 280 at most."),
    "Windows-1252": (
        "Bonne année".encode("cp1252"),
        "it was read as such. Look at its accents; next time save it as UTF-8.",
    ),
    "garbled accents": ("Bonne année".encode().decode("cp1252"), 'garbled: "Bonne annÃ©e". Save the file again'),
    "one byte astray": ("à tous, l’été".encode() + b"\xe9", "one character is not in UTF-8 like the rest. Open it in"),
    "bytes": (bytes(range(256)), "It cannot be read: this is no text file. Open it in the program that wrote it"),
    "RTF": ("{\\rtf1\\ansi Bonjour}", "TextEdit: Format > Make Plain Text"),
    "TOML": ('text = "Bonjour"\n', "It holds posts in TOML; a .txt file is one plain text. Name it .toml."),
    "a spreadsheet": (
        HEAD + ";Bonjour;;;;;;\n",
        "It holds rows of a spreadsheet; a .txt file is one plain text. Name it .csv.",
    ),
    "several texts": ("Bonjour !\n\n---\n\nEt vous ?\n", "a .txt file is one post, all of it. Put each into a file of"),
}
FILES = {"toml": TOML, "csv": CSV, "xlsx": XLSX, "txt": TXT}
CASES = [
    pytest.param(form, content, told, id=f"{form}: {name}")
    for form, files in FILES.items()
    for name, (content, told) in files.items()
]


@pytest.mark.parametrize(("form", "content", "told"), CASES)
def test_the_first_sentence_says_what_to_do(folder: Folder, form: str, content: str | bytes, told: str) -> None:
    folder.write("acme-x/idee.txt" if form == "txt" else f"acme-x.{form}", content)
    assert told in folder.verdicts()[0]


def test_a_file_of_nobody_says_how_to_name_it(folder: Folder) -> None:
    folder.write("idée pour Noël.txt", "Joyeux Noël !")
    (told,) = folder.verdicts()
    assert 'No account is called "idée pour Noël".' in told
    assert told.endswith("Give the file, or a folder around it, the name of one of them.")
