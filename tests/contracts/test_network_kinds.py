"""The contract on kinds: what breaks a silence is told from what does not, and old from new."""

from dataclasses import replace

from tests.contracts.stage import SandboxStage
from veilleuse.domain.activity import Kind
from veilleuse.domain.rule import Rule


def test_replies_and_reposts_are_told_from_posts(real: SandboxStage) -> None:
    real.account = replace(real.account, rule=Rule(activity=frozenset(Kind)))
    for kind in real.staging.kinds:
        real.clock.sleep(60)
        real.sandbox.post_as_human(real.identity, f"un {kind}", kind=kind)
    with real.open() as network:
        entries = network.read(real.number, None).entries
    assert [entry.kind for entry in entries] == list(reversed(real.staging.kinds))
    assert entries[-1].text == f"un {Kind.POST}"


def test_an_old_post_that_is_pinned_stays_old(real: SandboxStage) -> None:
    pinned = real.sandbox.post_as_human(real.identity, "Bienvenue", pinned=True)
    real.people_post("du nouveau")
    with real.open() as network:
        first = network.read(real.number, None)
        again = network.read(real.number, first.cursor)
    assert [entry.text for entry in first.entries] == ["du nouveau", "Bienvenue"]
    assert first.entries[-1].created_at == pinned.created_at
    assert again.entries == ()
