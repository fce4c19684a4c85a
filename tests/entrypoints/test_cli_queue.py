"""`veilleuse queue` and `veilleuse history`: what will be said, and what was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.samples import a_receipt, already_said, an_attempt, furnish, guard, publish
from tests.domain.posts import a_post
from tests.entrypoints.cli_house import CliHouse, now
from veilleuse import bootstrap
from veilleuse.domain.attempt import Outcome
from veilleuse.entrypoints.cli.preview import content_facts

DAY = timedelta(days=1)


def test_the_queue_says_who_speaks_next_and_why_others_wait(synced: CliHouse) -> None:
    said = synced.says("queue")
    for words in (
        "1 hiver Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ? claire speaks next acme-x.toml:3, 55/280",
        "- voeux Bonne année ! Votre vœu ? claire not yet: it has a date",
        "from Thursday 1 January 2099, until Monday 5 January 2099",
        "- bonjour Bonjour à tous ! nobody yet waits for approval acme-facebook.csv:2, 16/63206",
    ):
        assert words in said


def test_json_has_every_post_with_its_place(synced: CliHouse) -> None:
    told = synced.json("queue", "acme-x")
    assert [(row["post"], row["place"], row["why"]) for row in told] == [
        ("acme-x/hiver", 1, "speaks next"),
        ("acme-x/voeux", None, "not yet: it has a date"),
    ]
    assert told[1]["not_before"] == "2098-12-31T23:00:00Z"
    assert (told[0]["approved_by"], told[0]["file"], told[0]["length"]) == ("claire", "acme-x.toml", 55)


def test_one_post_is_shown_in_full_as_the_network_will_hold_it(synced: CliHouse) -> None:
    synced.write(
        "content/acme-x.csv", "id;texte;lien\nlong;Un texte plus long qu'une ligne de tableau;https://acme.example/x\n"
    )
    synced.run("sync")
    said = synced.run("queue", "acme-x/long").output
    assert "acme-x/long on X, 66 of 280 characters" in said
    assert "    Un texte plus long qu'une ligne de tableau\n    https://acme.example/x\n" in said
    assert "nobody yet: it is a draft" in said
    assert synced.json("queue", "acme-x/long")[0]["id"] == "long"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("acme-x/hivr", 'No post is called "acme-x/hivr". Did you mean "acme-x/hiver"?'),
        ("acme-y", 'No account is called "acme-y". Did you mean "acme-x"?'),
        ("acme-y/hiver", 'No account is called "acme-y"'),
    ],
)
def test_what_is_not_there_is_exit_code_2_with_what_was_meant(synced: CliHouse, name: str, complaint: str) -> None:
    assert complaint in synced.says("queue", name, code=2)


def test_a_content_warning_is_previewed_where_it_is_shown() -> None:
    post = a_post("p1", content_warning="Chiffres")
    assert ("warning", "Chiffres") in content_facts(post, bootstrap.SPECS["mastodon"])
    assert ("warning", "") in content_facts(post, bootstrap.SPECS["x"])


def test_an_empty_queue_says_what_to_do(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    assert "acme-x: no post waits. Add approved posts" in cli_house.says("queue")
    assert cli_house.json("queue") == []


def test_published_posts_are_counted_not_listed(cli_house: CliHouse) -> None:
    post, other = a_post("un"), a_post("deux", place=1)
    with cli_house.store() as store:
        furnish(store, posts=(post, other), now=now())
        publish(store, post, "900", at=now())
    said = cli_house.says("queue", "acme-x")
    assert "Published already: 1 post of acme-x" in said
    assert "Bonjour de un" not in said
    assert [row["id"] for row in cli_house.json("queue", "acme-x")] == ["deux", "un"]


def test_history_shows_doubts_on_top_then_receipts_newest_first(cli_house: CliHouse) -> None:
    first, second, third = (a_post(name, place=place) for place, name in enumerate(("un", "deux", "trois")))
    at = now()
    with cli_house.store() as store:
        furnish(store, posts=(first, second, third), now=at)
        publish(store, first, "900", at=at - 3 * DAY)
        store.record_receipt(already_said(second, "901", at=at - 2 * DAY))
        doubt = an_attempt("doubt", third, at=at)
        store.open_attempt(doubt, guard(at))
        store.close_attempt("doubt", Outcome.UNKNOWN, now=at, detail="no answer")
    told = cli_house.json("history")
    assert [(row["post"], row["outcome"], row["proof"]) for row in told] == [
        ("acme-x/trois", "unknown", None),
        ("acme-x/deux", "published", "already_said"),
        ("acme-x/un", "published", "answer"),
    ]
    said = cli_house.says("history", "acme-x")
    for words in ("perhaps published", "already said by hand", "the network's answer", "https://x.test/900", "claire"):
        assert words in said
    assert len(cli_house.json("history", "--limit", "1")) == 2  # a doubt is never cut off
    assert cli_house.json("history", "acme-facebook") == []


def test_what_an_account_no_longer_configured_said_stays_in_the_history(cli_house: CliHouse) -> None:
    post = a_post("un")
    with cli_house.store() as store:
        furnish(store, posts=(post,), now=now())
        publish(store, post, "900", at=now())
    config = cli_house.config.read_text(encoding="utf-8")
    cli_house.write("veilleuse.toml", config.replace("[accounts.acme-x]", "[accounts.acme-twitter]"))
    assert cli_house.json("history")[0]["account"] == "acme-x"
    assert "acme-x" in cli_house.says("history")


def test_a_history_not_begun_is_said(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    assert cli_house.says("history") == "Nothing was published yet."
    cli_house.run("history", "--limit", "0", code=2)


def test_a_reserve_post_shows_every_wording_which_is_said_and_which_comes_next(cli_house: CliHouse) -> None:
    words = {"x": ("Plutôt thé ?", "Plutôt café ?")}
    post = a_post("boissons", reserve=True, max_uses=2, variants=words)
    with cli_house.store() as store:
        furnish(store, posts=(post,), now=now())
        attempt = an_attempt("a1", replace(post, text=words["x"][0]), at=now() - 100 * DAY)
        store.record_receipt(a_receipt(attempt, "900", at=now() - 100 * DAY))
    said = cli_house.run("queue", "acme-x/boissons").output
    assert "in 2 wordings" in said
    assert "1. 12 of 280 characters, said" in said
    assert "2. 13 of 280 characters, next" in said
    assert "rests 90 days between two uses, 2 uses at most; said 1 time so far" in said
    told = cli_house.json("queue", "acme-x/boissons")[0]["wordings"]
    assert [(each["said"], each["next"]) for each in told] == [(True, False), (False, True)]


def test_each_network_s_own_wording_link_and_dates_are_previewed(synced: CliHouse) -> None:
    post = (
        'accounts = ["acme-x", "acme-facebook"]\n[[post]]\nid = "hiver-2"\ntext = "Nos horaires changent. Pratique ?"\n'
        'variants = { x = "Nouveaux horaires. Pratique ?" }\nlink = "https://acme.example/h"\npriority = 2\n'
        "not_before = 2099-01-01\nnot_after = 2099-01-31\n"
    )
    synced.write("content/deux.toml", post)
    synced.run("sync")
    on_x, on_facebook = (
        synced.run("queue", "acme-x/hiver-2").output,
        synced.run("queue", "acme-facebook/hiver-2").output,
    )
    assert "    Nouveaux horaires. Pratique ?\n    https://acme.example/h\n" in on_x
    assert "link " not in on_x
    assert "    Nos horaires changent. Pratique ?\n" in on_facebook
    assert "link         https://acme.example/h" in on_facebook
    for shown in (on_x, on_facebook):
        assert "dates        from Thursday 1 January 2099, until Saturday 31 January 2099" in shown
        assert "priority     2" in shown
        assert "standing     not yet: it has a date" not in shown  # a draft waits for its approver first
        assert "standing     waits for approval" in shown
