"""`veilleuse import`: what other tools wrote becomes drafts in the content folder; the report says it row by row."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CliHouse
from tests.workbooks import workbook

HOOTSUITE = (
    '01/31/2099 09:30,"Nos horaires d\'hiver, enfin",https://acme.fr/hiver\n02/01/2099 2:05 PM,Plutôt matin ?,\n'
)
PUBLER = (
    "Date,Text,Link(s),Media URL(s),Title,Label(s),Alt text(s),Comment(s)\n"
    "2099-01-31 09:30,Bonjour,https://acme.fr https://acme.fr/2,https://cdn.fr/a.png,,hiver,La vitrine,Premier !\n"
    "next Friday at 2 PM,Une idée||Une autre idée,,,,hiver,,\n"
    ",Sans date,,,,,,\n"
)
SOCIALBEE = (
    "text,link,imageUrls,gifUrls,videoUrls,postAtSpecificTime\n"
    '"Deux\nlignes",https://acme.fr,https://cdn.fr/a.png,,https://cdn.fr/b.mp4,2099-01-31 09:30:00\n'
)
BUFFER = "Text,Image URL,Tags,Posting Time\nBonjour de Buffer,,a;b,2099-01-31 09:30\n"
BRIGHTBEAN = "date;time;platforms;caption;description\n2099-01-31;09:30;x;La légende;Non lue\n"
AYRSHARE = "post,platforms,mediaUrls,scheduleDate\nBonjour à tous,twitter,,2099-01-31T08:30:00Z\n"


def written(house: CliHouse, name: str) -> list[dict[str, str]]:
    with (house.folder / "content" / "acme-facebook" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bring(house: CliHouse, content: str | bytes, *args: str, name: str = "plan.csv", code: int = 0) -> str:
    file = house.write(name, content)
    return house.says("import", str(file), "--account", "acme-facebook", *args, code=code)


@pytest.mark.parametrize(
    ("tool", "content", "args", "texts", "dates"),
    [
        (
            "hootsuite",
            HOOTSUITE,
            ["--dates", "us"],
            ["Nos horaires d'hiver, enfin", "Plutôt matin ?"],
            ["2099-01-31 09:30", "2099-02-01 14:05"],
        ),
        ("publer", PUBLER, [], ["Bonjour", "Une idée||Une autre idée", "Sans date"], ["2099-01-31 09:30", "", ""]),
        ("socialbee", SOCIALBEE, [], ["Deux\nlignes"], ["2099-01-31 09:30"]),
        ("buffer", BUFFER, [], ["Bonjour de Buffer"], ["2099-01-31 09:30"]),
        (None, BRIGHTBEAN, [], ["La légende"], ["2099-01-31 09:30"]),
        (None, AYRSHARE, [], ["Bonjour à tous"], ["2099-01-31 09:30"]),
        (None, HOOTSUITE, ["--dates", "us"], ["Nos horaires d'hiver, enfin", "Plutôt matin ?"], None),
        (None, HOOTSUITE.replace(",", "\t"), ["--dates", "us"], None, ["2099-01-31 09:30", "2099-02-01 14:05"]),
        ("hootsuite", "12/01/2099 9h30;Bonjour;\n", ["--dates", "fr"], ["Bonjour"], ["2099-01-12 09:30"]),
        ("hootsuite", "Date;Message;Link\n1.2.99;Bonjour;\n", ["--dates", "fr"], ["Bonjour"], ["2099-02-01"]),
    ],
)
def test_what_a_tool_wrote_becomes_drafts(
    cli_house: CliHouse,
    tool: str | None,
    content: str,
    args: list[str],
    texts: list[str] | None,
    dates: list[str] | None,
) -> None:
    said = bring(cli_house, content, *(["--from", tool] if tool else []), *args)
    rows = written(cli_house, f"{tool or 'import'}-plan.csv")
    assert texts is None or [row["text"] for row in rows] == texts
    assert dates is None or [row["not before"] for row in rows] == dates
    assert {row["approved by"] for row in rows} == {""}
    assert 'The times of the file mean "not before"' in said
    assert "Nothing of it is said before somebody approves it" in said


def test_what_is_brought_over_enters_the_queue_as_drafts(cli_house: CliHouse) -> None:
    bring(cli_house, PUBLER)
    cli_house.run("db", "upgrade")
    cli_house.run("sync")
    queue = {row["text"]: row for row in cli_house.json("queue", "acme-facebook")}
    assert queue["Bonjour"]["not_before"] == "2099-01-31T08:30:00Z"
    assert (queue["Bonjour"]["alt"], queue["Bonjour"]["link"]) == ("La vitrine", "https://acme.fr")
    assert all(queue[text]["why"] == "waits for approval" for text in ("Bonjour", "Sans date"))


def test_the_report_says_of_each_row_what_became_of_it(cli_house: CliHouse) -> None:
    said = bring(
        cli_house,
        PUBLER + "2001-01-01,Trop tard,,,,,,\n,Bonjour,,,,,,\n2099-02-01,,https://acme.fr,,,,,\n,Lien,acme.fr,,,,,\n",
        "--from",
        "publer",
    )
    for sentence in (
        "row 2: draft, not before 2099-01-31 09:30: Bonjour",
        "Only the first of its links was kept; not https://acme.fr/2.",
        "Its image or film is not fetched: https://cdn.fr/a.png. Save it into the content folder",
        'row 3: draft: Une idée||Une autre idée "next Friday at 2 PM" is not a date.',
        "It was brought over without a date.",
        '"||" divides several wordings here: keep one, or make them posts of their own.',
        "Its date has passed: once approved, it may be said at any time.",
        "row 6: left out: Bonjour The same text as in row 2: left out, since it would be said twice.",
        "row 7: left out There is no text: left out.",
        'link: "acme.fr" is not a web address. Write it in full, beginning with https://.',
        'Not kept, since veilleuse has no place for it: "Label(s)" (2 cells).',
        'veilleuse has no place for it: "Comment(s)" (1 cell).',
        "publer-plan.csv: 5 drafts written, 2 left out.",
    ):
        assert sentence in said


def test_excel_is_read_as_well_with_its_own_dates(cli_house: CliHouse) -> None:
    made = workbook(("Caption", "Scheduled time"), ("Bonjour", datetime(2099, 1, 31, 9, 30)), ("Ici", date(2099, 2, 1)))
    bring(cli_house, made, name="plan.xlsx")
    rows = written(cli_house, "import-plan.csv")
    assert [(row["text"], row["not before"]) for row in rows] == [
        ("Bonjour", "2099-01-31 09:30"),
        ("Ici", "2099-02-01"),
    ]


def test_a_french_account_gets_the_spreadsheet_its_excel_opens(cli_house: CliHouse) -> None:
    config = cli_house.config.read_text()
    cli_house.write("veilleuse.toml", f'language = "fr"\n{config}')
    bring(cli_house, BUFFER)
    made = (cli_house.folder / "content/acme-facebook/import-plan.csv").read_bytes()
    assert made.startswith(
        "\ufeffcompte;texte;lien;image;texte alternatif;pas avant;pas après;approuvé par\r\n".encode()
    )


def test_programs_get_the_report_as_json(cli_house: CliHouse) -> None:
    file = cli_house.write("plan.csv", BUFFER)
    told = json.loads(cli_house.run("import", str(file), "--account", "acme-x", "--json").output)
    assert told["file"].endswith("content/acme-x/import-plan.csv")
    assert (told["dropped"], told["rows"][0]["not_before"]) == ({"Tags": 1}, "2099-01-31T08:30:00Z")


REFUSED: dict[str, tuple[str | bytes, list[str], int, str]] = {
    "us dates without a word": (
        HOOTSUITE,
        [],
        2,
        'row 1: "01/31/2099 09:30" may be read month first or day first. 1 more like it. Nothing was written. '
        "Say which: --dates us (the month first) or --dates fr (the day first).",
    ),
    "the wrong word": (
        "31/01/2099 09:30,Bonjour,\n",
        ["--dates", "us"],
        2,
        '"31/01/2099 09:30" has no month 31. Nothing was written. Say --dates fr if that holds for all; else',
    ),
    "another tool's file": (
        BUFFER.replace("Text", "Wording"),
        ["--from", "buffer"],
        1,
        "plan.csv:1: error: The first row names no column of Buffer that holds the texts. Its columns are text, Image",
    ),
    "no names at all": (
        "Bonjour\nA tous\n",
        [],
        1,
        "The first row names no column that holds the texts. Its columns are text, message, content",
    ),
    "names, and no post": ("Text,Image URL\n", [], 1, "There was no post to bring over; nothing was written."),
    "nothing": ("", [], 1, "The first row names no column that holds the texts."),
    "only dates": ("Date,Text\n2099-01-01,\n", [], 1, "row 2: left out There is no text: left out."),
    "a lost quotation mark": (
        'Text,Date\n"Bonjour,2099-01-01\n',
        [],
        1,
        "A quotation mark stands alone here, or one is missing at the end of a cell. Save it from the spreadsheet",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", [], 1, "It cannot be read: this is no text file. Export it again, or save"),
    "an unknown account": (BUFFER, ["--account", "acme"], 2, 'No account is called "acme". Did you mean "acme-x"?'),
    "a place of another kind": (BUFFER, ["--output", "out.toml"], 2, "give it a name that ends in .csv"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_what_cannot_be_brought_over_is_refused_with_the_remedy(cli_house: CliHouse, mistake: str) -> None:
    content, args, code, told = REFUSED[mistake]
    assert told in bring(cli_house, content, *args, code=code)
    assert not list((cli_house.folder / "content").rglob("*plan.csv"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "half.xlsx",
            "half.xlsx: error: This is no Excel workbook, or only half of one. Open it in the spreadsheet program",
        ),
        ("none.csv", "does not exist"),
    ],
)
def test_a_file_that_cannot_be_had_is_said(cli_house: CliHouse, name: str, told: str) -> None:
    cli_house.write("half.xlsx", workbook(("Text",))[:-100])
    file = str(cli_house.folder / name)
    said = cli_house.says("import", file, "--account", "acme-x", code=1 if name == "half.xlsx" else 2)
    assert told in said


def test_nothing_is_ever_replaced(cli_house: CliHouse, tmp_path: Path) -> None:
    bring(cli_house, BUFFER)
    before = written(cli_house, "import-plan.csv")
    assert "import-plan.csv is there already, and stays as it is. Name another with --output." in bring(
        cli_house, AYRSHARE, code=2
    )
    assert written(cli_house, "import-plan.csv") == before
    bring(cli_house, AYRSHARE, "--output", str(tmp_path / "other.csv"))
    assert (tmp_path / "other.csv").exists()
