"""Ingest: a content folder of many posts, judged and stored, against what the formats and the disk cost by themselves.

`python benchmarks/ingest.py` prints ratios of one run: medians of several rounds, in shuffled order, with the disk's
own fdatasync beside them.
"""

import csv
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from measure import fdatasync_ms, medians, options, seconds, tell
from openpyxl import Workbook

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.account import Account
from veilleuse.domain.hours import Hours
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Rule
from veilleuse.services.sync import Sync

COLUMNS = ("id", "texte", "lien", "priorité", "pas avant", "pas après", "approuvé par")
RULE = Rule(hours=Hours(zone=ZoneInfo("Europe/Paris")))
ACCOUNTS = {
    name: Account(name=name, network=network, identity=name, owner="claire", language="fr", rule=RULE)
    for name, network in (("acme-x", "x"), ("acme-facebook", "facebook"))
}
TABLES = ("posts", "approvals")  # what a sync writes for each post


def rows(posts: int) -> Iterator[tuple[str, ...]]:
    """A text of some 120 characters each; one post in ten has dates and a priority, one in fifty a link."""
    for n in range(posts):
        text = f"Conseil n° {n} : une chaudière révisée à l’automne, c’est un hiver tranquille. Et la vôtre, quand ?"
        dates = ("5", "2027-03-01", "2027-03-31") if n % 10 == 0 else ("", "", "")
        yield f"conseil-{n}", text, f"https://acme.example/{n}" if n % 50 == 0 else "", *dates, "claire"


def write_csv(path: Path, posts: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(rows(posts))


def write_toml(path: Path, posts: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('approved_by = "claire"\n')
        for name, text, link, priority, first, last, _ in rows(posts):
            file.write(f'\n[[post]]\nid = "{name}"\ntext = "{text}"\n')
            file.write(f'link = "{link}"\n' if link else "")
            file.write(f"priority = {priority}\nnot_before = {first}\nnot_after = {last}\n" if first else "")


def write_xlsx(path: Path, posts: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Posts")
    sheet.append(COLUMNS)
    for row in rows(posts):
        sheet.append(row)
    book.save(path)


class Raw:
    """The floor: csv.reader, and the driver's executemany of just the rows that a sync stores, as durably."""

    def __init__(self, source: Path, stored: Path, scratch: Path) -> None:
        self._source = source
        self._scratch = scratch
        with closing(sqlite3.connect(stored)) as database:
            made = "SELECT sql FROM sqlite_master WHERE name = ?"
            self._tables = [str(database.execute(made, (name,)).fetchone()[0]) for name in TABLES]
            self._rows = [database.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES]

    def __call__(self) -> None:
        with tempfile.TemporaryDirectory(dir=self._scratch) as folder:
            database = sqlite3.connect(Path(folder, "raw.db"))
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            with self._source.open(encoding="utf-8", newline="") as file:
                assert sum(1 for _ in csv.reader(file, delimiter=";"))
            for name, table, found in zip(TABLES, self._tables, self._rows, strict=True):
                database.execute(table)
                database.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(found[0]))})", found)
            database.commit()
            database.close()


def sync(content: Path, database: Path) -> None:
    store = open_store(database, create=True)
    clock = SystemClock()
    Sync(FolderSource(content, ACCOUNTS, SPECS, clock), store, clock, ACCOUNTS).run()
    store.close()


def sync_anew(content: Path, scratch: Path) -> None:
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        sync(content, Path(folder, "veilleuse.db"))


def load_toml(path: Path) -> None:
    with path.open("rb") as file:
        tomllib.load(file)


def judge(content: Path) -> None:
    """Parsed and judged, without a store."""
    (file,) = FolderSource(content, ACCOUNTS, SPECS, SystemClock()).scan().files
    assert sum(isinstance(item, Post) for item in file.parse())


def peak_mb(content: Path, scratch: Path) -> float:
    """The most memory that a process of its own holds while it syncs that folder into a new database."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; import ingest, measure;"
    code += "ingest.sync_anew(Path(sys.argv[2]), Path(sys.argv[3])); print(measure.rss_mb(field='VmHWM'))"
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(content), str(scratch)]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    chosen = options(__doc__, posts=100_000, rounds=5)
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), chosen.posts, chosen.rounds)


def compare(scratch: Path, posts: int, rounds: int) -> None:
    contents = {}
    for form, write, count in (
        ("csv", write_csv, posts),
        ("toml", write_toml, posts),
        ("xlsx", write_xlsx, posts),
        ("few", write_csv, posts // 10),
    ):
        contents[form] = scratch / form
        contents[form].mkdir()
        write(contents[form] / f"acme-x.{'csv' if form == 'few' else form}", count)
    csv_file, toml_file = contents["csv"] / "acme-x.csv", contents["toml"] / "acme-x.toml"
    stored = scratch / "stored.db"
    sync(contents["csv"], stored)
    works: dict[str, Callable[[], None]] = {
        "csv.reader and raw insert": Raw(csv_file, stored, scratch),
        "CSV synced": lambda: sync_anew(contents["csv"], scratch),
        "CSV synced again": lambda: sync(contents["csv"], stored),
        "tomllib.load": lambda: load_toml(toml_file),
        "TOML judged": lambda: judge(contents["toml"]),
        "TOML synced": lambda: sync_anew(contents["toml"], scratch),
        "XLSX synced": lambda: sync_anew(contents["xlsx"], scratch),
    }
    median = medians({name: partial(seconds, work) for name, work in works.items()}, rounds)
    print(f"{posts} posts, {rounds} rounds; fdatasync {fdatasync_ms(scratch):.2f} ms")
    for name, value in median.items():
        print(f"  {name:28}{value:8.3f} s{posts / value:12,.0f} posts/s")
    raw, loaded, first = median["csv.reader and raw insert"], median["tomllib.load"], median["CSV synced"]
    tell("CSV: speed against csv.reader and raw insert", raw / first, "at least 0.35")
    tell("TOML: time to parse and judge against tomllib.load", median["TOML judged"] / loaded, "at most 1.35")
    tell("XLSX: speed against csv.reader and raw insert", raw / median["XLSX synced"], "told only")
    tell("unchanged folder: time against the first sync", median["CSV synced again"] / first, "at most 0.1")
    few, many = peak_mb(contents["few"], scratch), peak_mb(contents["csv"], scratch)
    print(f"  peak memory: {few:.1f} MB for {posts // 10} posts, {many:.1f} MB for {posts}")


if __name__ == "__main__":
    main()
