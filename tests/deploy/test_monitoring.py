"""/metrics, and the rules and dashboard that read it: whatever they name is really told."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.entrypoints.test_main_job import World
from veilleuse.entrypoints.metrics import exposition
from veilleuse.entrypoints.supplies import Supplies
from veilleuse.entrypoints.timings import Timings
from veilleuse.services.house import House

MONITORING = Path(__file__).parents[2] / "deploy" / "monitoring"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    world = World(tmp_path, str(tmp_path / "veilleuse.db"))
    try:
        world.run_once()
        world.clock.sleep(3600)
        with world.house() as house:
            yield house
    finally:
        world.sandbox.stop()


@pytest.fixture
def told(house: House) -> dict[str, list[tuple[dict[str, str], float]]]:
    timings = Timings()
    timings.looked(0.25)
    timings.looked(0.5)
    timings.synced(1_800_000_000)
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(exposition(house, timings, Supplies()).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def test_each_account_tells_its_silence_its_limit_and_its_state(
    told: dict[str, list[tuple[dict[str, str], float]]],
) -> None:
    x = {"account": "acme-x", "network": "x"}
    assert (x, 3600.0) in told["veilleuse_silence_seconds"]
    assert (x, 7 * 86400.0) in told["veilleuse_max_silence_seconds"]
    assert (x, 9.0) in told["veilleuse_queued_posts"]
    assert ({**x, "state": "alive"}, 1.0) in told["veilleuse_account_state"]
    assert sum(value for labels, value in told["veilleuse_account_state"] if labels["account"] == "acme-x") == 1
    assert ({"account": "acme-x", "outcome": "published"}, 1.0) in told["veilleuse_attempts_total"]
    assert ({"account": "acme-x"}, 0.0) in told["veilleuse_doubts"]


def test_the_process_tells_its_own_times(told: dict[str, list[tuple[dict[str, str], float]]]) -> None:
    assert told["veilleuse_look_seconds_count"] == [({}, 2.0)]
    assert told["veilleuse_look_seconds_sum"] == [({}, 0.75)]
    assert told["veilleuse_last_sync_timestamp_seconds"] == [({}, 1.8e9)]


def _named(text: str) -> set[str]:
    return set(re.findall(r"\bveilleuse_\w+", text))


def test_rules_and_dashboard_name_only_what_is_told(told: dict[str, list[tuple[dict[str, str], float]]]) -> None:
    always = set(told) | {"veilleuse_alerts"}  # there is none of these without an open alert
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    asked += [each["query"] for each in dashboard["templating"]["list"] if "label_values" in each["query"]]
    assert len(asked) > 15
    for expression in asked:
        assert _named(expression) <= always, expression


def test_every_rule_says_what_to_do() -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert all(rule["annotations"]["summary"] and rule["annotations"]["remedy"] for rule in rules)
    assert len({rule["alert"] for rule in rules}) == len(rules)
