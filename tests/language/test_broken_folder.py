"""A folder with every kind of mistake in it, as a French community manager reads of it: no English is left."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.entrypoints.cli_house import CliHouse, furnished
from tests.language.test_catalogue import FRENCH, pairs
from veilleuse.adapters.db.store import open_store
from veilleuse.language import Sentence

BROKEN: dict[str, str | bytes] = {
    "acme-x.toml": """\
approved_by = "hugo"

[[post]]
text = 3
prioritty = "haute"

[[post]]
id = "a b"
text = "À demain, le 3 mars !"
link = "www.acme.example"
image = "photos/chat.png"
priority = "haute"
reserve = "peut-être"
reserve_gap = "un an"
max_uses = 0
not_before = 2027-02-30
not_after = "3/4/2027"
variants = { mastodont = "Bonjour", facebook = "" }

[[post]]
text = "C'est l'été."
link = "https://acme.example/"
alt = "Un chat"
max_uses = 3
content_warning = "chat"
not_before = 2027-02-01
not_after = 2027-01-01

[[post]]
text = "C'est l'hiver."
not_after = 2020-01-01

[[post]]
text = "C'est l'hiver."
not_after = "01/02/27"

[[post]]
text = "C'est l'hiver."
account = "acme-x"
""",
    "acme-x/rows.csv": f"id;texte;priorité;autre\nlong;{'é' * 281};;\nb;Un bon message;;;de trop\nid;texte;priorité;\n"
    f"c;NoÃ«l;;\nd;;1;\nhiver;Encore;9999999;\n",
    "acme-x/names.csv": "nom;message\na;Bonjour\n",
    "acme-x/garbled.csv": "id;texte;prioritÃ©\n",
    "acme-x/twice.csv": "texte;text\nUn;Deux\n",
    "acme-x/quotes.csv": 'id;texte\na;"Bon"jour"\n',
    "acme-x/old.csv": "id;texte\na;Noël arrive\n".encode("cp1252"),
    "acme-x/half.toml": '[[post]]\ntext = "Pas fermé\n',
    "acme-x/curly.toml": "[[post]]\ntext = “Bonjour”\n",
    "acme-x/key.toml": 'autor = "claire"\n[[post]]\ntext = "Un"\n',
    "acme-x/none.toml": "",
    "acme-x/rtf.txt": "{\\rtf1 Bonjour}",
    "acme-x/several.txt": "Un texte\n-----\nUn autre texte",
    "acme-x/book.xlsx": "pas un classeur",
    "acme-x/old.xls": "",
    "acme-x/note.docx": "",
    "acme-facebook/echo.toml": f'approved_by = "claire"\n[[post]]\ntext = "C\'est l\'hiver."\n'
    f'[[post]]\ntext = "{"é" * 300}"\n',
    "acme-facebook/pair.csv": "compte;texte\nacme-y;Bonjour\n",
    "nobody.csv": "texte\nBonjour\n",
    "STOPS/STOP": "",
}
SIGNS = re.compile(r"`[^`]*`|\{[^{}]*\}")


@pytest.fixture
def house(tmp_path: Path) -> CliHouse:
    house = furnished(tmp_path)
    for name, text in BROKEN.items():
        house.write(f"content/{name}", text)
    house.run("db", "upgrade")
    return house


def english() -> Iterator[str]:
    """What stands between the placeholders of every sentence, where it is long enough to be English only."""
    with (FRENCH / "veilleuse.po").open("rb") as file:
        catalogue = read_po(file, locale="fr")
    french = " ".join(text for _, text in pairs(catalogue))
    for said, _ in pairs(catalogue):
        for part in (text.strip(string.punctuation + " ") for text in SIGNS.split(said)):
            if len(part.split()) > 2 and part not in french:
                yield part


def test_a_dry_run_in_french_holds_no_english(house: CliHouse) -> None:
    parts = set(english())
    in_english = house.says("sync", "--dry-run", code=1)
    house.locale = "fr_FR.UTF-8"
    in_french = house.says("sync", "--dry-run", code=1)
    assert sum(part in in_english for part in parts) > 70, "the folder is not broken enough to show anything"
    assert [part for part in parts if part in in_french] == []


def test_what_was_said_of_a_file_is_kept_in_both_languages(house: CliHouse) -> None:
    house.run("sync", code=1)
    store = open_store(house.database)
    try:
        kept = [verdict for file in store.files().values() for verdict in file.verdicts]
    finally:
        store.close()
    assert len(kept) > 40
    assert [
        text for each in kept for text in (each.message, each.remedy) if text and not isinstance(text, Sentence)
    ] == []
    house.locale = "fr_FR.UTF-8"
    again = house.says("sync", code=1)  # nothing is judged anew: the files have not changed
    assert [part for part in english() if part in again] == []
