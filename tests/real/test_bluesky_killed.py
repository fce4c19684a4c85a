"""veilleuse itself against a real Bluesky server: an account is kept alive, and kill -9 makes nothing be said twice."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.stage import PNG
from tests.real.bluesky_server import Pds, real_bluesky
from tests.real.bluesky_stage import BlueskyStage
from tests.real.cutting_proxy import CuttingProxy, cutting_proxy
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.db.store import open_store
from veilleuse.domain.attempt import Outcome, Proof

pytestmark = pytest.mark.timeout(900)  # at the first time npm brings the server

CONFIG = """
[rule]
hours = "always"
[people.claire]
[accounts.acme]
network = "bluesky"
handle = "{handle}"
base_url = "{url}"
owner = "claire"
language = "fr"
[accounts.acme.credentials]
app_password = "{password}"
"""
POSTS = """
approved_by = "claire"
[[post]]
id = "atelier"
text = "L'atelier ouvre bientôt 🎉 #Noël. Plutôt matin ou soir ?"
link = "https://www.acme.fr/atelier"
image = "atelier.png"
alt = "L'atelier, vu de la rue"
[[post]]
id = "horaires"
text = "Nos horaires d'hiver : 9 h-17 h."
"""


@pytest.fixture(scope="module")
def pds() -> Iterator[Pds]:
    with real_bluesky() as running:
        yield running


@pytest.fixture
def proxy(pds: Pds) -> Iterator[CuttingProxy]:
    with cutting_proxy(pds.url) as proxy:
        yield proxy


@pytest.fixture
def stage(pds: Pds) -> BlueskyStage:
    return BlueskyStage(pds)


@pytest.fixture
def folder(stage: BlueskyStage, proxy: CuttingProxy, tmp_path: Path) -> Path:
    content = tmp_path / "content"
    content.mkdir()
    (content / "acme.toml").write_text(POSTS, "utf-8")
    (content / "atelier.png").write_bytes(PNG)
    config = tmp_path / "veilleuse.toml"
    config.touch(0o600)  # it holds the app password
    config.write_text(
        CONFIG.format(handle=stage.person.handle, url=proxy.url, password=stage.secrets["app_password"]), "utf-8"
    )
    return tmp_path


def veilleuse(folder: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "veilleuse", *words],
        cwd=folder,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def says(folder: Path, *words: str) -> str:
    process = veilleuse(folder, *words)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def status(folder: Path) -> dict[str, Any]:
    (account,) = json.loads(says(folder, "status", "--json"))
    found: dict[str, Any] = account
    return found


def test_where_a_human_has_just_spoken_nothing_is_said(folder: Path, stage: BlueskyStage) -> None:
    stage.clock.at = SystemClock().now() - timedelta(minutes=5)
    stage.people_post("Venez nous voir samedi !")
    says(folder, "run", "--once")
    assert (status(folder)["state"], status(folder)["last_activity_by"]) == ("alive", "human")
    assert stage.texts() == ["Venez nous voir samedi !"]


def test_a_silent_account_is_kept_alive(folder: Path, stage: BlueskyStage) -> None:
    assert f"knows it as {stage.person.handle}; may post" in says(folder, "check", "--online").replace("\n", " ")
    says(folder, "run", "--once")
    assert len(stage.images()) == len(stage.texts()) == 1
    assert (status(folder)["state"], status(folder)["last_activity_by"]) == ("alive", "veilleuse")
    says(folder, "run", "--once")
    assert len(stage.texts()) == 1


def test_killed_between_sending_and_recording_it_finds_its_post_and_says_nothing_twice(
    folder: Path, stage: BlueskyStage, proxy: CuttingProxy
) -> None:
    says(folder, "db", "upgrade")
    process = veilleuse(folder, "run", "--once")
    proxy.words, proxy.cut, proxy.meanwhile = b"com.atproto.repo.putRecord", "answer", process.kill
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    store = open_store(folder / "veilleuse.db")
    try:
        assert len(stage.texts()) == 1
        assert store.receipts(None, 9) == []
        assert [attempt.outcome for attempt in store.attempts(None, 9)] == [Outcome.OPEN]
        says(folder, "run", "--once")
        says(folder, "run", "--once")
        (receipt,) = store.receipts(None, 9)
        (record,) = stage.records()
    finally:
        store.close()
    assert receipt.proof is Proof.READ_BACK
    assert record["uri"].endswith(receipt.remote_id)
