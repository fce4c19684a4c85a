"""The main job end to end: files in, posts out, a human respected; both databases, both real client libraries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from veilleuse import bootstrap
from veilleuse.domain.rule import spread
from veilleuse.ports import Clock
from veilleuse.sandbox import Fault, Sandbox
from veilleuse.sandbox.clock import VirtualClock
from veilleuse.services.house import House
from veilleuse.services.look import Action, LookReport

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

POSTS = (
    "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ? ☕",
    "L'équipe s'agrandit : bienvenue à Zoé 👩🏽‍🔧 ! https://acme.example/equipe",
    "Cœur d'atelier : 40 ans de métier, ça se fête 🎉",
    "« Réparer plutôt que jeter » : vous aussi ? #réparation",
    "Noël approche… quelle est votre plus belle vitrine ?",
    "Un vélo, deux roues, mille idées 🚲 https://acme.example/velos?été=1",
    "Où déjeunez-vous dans le quartier ?",
    "Nouvel arrivage : laine d'Auvergne & lin du Nord.",
    "Fermés le 25 décembre. Et vous, congés ou boulot ?",
    "Ça y est : la façade est repeinte ! Avant/après → https://acme.example/facade",
)


class World:
    """A configuration, its folder, two pretend networks and one clock for all of them."""

    def __init__(self, folder: Path, database: str) -> None:
        self.clock = VirtualClock(START)
        self.sandbox = Sandbox(self.clock).start()
        self.sandbox.add("x", "acme")
        self.sandbox.add("facebook", "1234567890")
        self.config = folder / "veilleuse.toml"
        self.config.touch(0o600)
        self.config.write_text(self._text(database), encoding="utf-8")
        content = folder / "content"
        content.mkdir()
        for account in ("acme-x", "acme-facebook"):
            posts = "".join(f'\n[[post]]\ntext = "{text}"\n' for text in POSTS)
            (content / f"{account}.toml").write_text(f'approved_by = "claire"\n{posts}', encoding="utf-8")

    @contextmanager
    def house(self) -> Iterator[House]:
        with bootstrap.open_house(bootstrap.load(self.config), clock=self.clock) as house:
            yield house

    def run_once(self) -> list[LookReport]:
        """What `veilleuse run --once` does, on our clock: a process that opens, works and ends."""
        with self.house() as house:
            house.sync_content()
            reports = house.rounds.until_quiet(lambda report: None)
            house.alerts.ripen()
            house.deliver.run()
            return reports

    def said(self, identity: str) -> list[str]:
        return [shown.text for shown in self.sandbox.timeline(identity) if shown.by == "api"]

    def _text(self, database: str) -> str:
        secrets = {
            "acme-x": ("api_key", "api_secret", "access_token", "access_secret"),
            "acme-facebook": ("page_token",),
        }
        identity = {"acme-x": ("x", "handle", "acme"), "acme-facebook": ("facebook", "page_id", "1234567890")}
        text = f'timezone = "Europe/Paris"\ndatabase = "{database}"\n[rule]\nhours = "always"\n[people.claire]\n'
        for account, (network, key, value) in identity.items():
            text += f'[accounts.{account}]\nnetwork = "{network}"\n{key} = "{value}"\nowner = "claire"\n'
            text += f'base_url = "{self.sandbox.base_url}"\n[accounts.{account}.credentials]\n'
            text += "".join(f'{name} = "sandbox-{name}-{value}"\n' for name in secrets[account])
        return text


@pytest.fixture
def world(tmp_path: Path, database: str, server_shows: Callable[[Clock], None]) -> Iterator[World]:
    world = World(tmp_path, database)
    server_shows(world.clock)
    yield world
    world.sandbox.stop()


def test_three_runs_publish_one_post_each_and_then_nothing(world: World) -> None:
    assert [report.action for report in world.run_once()] == [Action.PUBLISHED] * 2
    assert world.run_once() == []
    assert world.run_once() == []
    assert len(world.said("acme")) == len(world.said("1234567890")) == 1


def test_a_human_s_post_on_x_moves_the_next_one_to_six_days_and_the_spread_after_it(world: World) -> None:
    world.run_once()
    world.clock.sleep((2 * DAY).total_seconds())
    human = world.sandbox.post_as_human("acme", "Aujourd'hui, portes ouvertes !").created_at
    world.clock.move_to(human + 5 * DAY + 23 * HOUR)
    world.run_once()
    assert len(world.said("acme")) == 1
    world.clock.move_to(human + 6 * DAY + spread("acme-x", human, DAY) - timedelta(minutes=1))
    world.run_once()
    assert len(world.said("acme")) == 1
    world.clock.move_to(human + 6 * DAY + spread("acme-x", human, DAY))
    world.run_once()
    assert len(world.said("acme")) == 2


def test_ten_weeks_pass_no_limit_and_say_nothing_twice(world: World) -> None:
    with world.house() as house:
        house.sync_content()
        silences = []
        last = START
        while len(world.said("acme")) < len(POSTS):
            house.rounds.until_quiet(lambda report: None)
            due = house.store.next_look_at()
            assert due is not None
            world.clock.move_to(due)
            newest = world.sandbox.timeline("acme")[-1].created_at if world.said("acme") else START
            if newest != last:
                silences.append(newest - last)
                last = newest
        assert max(silences) <= 7 * DAY
    assert sorted(world.said("acme")) == sorted(set(world.said("acme")))


@pytest.mark.parametrize("fault", [Fault.BUSY_AFTER, Fault.RESET_AFTER, Fault.BUSY, Fault.HTML, Fault.DUPLICATE])
def test_whatever_the_network_answers_nothing_is_said_twice(world: World, fault: Fault) -> None:
    world.sandbox.fault("acme", "publish", fault)
    world.run_once()
    for _ in range(12):
        world.clock.sleep(1800)
        world.run_once()
    assert len(world.said("acme")) == len(set(world.said("acme")))
