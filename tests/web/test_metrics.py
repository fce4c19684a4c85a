"""/metrics: what is told there, and to whom."""

import re
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.web.house import LISTEN, WebHouse
from veilleuse.config import ConfigInvalid
from veilleuse.domain.prices import X_POST, X_POST_READ
from veilleuse.entrypoints.supplies import Supplies
from veilleuse.entrypoints.web.metrics import Measurements
from veilleuse.entrypoints.web.server import serving
from veilleuse.ports import StoreUnavailable
from veilleuse.services.glance import glances

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"
STACK = f'{LISTEN}\nmetrics_from = ["10.1.0.0/16"]'


def test_the_real_server_tells_prometheus_everything_the_page_about_it_names(house: WebHouse) -> None:
    house.store.charge("acme-x", date(2026, 11, 20), {X_POST: 2, X_POST_READ: 3})
    house.store.charge("acme-x", date(2026, 10, 31), {X_POST: 100})  # last month's
    house.site.timings.looked(0.5)
    house.site.timings.synced(1_800_000_000)
    with serving(house.site, ("127.0.0.1", 0)) as address, urlopen(f"{address}/metrics") as answer:
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        told = answer.read().decode()
    assert 'veilleuse_spend_usd{account="acme-x"} 0.045\n' in told
    assert 'veilleuse_undelivered_messages{kind="alert"} 0.0\n' in told
    assert "veilleuse_look_seconds_sum 0.5\n" in told
    assert 'veilleuse_max_silence_seconds{account="acme-x",network="x"} 604800.0\n' in told
    documented = set(re.findall(r"^\| `(veilleuse_\w+)", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert documented == set(re.findall(r"^# TYPE (\w+)", told, re.MULTILINE))


@pytest.mark.parametrize(
    ("web", "peer", "headers", "status"),
    [
        (LISTEN, "127.0.0.1", {}, 200),
        (LISTEN, "::1", {}, 200),
        (LISTEN, "10.1.2.3", {}, 403),
        (LISTEN, "not-an-address", {}, 403),
        (LISTEN, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),  # anybody, through a proxy beside us
        (LISTEN, "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        (LISTEN, "127.0.0.1", {"Via": "1.1 proxy"}, 403),
        (STACK, "10.1.2.3", {}, 200),
        (STACK, "10.2.0.1", {}, 403),
        (STACK, "127.0.0.1", {}, 403),
        (STACK, "10.1.2.3", {"X-Real-IP": "10.1.2.3"}, 403),
    ],
)
def test_only_whom_the_configuration_names_may_read_it(
    tmp_path: Path, web: str, peer: str, headers: dict[str, str], status: int
) -> None:
    house = WebHouse(tmp_path, web=web)
    answer = house.browser(peer=peer).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("acme" in answer.text) is (status == 200)
    house.place.close()


def test_a_database_that_is_away_is_no_page_of_zeros(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise StoreUnavailable("The database cannot be reached.")

    monkeypatch.setattr(house.store, "undelivered", away)
    answer = house.browser().get("/metrics")
    assert (answer.status_code, answer.text) == (503, "The database cannot be reached.\n")


def test_what_is_no_address_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="metrics_from"):
        WebHouse(tmp_path, web=f'{LISTEN}\nmetrics_from = ["everybody"]')


def test_whoever_asks_again_at_once_is_told_the_same_and_nothing_is_measured_twice(house: WebHouse) -> None:
    measured = Measurements(house.site)
    first = measured.read()
    house.site.timings.looked(1.0)
    assert measured.read() is first


def test_what_it_costs_to_measure_decides_how_long_it_is_good(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    hands = iter([100.0, 102.0, 121.9, 122.1, 122.2])  # asked, measured in 2 s; asked at 20 s; asked after, measured
    monkeypatch.setattr("veilleuse.entrypoints.web.metrics.monotonic", lambda: next(hands))
    measured = Measurements(house.site)
    first = measured.read()
    house.site.timings.looked(1.0)
    assert measured.read() is first
    assert b"veilleuse_look_seconds_count 1.0" in measured.read()


def test_ten_thousand_queues_are_asked_a_few_at_each_scrape_the_longest_unasked_first(
    house: WebHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = house.site.clock.now()
    monkeypatch.setattr("veilleuse.entrypoints.supplies.AT_MOST", -1.0)  # one at each
    every, supplies = glances(house.site.accounts, house.store, now), Supplies()
    names = {each.account.name for each in every}
    told = [list(supplies.ask(every, house.store, now)) for _ in range(2 * len(names))]
    assert [len(known) for known in told] == [*range(1, len(names) + 1), *[len(names)] * len(names)]
    assert {known[-1] for known in told[len(names) :]} == names
    assert list(supplies.ask(every[:1], house.store, now)) == [every[0].account.name]
    monkeypatch.undo()
    assert Supplies().ask(every, house.store, now).keys() == names
