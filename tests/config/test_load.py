"""A good configuration: what it says, and what it leaves to the defaults."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.config.house import MINIMAL, SPECS, settings
from veilleuse.config import Origin, Role, load
from veilleuse.domain.account import AccountKind
from veilleuse.domain.activity import Kind
from veilleuse.domain.hours import ALWAYS, DAILY_8_TO_20, parse_week
from veilleuse.domain.rule import Approval, Rule, WhenBlind


def test_the_minimal_configuration_is_enough(tmp_path: Path) -> None:
    house = settings(tmp_path, MINIMAL)
    x, facebook = house.accounts
    assert (house.timezone.key, house.language, house.content) == ("Europe/Paris", "en", tmp_path / "content")
    assert (house.database, house.heartbeat_url, house.web.listen, house.credentials) == (None, None, None, {})
    assert house.alerts_owner == "claire"
    assert (x.name, x.network, x.identity, x.owner, x.approvers) == ("acme-x", "x", "acme", "claire", ("claire",))
    assert facebook.options == {"page_id": "1234567890"}
    assert [(ref.origin, ref.held) for ref in house.people[0].notify] == [(Origin.ENV, "CLAIRE_NOTIFY_URL")]


def test_the_rule_defaults_to_a_short_message_every_week(tmp_path: Path) -> None:
    rule = settings(tmp_path, MINIMAL).accounts[0].rule
    assert rule == Rule(hours=rule.hours)
    assert (rule.max_silence, rule.lead, rule.min_gap) == (timedelta(days=7), timedelta(days=1), timedelta(hours=20))
    assert (rule.zone.key, rule.hours.week, rule.hours.holidays) == ("Europe/Paris", DAILY_8_TO_20, None)


HOUSE_RULE = """\
timezone = "Europe/Paris"
language = "fr"
database = "data/posts.db"
content = "posts"
[rule]
max_silence = "10 days"
lead = "36h"
hours = ["Mon-Fri 09:00-12:00,14:00-18:00"]
holidays = "FR"
quiet_days = ["2026-12-24/2027-01-02", 2027-05-07]
approval = "signed"
[alerts]
owner = "marc"
[web]
listen = "[::1]:8080"
[people.claire]
notify = { file = "secrets/claire" }
deputy = "marc"
quiet_hours = "daily 00:00-07:00,22:00-24:00"
language = "en"
password = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"
[people.marc]
role = "reader"
[accounts.one]
network = "x"
handle = "@Acme"
user_id = "42"
owner = "claire"
base_url = "http://127.0.0.1:8000/"
[accounts.two]
network = "facebook"
page_id = "1"
owner = "marc"
approvers = ["claire"]
about = "La page d'Acme : questions, coulisses, horaires 👩‍💻"
timezone = "America/Toronto"
language = "en"
kind = "personal"
budget_usd = 2.50
preview = true
max_silence = "3d"
lead = "6 hours"
min_gap = "90 minutes"
max_per_day = 4
hours = "always"
holidays = ""
activity = ["post", "reply"]
approval = "file"
when_blind = "speak"
credentials = { page_token = { credential = "token" } }
"""


def test_an_account_says_its_own_over_the_house_s_over_the_defaults(tmp_path: Path) -> None:
    one, two = settings(tmp_path, HOUSE_RULE).accounts
    assert (one.rule.max_silence, one.rule.lead) == (timedelta(days=10), timedelta(hours=36))
    assert one.rule.hours.week == parse_week(["Mon-Fri 09:00-12:00,14:00-18:00"])
    assert one.rule.hours.holidays == "FR"
    assert one.rule.hours.quiet_days[1] == (date(2027, 5, 7), date(2027, 5, 7))
    assert (one.rule.approval, one.rule.min_gap) == (Approval.SIGNED, timedelta(hours=20))
    assert (two.rule.max_silence, two.rule.lead) == (timedelta(days=3), timedelta(hours=6))
    assert (two.rule.min_gap, two.rule.max_per_day) == (timedelta(minutes=90), 4)
    assert (two.rule.hours.week, two.rule.hours.holidays, two.rule.zone.key) == (ALWAYS, None, "America/Toronto")
    assert two.rule.hours.quiet_days == one.rule.hours.quiet_days
    assert two.rule.activity == {Kind.POST, Kind.REPLY}
    assert (two.rule.approval, two.rule.when_blind) == (Approval.FILE, WhenBlind.SPEAK)


def test_every_other_key_arrives_where_it_is_used(tmp_path: Path) -> None:
    house = settings(tmp_path, HOUSE_RULE)
    one, two = house.accounts
    claire, marc = house.people
    assert (house.content, house.web.listen, house.alerts_owner) == (tmp_path / "posts", ("::1", 8080), "marc")
    assert one.identity == "Acme"
    assert one.options == {"handle": "Acme", "user_id": "42", "base_url": "http://127.0.0.1:8000"}
    assert (one.language, one.kind, one.budget_usd, one.preview) == ("fr", AccountKind.PROFESSIONAL, None, False)
    assert (two.approvers, two.language, two.kind) == (("claire",), "en", AccountKind.PERSONAL)
    assert (two.budget_usd, two.preview, two.about[-3:]) == (Decimal("2.5"), True, "👩‍💻")
    assert (claire.deputy, claire.language, claire.role, marc.language) == ("marc", "en", Role.APPROVER, "fr")
    assert claire.notify[0].held == str(tmp_path / "secrets/claire")
    assert claire.quiet_hours is not None
    assert claire.quiet_hours.zone == ZoneInfo("Europe/Paris")
    assert claire.password is not None
    assert marc.role is Role.READER
    assert house.credentials["two"]["page_token"].held == "token"


def test_paths_are_relative_to_the_file_even_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "..data").mkdir()
    settings(tmp_path / "..data", MINIMAL)
    link = tmp_path / "veilleuse.toml"
    link.symlink_to("..data/veilleuse.toml")
    assert load(link, SPECS).content == tmp_path / "content"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    house = settings(tmp_path, "\ufeff" + MINIMAL.replace("\n", "\r\n"))
    assert len(house.accounts) == 2


@pytest.mark.parametrize("kind", ["professional", "personal", "reserved"])
def test_each_kind_of_account_is_known(tmp_path: Path, kind: str) -> None:
    assert settings(tmp_path, f'{MINIMAL}kind = "{kind}"\n').accounts[1].kind == kind


@pytest.mark.parametrize(
    ("house", "account", "days"),
    [
        ("", 'kind = "professional"', 7),
        ("", 'kind = "personal"', 20),  # the articles: 20 days are fine, and a personal account is quite different
        ("", 'kind = "personal"\nmax_silence = "10 days"', 10),
        ('[rule]\nmax_silence = "5 days"\n', 'kind = "personal"', 5),  # what somebody wrote is meant for all
        ("", 'kind = "personal"\nlead = "8 days"', 20),  # fits its own limit
    ],
)
def test_a_personal_account_may_be_silent_for_longer_where_nobody_wrote_a_limit(
    tmp_path: Path, house: str, account: str, days: int
) -> None:
    rule = settings(tmp_path, f"{MINIMAL}{account}\n{house}").accounts[1].rule
    assert rule.max_silence == timedelta(days=days)


@pytest.mark.parametrize(("line", "days"), [("", None), ('log_in_every = "700 days"\n', 700)])
def test_a_networks_own_interval_to_log_in_may_be_written(tmp_path: Path, line: str, days: int | None) -> None:
    account = settings(tmp_path, MINIMAL + line).accounts[1]
    assert account.log_in_every == (None if days is None else timedelta(days=days))


def test_one_handle_on_two_instances_is_two_presences(tmp_path: Path) -> None:
    text = "[people.claire]\n" + "".join(
        f'[accounts.{name}]\nnetwork = "mastodon"\nhandle = "acme"\nbase_url = "https://{name}.example"\n'
        'owner = "claire"\n'
        for name in ("one", "two")
    )
    assert [account.identity for account in settings(tmp_path, text).accounts] == ["acme", "acme"]
