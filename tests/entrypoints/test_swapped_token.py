"""A token file overwritten with a colleague's while the daemon runs: on Mastodon the token alone says who speaks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from veilleuse import bootstrap
from veilleuse.sandbox import Sandbox
from veilleuse.sandbox.clock import VirtualClock

CONFIG = """
[rule]
hours = "always"
[people.claire]
[accounts.acme-mastodon]
network = "mastodon"
handle = "acme"
owner = "claire"
base_url = "{url}"
credentials = {{ access_token = {{ file = "token" }} }}
"""


def test_a_token_swapped_between_two_examinations_never_speaks_for_its_owner(tmp_path: Path) -> None:
    clock = VirtualClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    with Sandbox(clock) as sandbox:
        own, colleagues = (sandbox.add("mastodon", name).secrets["access_token"] for name in ("acme", "rival"))
        (tmp_path / "token").write_text(own)
        (tmp_path / "veilleuse.toml").write_text(CONFIG.format(url=sandbox.base_url))
        (tmp_path / "content").mkdir()
        posts = '[[post]]\ntext = "Plutôt thé ?"\n[[post]]\ntext = "Plutôt café ?"\n'
        (tmp_path / "content" / "acme-mastodon.toml").write_text(f'approved_by = "claire"\n{posts}')

        def spoken() -> tuple[int, int]:
            return len(sandbox.timeline("acme")), len(sandbox.timeline("rival"))

        with bootstrap.open_house(bootstrap.load(tmp_path / "veilleuse.toml"), clock=clock) as house:
            house.sync_content()
            house.rounds.until_quiet(lambda report: None)
            assert spoken() == (1, 0)
            (tmp_path / "token").write_text(colleagues)
            clock.move_to(clock.now() + timedelta(days=7))
            house.store.beat(house.daemon, clock.now(), timedelta(days=1))
            house.rounds.until_quiet(lambda report: None)
            assert spoken() == (1, 0)
            (alert,) = [each for each in house.store.alerts() if each.finding.condition.value == "credentials_refused"]
            assert "acme" in str(alert.finding.text)
            assert own not in str(alert.finding.text)
            assert colleagues not in str(alert.finding.text)
            (tmp_path / "token").write_text(own)
            clock.move_to(clock.now() + timedelta(hours=7))
            house.rounds.until_quiet(lambda report: None)
            assert spoken() == (2, 0)
