"""`veilleuse forecast`: the year as a picture, as sentences, for programs and for calendars."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.entrypoints.cli_house import CliHouse, now
from tests.entrypoints.looked_at import look
from tests.fakes import FakeClock
from veilleuse import bootstrap
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.activity import Entry
from veilleuse.entrypoints.cli.forecast import show
from veilleuse.entrypoints.demo import script
from veilleuse.services.forecast import forecasts

DAY = timedelta(days=1)
NASTY = "Virgule, point-virgule; barre \\ et « guillemets »\nÀ demain ? 👑 " + "long " * 30


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # what a year holds depends on the hour it is asked


@pytest.fixture(autouse=True)
def _at_noon_on_a_wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(SystemClock, "now", lambda self: NOON)
    for module in (__name__, "tests.entrypoints.cli_house", "tests.entrypoints.looked_at"):
        monkeypatch.setattr(f"{module}.now", lambda: NOON)


@pytest.fixture
def fed(synced: CliHouse) -> CliHouse:
    """X posted two days ago and has two posts; Facebook was never looked at and has a draft."""
    look(synced, posted=2 * DAY)
    return synced


def test_each_account_has_a_line_its_next_turns_and_sentences(fed: CliHouse) -> None:
    said = fed.says("forecast")
    for words in (
        "acme-x ",
        "hiver Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?",
        "nothing approved to say: a human is called",
        "● a post ○ must speak, nothing approved × silent too long ─ and still",
        "It has nothing left to say",
        "posts are missing; 1 draft may be approved",
        "It may come otherwise: nobody has looked at it yet",
        "Too early to judge: its past is known for 2 days only.",
    ):
        assert words in said


def test_json_has_every_turn_in_utc(fed: CliHouse) -> None:
    (told,) = fed.json("forecast", "acme-x", "--days", "60")
    first, call = told["turns"]
    assert (first["post"], first["late"], first["reserve"]) == ("acme-x/hiver", False, False)
    assert first["at"].endswith("Z")
    assert (call["post"], told["dry_at"], told["queue_dry_at"]) == (None, call["at"], call["at"])
    assert told["missing"] >= 7
    assert told["supply"]["waiting"] == 2
    assert told["supply"]["verdict"] == "young"


def test_until_a_day_counts_what_is_missing_by_then(fed: CliHouse) -> None:
    day = now().date() + 30 * DAY
    (told,) = fed.json("forecast", "acme-x", "--until", f"{day}")
    assert told["missing"] == 3
    assert told["until"] > f"{day}T21"


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("--until", "2020-01-01"), "must lie between today and three years from now"),
        (("--until", "9999-12-31"), "must lie between today and three years from now"),
        (("--until", "noel"), "'noel' does not match"),
        (("--days", "0"), "0 is not in the range"),
        (("--days", "3", "--until", "2027-01-01"), "--days or --until, not both"),
        (("--json", "--ics"), "--json or --ics, not both"),
        (("acme-y",), 'Did you mean "acme-x"?'),
    ],
)
def test_a_slip_is_exit_code_2_with_what_is_wrong(fed: CliHouse, args: tuple[str, ...], complaint: str) -> None:
    assert complaint in fed.says("forecast", *args, code=2)


def test_a_calendar_people_subscribe_to(fed: CliHouse) -> None:
    text = NASTY.replace("\\", "\\\\").replace("\n", "\\n")
    fed.write("content/acme-x/plus.toml", f'approved_by = "claire"\n[[post]]\nid = "x"\ntext = "{text}"\n')
    fed.run("sync")
    first, again = (fed.run("forecast", "acme-x", "--ics").stdout_bytes for _ in range(2))
    assert b"\r\n" in first
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))
    events = Calendar.from_ical(first).walk("VEVENT")
    by_uid = {str(event["uid"]): event for event in events}
    assert list(by_uid) == ["acme-x/hiver/0@veilleuse", "acme-x/x/0@veilleuse", "acme-x/nothing-to-say/0@veilleuse"]
    assert [str(event["uid"]) for event in Calendar.from_ical(again).walk("VEVENT")] == list(by_uid)
    event = by_uid["acme-x/x/0@veilleuse"]
    assert NASTY.strip() in str(event["description"])
    assert event.decoded("dtstart").utcoffset() == timedelta(0)
    assert abs(event.decoded("dtstamp") - now()) < timedelta(minutes=1)
    at = {turn["post"]: turn["at"] for turn in fed.json("forecast", "acme-x")[0]["turns"]}
    assert f"{event.decoded('dtstart'):%Y-%m-%dT%H:%M:%SZ}" == at["acme-x/x"]


def test_a_frozen_or_stopped_account_says_nothing_until_a_human_acts(fed: CliHouse) -> None:
    fed.write("content/acme-x/STOP", "crise")
    fed.run("sync")
    look(fed, "acme-facebook", stopped="its password was refused")
    said = fed.says("forecast")
    assert "Nothing is said until a human acts: frozen by" in said
    assert "Nothing is said until a human acts: its password was refused." in said
    assert [told["turns"] for told in fed.json("forecast")] == [[], []]


def test_a_freeze_with_an_end_is_waited_for(fed: CliHouse) -> None:
    until = (now() + 20 * DAY).date()
    fed.run("freeze", "acme-x", "--until", f"{until}", "--reason", "travaux", "--as", "claire")
    (told,) = fed.json("forecast", "acme-x")
    assert told["turns"][0]["late"]
    assert told["turns"][0]["at"].startswith(f"{until}")
    assert told["caveat"].startswith("frozen by claire")


def test_a_reserved_name_needs_nothing(fed: CliHouse) -> None:
    fed.write("veilleuse.toml", fed.config.read_text().replace('page_id = "', 'kind = "reserved"\npage_id = "'))
    assert "A reserved name: watched, never posted to." in fed.says("forecast", "acme-facebook")
    (told,) = fed.json("forecast", "acme-facebook")
    assert (told["turns"], told["supply"]) == ([], None)


def the_demo(folder: Path) -> None:
    """The demo's four accounts at its first moment, on the terminal."""
    settings = bootstrap.load(script.write(folder, "http://127.0.0.1:9"))
    clock = FakeClock(script.START)
    accounts = bootstrap.accounts_of(settings)
    store = open_store(folder / "veilleuse.db", create=True)
    try:
        store.register(accounts.values(), clock.now())
        store.beat("me", clock.now(), DAY)
        store.claim_due("me", clock.now(), 10)
        for story in script.STORIES:
            entry = Entry(remote_id="1", text=story.last_post, created_at=clock.now() - story.silent_for)
            store.record_reading(story.account, [entry], {"post"}, clock.now())
            store.finish_look("me", replace(store.state(story.account), read_at=clock.now()))
    finally:
        store.close()
    with bootstrap.open_sync(settings, clock) as sync:
        sync.run()
    with bootstrap.open_reading(settings) as reading:
        show(forecasts(accounts, reading, clock.now()), clock.now())


def test_the_demo_s_year_names_who_lasts_until_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    the_demo(tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert "boulangerie-x ●●●●●○×" in said
    assert "boulangerie-facebook ●●●●●○×" in said
    assert "Sat 02 Jan 19:12 galette La galette est là." in said
    assert "Sat 02 Jan 08:00 enfance Quel pain de votre enfance" in said
    assert "moved by a public holiday" in said
    assert "atelier-x ○×──" in said
    assert "1 draft may be approved" in said
