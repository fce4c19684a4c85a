"""Letters: the day before, and the week; each written once, in its reader's language, sent until it arrives."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.domain.posts import a_post, utc
from tests.fake_network import SPEC
from tests.services.house import House, posts
from tests.services.post_office import Letter, PostOffice
from veilleuse.domain.digest import WIDTH, week_of
from veilleuse.domain.hours import Hours, parse_week
from veilleuse.domain.letter import LetterKind
from veilleuse.domain.person import Person
from veilleuse.services.answers import Answers
from veilleuse.services.digest import Digest
from veilleuse.services.letters import Letters
from veilleuse.services.preview import Preview
from veilleuse.services.veto import veto

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Desk:
    """A house with a post office: claire owns acme-x, hugo reads French and owns nothing."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.office = PostOffice(people={"claire": 1, "hugo": 1})
        self.people = {"claire": Person(name="claire"), "hugo": Person(name="hugo", language="fr")}
        self.letters = Letters(house.store, self.office, house.clock, self.people)
        house.accounts["acme-x"] = replace(house.accounts["acme-x"], owner="claire", preview=True)
        house.look_with(preview=Preview(letters=self.letters))
        self.digest = self.a_digest()

    def a_digest(self) -> Digest:
        """That of one process."""
        return Digest(
            accounts=self.house.accounts,
            specs={"x": SPEC},
            people=self.people,
            store=self.house.store,
            letters=self.letters,
            answers=Answers(specs={"x": SPEC}, store=self.house.store, networks=self.house, clock=self.house.clock),
            clock=self.house.clock,
            zone=PARIS,
        )

    def live(self, span: timedelta) -> None:
        end = self.house.clock.now() + span
        while self.house.clock.now() < end:
            self.house.look()
            self.digest.write()
            self.letters.send()
            self.house.clock.advance(HOUR)

    def read(self, person: str) -> list[Letter]:
        return [letter for letter in self.office.letters if letter.person == person]

    def previews(self) -> list[Letter]:
        return [letter for letter in self.office.letters if "speaks" in letter.title]


def test_the_owner_reads_a_day_before_exactly_what_goes_out_and_how_to_stop_it() -> None:
    desk = Desk(House(*posts(1), a_post("q1", text="Bonjour !\nOuvert demain ?", place=1)))
    desk.live(6 * DAY)
    [letter] = desk.previews()
    assert letter.person == "claire"
    assert "    Bonjour !\n    Ouvert demain ?" in letter.body
    assert "Unless you post yourself or veto it, this goes out on " in letter.body
    assert "veilleuse veto acme-x/q1 --as claire" in letter.body


def test_read_a_day_late_it_still_names_the_right_day() -> None:
    desk = Desk(House(*posts(9)))
    desk.live(6 * DAY)
    [letter] = desk.previews()
    assert letter.title == "veilleuse: acme-x speaks Thursday 26 November at 23:05"
    assert "this goes out on X Thursday 26 November at 23:05:" in letter.body


def test_it_is_written_once_for_each_post_and_silence_with_a_day_to_act() -> None:
    desk = Desk(House(*posts(9)))
    told_at: dict[str, datetime] = {}
    said_at: dict[str, datetime] = {}
    for _ in range(30 * 24):
        desk.live(HOUR)
        now = desk.house.clock.now()
        for letter in desk.previews():
            told_at.setdefault(letter.body, now)
        for receipt in desk.house.store.receipts("acme-x"):
            said_at.setdefault(receipt.post_id, receipt.at)
    told = list(told_at.values())
    assert len(desk.previews()) == len(told_at), "none twice"
    said = sorted(said_at.values())[1:]  # the first spoke at once: it had never posted
    assert len(said) >= 3
    for at in said:
        assert any(23 * HOUR <= at - when <= 37 * HOUR for when in told)


def test_a_veto_moves_the_next_up_which_is_told_too() -> None:
    desk = Desk(House(*posts(9)))
    while len(desk.previews()) < 1:
        desk.live(HOUR)
    vetoed = desk.previews()[0].body.partition("veilleuse veto acme-x/")[2].partition(" ")[0]
    post = next(c.post for c in desk.house.store.candidates("acme-x") if c.post.id == vetoed)
    veto(desk.house.store, post, "claire", desk.house.clock.now())
    desk.live(2 * DAY)
    first, second = desk.previews()[:2]
    assert first.body != second.body
    assert vetoed not in [receipt.post_id for receipt in desk.house.store.receipts("acme-x")]
    assert len(desk.house.store.receipts("acme-x")) == 2


def test_an_account_that_wants_no_preview_gets_none() -> None:
    desk = Desk(House(*posts(9)))
    desk.house.accounts["acme-x"] = replace(desk.house.accounts["acme-x"], preview=False)
    desk.live(14 * DAY)
    assert desk.previews() == []


@pytest.mark.parametrize(
    ("now", "week", "due"),
    [
        ("2026-11-23 07:59", "2026-W47", "2026-11-16 08:00"),
        ("2026-11-23 08:00", "2026-W48", "2026-11-23 08:00"),
        ("2026-11-29 23:00", "2026-W48", "2026-11-23 08:00"),
        ("2027-01-04 08:00", "2027-W01", "2027-01-04 08:00"),
        ("2026-03-30 07:00", "2026-W14", "2026-03-30 07:00"),
    ],
    ids=["before nine", "at nine", "all week", "the year's first", "summer time"],
)
def test_a_week_begins_on_monday_at_nine_in_the_house(now: str, week: str, due: str) -> None:
    assert week_of(utc(now), PARIS) == (week, utc(due))


def digests(desk: Desk, person: str = "claire") -> list[Letter]:
    return [letter for letter in desk.read(person) if "veilleuse, " in letter.title]


def test_everybody_gets_one_a_week_also_when_all_is_well() -> None:
    desk = Desk(House(*posts(20)))
    desk.live(28 * DAY)
    assert len(digests(desk)) == len(digests(desk, "hugo")) == 4
    assert "all is well" in digests(desk)[-1].title
    assert "Nothing needs you." in digests(desk)[-1].body


def test_it_says_what_was_said_what_comes_and_how_long_it_lasts_on_one_screen() -> None:
    desk = Desk(House(*posts(20)))
    desk.live(14 * DAY)
    body = digests(desk)[-1].body
    for heading in ("Said last week", "Next, unless somebody posts before", "How long the posts last"):
        assert heading in body
    assert len(body.splitlines()) <= 24
    assert max(map(len, body.splitlines())) <= WIDTH


def test_it_is_read_in_the_reader_s_language() -> None:
    desk = Desk(House(*posts(20)))
    desk.live(14 * DAY)
    body = digests(desk, "hugo")[-1].body
    assert "Dit la semaine passée" in body
    assert "Said" not in body


def test_a_second_process_writes_no_second_one() -> None:
    desk = Desk(House(*posts(20)))
    desk.live(10 * DAY)
    before = len(desk.office.letters)
    desk.a_digest().write()
    desk.letters.send()
    assert len(desk.office.letters) == before


@pytest.mark.parametrize(("days_down", "comes"), [(2, 1), (5, 0)], ids=["late", "too late: the next one comes"])
def test_after_an_outage_it_comes_late_and_never_twice(days_down: int, comes: int) -> None:
    desk = Desk(House(*posts(30)))
    while desk.house.clock.now().astimezone(PARIS).weekday() != 6:
        desk.live(HOUR)
    before = len(digests(desk))
    desk.house.clock.advance(DAY + days_down * DAY)
    desk.digest = desk.a_digest()
    desk.live(HOUR)
    assert len(digests(desk)) - before == comes


def test_a_digest_written_by_a_clock_ten_years_ahead_silences_none_of_the_years_between() -> None:
    desk = Desk(House(*posts(30)))
    desk.live(10 * DAY)
    right, before = desk.house.clock.at, len(digests(desk))
    desk.house.clock.at = utc("2036-11-24 10:00")
    desk.digest.write()
    desk.house.clock.at = right
    desk.digest = desk.a_digest()  # restarted under the right clock
    for _ in range(21):
        desk.house.clock.advance(DAY)
        desk.digest.write()
        desk.letters.send()
    assert len(digests(desk)) - before == 3


def test_a_new_house_sends_none_for_a_week_it_has_not_seen() -> None:
    desk = Desk(House(*posts(3)))
    desk.live(HOUR)
    assert digests(desk) == []


def test_what_a_second_process_has_sent_meanwhile_is_not_sent_again() -> None:
    desk = Desk(House(*posts(3)))
    desk.letters.write(LetterKind.PREVIEW, "one", "claire", lambda: ("one", "body"))
    desk.letters.write(LetterKind.PREVIEW, "two", "claire", lambda: ("two", "body"))
    second = Letters(desk.house.store, desk.office, desk.house.clock, desk.people)

    def other_process() -> None:  # while the first waits for a slow channel
        desk.office.meanwhile = lambda: None
        second.send()

    desk.office.meanwhile = other_process
    desk.letters.send()
    assert sorted(letter.title for letter in desk.office.letters) == ["one", "two"]


def test_a_channel_that_takes_its_time_to_fail_is_tried_once_for_all_letters() -> None:
    desk = Desk(House(*posts(3)))
    for number in range(40):
        desk.letters.write(LetterKind.PREVIEW, f"{number}", "claire", lambda: ("title", "body"))
    desk.letters.write(LetterKind.PREVIEW, "one", "hugo", lambda: ("title", "body"))
    desk.office.dead = {("claire", 0)}
    report = desk.letters.send()
    assert (report.sent, len(report.failed)) == (1, 1)
    assert sorted(desk.office.tried) == [("claire", 0), ("hugo", 0)]
    desk.office.dead.clear()
    desk.house.clock.advance(timedelta(minutes=1))
    assert desk.letters.send().sent == 40


def test_a_channel_that_takes_no_letter_is_dead_until_it_takes_one_or_an_alert() -> None:
    desk = Desk(House(*posts(3)))
    desk.office.dead = {("claire", 0)}
    desk.letters.write(LetterKind.PREVIEW, "one", "claire", lambda: ("one", "body"))
    for minutes in (0, 1, 5):
        desk.house.clock.advance(timedelta(minutes=minutes))
        assert desk.letters.send().dead == {}
    desk.house.clock.advance(timedelta(minutes=15))
    assert desk.letters.send().dead == {("claire", 0): "claire's channel 1 is dead."}
    assert desk.letters.send().dead == {("claire", 0): "claire's channel 1 is dead."}
    restarted = Letters(desk.house.store, desk.office, desk.house.clock, desk.people)
    assert restarted.send().dead.keys() == {("claire", 0)}
    desk.office.dead.clear()
    assert restarted.send().sent == 0
    report = restarted.send({("claire", 0)})  # an alert got through
    assert (report.sent, report.dead) == (1, {})


def test_a_letter_that_arrives_takes_along_those_that_failed_before() -> None:
    desk = Desk(House(*posts(3)))
    desk.office.dead = {("claire", 0)}
    desk.letters.write(LetterKind.PREVIEW, "one", "claire", lambda: ("one", "body"))
    for minutes in (0, 1, 5, 15):
        desk.house.clock.advance(timedelta(minutes=minutes))
        desk.letters.send()
    desk.office.dead.clear()
    desk.letters.write(LetterKind.PREVIEW, "two", "claire", lambda: ("two", "body"))
    report = desk.letters.send()
    assert (report.sent, report.dead) == (2, {})


def test_a_letter_to_somebody_who_has_left_is_let_go_after_a_week() -> None:
    desk = Desk(House(*posts(3)))
    desk.letters.write(LetterKind.PREVIEW, "one", "claire", lambda: ("one", "body"))
    del desk.people["claire"], desk.office.people["claire"]
    assert not desk.letters.send().failed
    assert desk.house.store.undelivered_letters() == 1
    desk.house.clock.advance(7 * DAY)
    desk.letters.send()
    assert desk.house.store.undelivered_letters() == 0
    assert desk.office.tried == []


def test_a_letter_waits_for_quiet_hours_and_dead_channels_and_is_not_lost() -> None:
    desk = Desk(House(*posts(3)))
    night = Hours(zone=PARIS, week=parse_week(["daily 00:00-24:00"]))
    desk.people["claire"] = Person(name="claire", quiet_hours=night)
    assert desk.letters.write(LetterKind.PREVIEW, "one", "claire", lambda: ("title", "body"))
    assert desk.letters.send().sent == 0
    desk.people["claire"] = Person(name="claire")
    desk.office.dead = {("claire", 0)}
    assert len(desk.letters.send().failed) == 1
    desk.office.dead.clear()
    assert desk.letters.send().sent == 0
    desk.house.clock.advance(timedelta(minutes=1))
    assert desk.letters.send().sent == 1
    desk.house.clock.advance(DAY)
    assert desk.letters.send().sent == 0
