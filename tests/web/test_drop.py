"""Posts dropped on the page: judged as a sync would, then written, or not."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.web.house import NOW, Browser, WebHouse, words
from veilleuse.domain.activity import Examination, Identity, Limits
from veilleuse.domain.deed import Act
from veilleuse.domain.examination import Examined

CSV = "id;texte\nneige;Il neige. Et chez vous ?\ntrop;" + "x" * 300 + "\n"


def drop(browser: Browser, name: str, data: bytes, account: str = "acme-x") -> str:
    """Drop a file; where its verdicts stand."""
    token = browser.token("/freeze")
    answer = browser.client.post(
        "/drop", data={"token": token, "account": account}, files={"file": (name, data, "text/csv")}
    )
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"])


def refusal(browser: Browser, name: str, data: bytes, account: str = "acme-x") -> str:
    token = browser.token("/freeze")
    answer = browser.client.post("/drop", data={"token": token, "account": account}, files={"file": (name, data)})
    assert answer.status_code in (413, 422)
    return words(answer)


def entered(house: WebHouse) -> list[str]:
    return sorted(str(path.relative_to(house.content)) for path in house.content.rglob("*") if path.is_file())


def test_the_verdicts_come_before_anything_enters(house: WebHouse) -> None:
    browser = house.signed_in()
    page = browser.words(drop(browser, "Posts d'hiver.csv", CSV.encode()))
    assert "1 post can enter" in page
    assert "Il neige. Et chez vous ?" in page
    assert "error line 3" in page
    assert entered(house) == ["acme-x.toml"]
    assert [c.post.id for c in house.store.candidates("acme-x")] == ["hiver", "voeux"]


def test_what_is_let_in_is_a_file_that_the_next_sync_reads(house: WebHouse) -> None:
    browser = house.signed_in()
    place = drop(browser, "Posts d'hiver.csv", CSV.encode())
    assert browser.post(place, do="enter").status_code == 303
    assert entered(house) == ["acme-x.toml", "acme-x/2026-11-20-posts-d-hiver.csv"]
    house.sync()
    assert [c.post.id for c in house.store.candidates("acme-x")] == ["hiver", "voeux", "neige"]
    (deed,) = house.store.deeds()
    assert (deed.by, deed.act, deed.subject) == ("claire", Act.DROPPED, "acme-x/2026-11-20-posts-d-hiver.csv")
    assert browser.get(place).status_code == 410


def test_a_second_file_of_the_same_name_stands_beside_the_first(house: WebHouse) -> None:
    browser = house.signed_in()
    for text in ("Un", "Deux", "Trois"):
        browser.post(drop(browser, "texte.txt", f"{text} ?".encode()), do="enter")
    folder = house.content / "acme-x"
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "2026-11-20-texte.txt": "Un ?",
        "2026-11-20-texte-2.txt": "Deux ?",
        "2026-11-20-texte-3.txt": "Trois ?",
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("../../../etc/passwd.txt", "2026-11-20-passwd.txt"),
        ("..\\..\\boot.txt", "2026-11-20-boot.txt"),
        ("/absolute.TXT", "2026-11-20-absolute.txt"),
        (".hidden.txt", "2026-11-20-hidden.txt"),
        ("acme-facebook.txt", "2026-11-20-acme-facebook.txt"),
        ("STOP.txt", "2026-11-20-stop.txt"),
        ("~$lock.txt", "2026-11-20-lock.txt"),
        ("été à Nîmes ☀.txt", "2026-11-20-ete-a-nimes.txt"),
        ("☀.txt", "2026-11-20-posts.txt"),
        ("x" * 250 + ".txt", f"2026-11-20-{'x' * 60}.txt"),
        ("a\nb.txt", "2026-11-20-a-b.txt"),
    ],
)
def test_whatever_a_file_is_called_it_stands_in_its_account_s_place_under_a_plain_name(
    house: WebHouse, name: str, written: str
) -> None:
    token = house.site.drops.stage("acme-x", name, b"Bonjour ?", "claire")
    house.site.drops.confirm(token, "claire")
    assert entered(house) == ["acme-x.toml", f"acme-x/{written}"]
    house.sync()
    assert "Bonjour ?" in {c.post.text for c in house.store.candidates("acme-x")}


@pytest.mark.parametrize("name", ["evil.py", "evil", "STOP", "evil.csv.exe", "page.html", "notes.xls"])
def test_other_kinds_of_files_are_refused(house: WebHouse, name: str) -> None:
    assert "Posts are read from" in refusal(house.signed_in(), name, b"text")
    assert entered(house) == ["acme-x.toml"]


def test_a_text_can_be_pasted_and_rows_with_their_headings_too(house: WebHouse) -> None:
    browser = house.signed_in()
    for text, count in {"Une question ?": 1, "texte\tlien\nUn ?\t\nDeux ?\thttps://acme.test": 2}.items():
        answer = browser.post("/drop", account="acme-x", text=text)
        page = browser.words(answer.headers["location"])
        assert f"{count} post{'s' if count > 1 else ''} can enter" in page
    assert "There is nothing in it." in words(browser.post("/drop", account="acme-x", text="  \n"))
    assert "for which account" in words(browser.post("/drop", account="nobody", text="x"))


def test_what_is_thrown_away_has_left_nothing(house: WebHouse) -> None:
    browser = house.signed_in()
    place = drop(browser, "a.txt", b"Bonjour ?")
    browser.post(place, do="forget")
    assert entered(house) == ["acme-x.toml"]
    assert browser.get(place).status_code == 410
    assert house.store.deeds() == []


def test_a_dropped_file_is_its_owner_s_alone(house: WebHouse) -> None:
    place = drop(house.signed_in("claire"), "a.txt", b"Bonjour ?")
    other = house.signed_in("anna")
    assert other.get(place).status_code == 410
    assert other.post(place, do="enter").status_code == 410
    assert entered(house) == ["acme-x.toml"]


def test_a_file_names_nobody_else_as_its_approver(house: WebHouse) -> None:
    data = "texte;approuvé par\nBonjour ?;claire\n".encode()
    anna = house.signed_in("anna")
    place = drop(anna, "a.csv", data, "acme-facebook")
    assert "claire" in anna.words(place)
    assert anna.post(place, do="enter").status_code == 409
    assert entered(house) == ["acme-x.toml"]
    claire = house.signed_in("claire")
    claire.post(drop(claire, "a.csv", data, "acme-facebook"), do="enter")
    house.sync()
    assert [c.post.approved_by for c in house.store.candidates("acme-facebook")] == ["claire"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "texte;approuvé par\nBonjour ?;anna\n{long};Claire\n"),
        ("a.csv", "texte;approuvé par;compte\nBonjour ?;anna;acme-facebook\nBonsoir ?;claire;not-yet-there\n"),
        ("a.csv", "texte;approuvé par;image\nBonjour ?;anna;\nBonsoir ?;claire;tomorrow.png\n"),
        ("a.toml", 'approved_by = "claire"\n[[post]]\ntext = "Bonjour ?"\napproved_by = "anna"\n[[post]]\ntext = ""\n'),
        ("a.toml", '[[post]]\ntext = "Bonjour ?"\n[[post]]\ntext = "{long}"\napproved_by = "claire"\n'),
    ],
)
def test_a_post_that_is_left_out_today_and_might_enter_tomorrow_names_nobody_else_either(
    house: WebHouse, name: str, data: str
) -> None:
    anna = house.signed_in("anna")
    place = drop(anna, name, data.format(long="x" * 70_000).encode(), "acme-facebook")
    assert "claire" in anna.words(place).lower()
    assert anna.post(place, do="enter").status_code == 409
    assert entered(house) == ["acme-x.toml"]


def test_a_file_is_judged_by_what_the_account_s_own_server_allows_as_a_sync_judges_it(house: WebHouse) -> None:
    found = Examination(identity=Identity(remote_id="1", handle="acme"), limits=Limits(length=5000))
    house.store.record_examination(Examined(account="acme-x", due_at=NOW, at=NOW, found=found))
    browser = house.signed_in()
    page = browser.words(drop(browser, "a.csv", b"texte\n" + b"mot " * 200 + b"\n"))
    assert "1 post can enter" in page


def test_a_file_without_a_post_does_not_enter(house: WebHouse) -> None:
    browser = house.signed_in()
    place = drop(browser, "a.toml", b"[[post]\n")
    assert "no post in it that could enter" in browser.words(place)
    assert browser.post(place, do="enter").status_code == 409


def test_what_the_queue_has_said_already_is_told_before_it_enters(house: WebHouse) -> None:
    browser = house.signed_in()
    page = browser.words(drop(browser, "a.csv", b"id;texte\nhiver;Un autre texte ?\n"))
    assert "acme-x/hiver" in page


def test_too_much_is_refused_before_it_is_read(house: WebHouse) -> None:
    browser = house.signed_in()
    assert "larger than the page takes" in refusal(browser, "a.csv", b"x" * 50_000_000)
    assert "larger than 10 MB" in refusal(browser, "a.csv", b"x" * 10_000_001)


def test_a_workbook_made_to_burst_is_a_verdict(house: WebHouse) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b" " * 120_000_000 + b"</sst>")
    browser = house.signed_in()
    page = browser.words(drop(browser, "a.xlsx", bomb.getvalue()))
    assert "Unpacked it is larger than" in page
    assert "no post in it that could enter" in page


def test_where_the_folder_cannot_be_written_the_verdicts_stand_and_the_page_says_why(house: WebHouse) -> None:
    browser = house.signed_in()
    place = drop(browser, "a.txt", b"Bonjour ?")
    aside = house.folder / "aside"
    house.content.rename(aside)
    assert "is not there" in browser.words(place)
    assert browser.post(place, do="enter").status_code == 409
    aside.rename(house.content)
    assert browser.post(place, do="enter").status_code == 303


def test_a_folder_that_leads_elsewhere_is_not_followed(house: WebHouse, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (house.content / "acme-x").symlink_to(outside)
    browser = house.signed_in()
    place = drop(browser, "a.txt", b"Bonjour ?")
    assert "leads out of the content folder" in browser.words(place)
    assert browser.post(place, do="enter").status_code == 409
    assert list(outside.iterdir()) == []


def test_only_so_many_files_wait_and_the_oldest_goes_first(house: WebHouse) -> None:
    browser = house.signed_in()
    places = [drop(browser, f"{n}.txt", b"Bonjour ?") for n in range(22)]
    assert [browser.get(place).status_code for place in places[:3]] == [410, 410, 200]
