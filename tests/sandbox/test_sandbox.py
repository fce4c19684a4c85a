"""The sandbox: what it imitates, its ledger, its human page, and the door for other processes."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.contracts.stage import NOW, PNG, SteppedClock
from veilleuse.domain.activity import Kind
from veilleuse.sandbox import Fault, Sandbox, serve
from veilleuse.sandbox.ledger import Heard, Ledger
from veilleuse.sandbox.oauth1 import signed_by
from veilleuse.sandbox.wire import parse

PAGE = "1234567890"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def sandbox(clock: SteppedClock) -> Iterator[Sandbox]:
    with Sandbox(clock) as sandbox:
        sandbox.add("x", "acme", title="Acme sur X")
        sandbox.add("facebook", PAGE, title="Acme")
        yield sandbox


def call(sandbox: Sandbox, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = Request(sandbox.base_url + path, data=data, headers={"Content-Type": "application/json", **headers})
    try:
        with urlopen(request) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"null")


def html(sandbox: Sandbox, path: str = "/") -> str:
    with urlopen(Request(sandbox.base_url + path, headers={"Accept": "text/html"})) as answer:
        return str(answer.read().decode())


# --- the ledger -----------------------------------------------------------------------------------------------------


def test_ids_grow_and_are_never_the_same_even_while_the_clock_stands_still(sandbox: Sandbox) -> None:
    ids = [int(sandbox.post_as_human("acme", f"numéro {n}").id) for n in range(5)]
    assert ids == sorted(set(ids))


def test_ids_hold_their_moment_as_snowflakes_do(sandbox: Sandbox) -> None:
    early = sandbox.post_as_human("acme", "un", at=NOW - timedelta(days=6))
    late = sandbox.post_as_human("acme", "deux")
    days = ((int(late.id) >> 22) - (int(early.id) >> 22)) / 1000 / 86400
    assert days == 6


def test_what_was_deleted_is_gone_but_not_forgotten(sandbox: Sandbox) -> None:
    shown = sandbox.post_as_human("acme", "un")
    assert sandbox.delete("acme", shown.id)
    assert not sandbox.delete("acme", shown.id)
    assert sandbox.timeline("acme") == ()
    assert [(one.text, one.deleted) for one in sandbox.timeline("acme", deleted=True)] == [("un", True)]


def test_accounts_have_their_own_timelines(sandbox: Sandbox) -> None:
    sandbox.post_as_human("acme", "sur X")
    sandbox.post_as_human(PAGE, "sur Facebook", kind=Kind.POST, link="https://acme.fr")
    assert [one.text for one in sandbox.timeline("acme")] == ["sur X"]
    assert [(one.text, one.link) for one in sandbox.timeline(PAGE)] == [("sur Facebook", "https://acme.fr")]


def test_what_the_network_showed_survives_a_restart(clock: SteppedClock, tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    accounts = [("x", "acme", "Acme")]
    first = serve(0, accounts, clock, file)
    shown = first.post_as_human("acme", "L'été", kind=Kind.REPLY)
    first.step(timedelta(hours=5))
    first.stop()
    second = serve(0, accounts, clock, file)
    try:
        assert second.timeline("acme") == (shown,)
        assert second.now() == NOW + timedelta(hours=5)
        assert int(second.post_as_human("acme", "puis").id) > int(shown.id)
    finally:
        second.stop()


def test_many_people_at_once_lose_nothing(sandbox: Sandbox) -> None:
    def post() -> None:
        for n in range(20):
            call(sandbox, "/sandbox/post", {"account": "acme", "text": f"numéro {n}"})

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.id for one in sandbox.timeline("acme")}) == 80


# --- X ---------------------------------------------------------------------------------------------------------------


def test_a_signature_is_checked_as_in_the_example_of_xs_documents() -> None:
    """ "Creating a signature"; there the status travels in a form, which is signed like a query."""
    secrets = {
        "api_key": "xvz1evFS4wEEPTGEFPHBog",
        "api_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "access_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "access_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    }
    header = (
        'OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", '
        'oauth_signature="Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", oauth_signature_method="HMAC-SHA1", '
        'oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", '
        'oauth_version="1.0"'
    )
    status = "Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21"
    target = f"/1.1/statuses/update.json?include_entities=true&status={status}"
    request = parse("POST", target, {"authorization": header}, b"")
    assert signed_by(request, secrets)
    assert not signed_by(request, {**secrets, "access_secret": "another"})
    assert not signed_by(parse("POST", target + "&a=b", {"authorization": header}, b""), secrets)


def test_without_a_signature_x_answers_401_with_its_problem_and_limits(sandbox: Sandbox) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(sandbox.base_url + "/2/users/me")
    with refused.value as answer:
        body = json.load(answer)
    assert (answer.code, body["title"]) == (401, "Unauthorized")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Date"] == "Fri, 20 Nov 2026 09:00:00 GMT"
    assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= set(answer.headers)


# --- Facebook --------------------------------------------------------------------------------------------------------


def test_the_graph_pages_through_a_timeline_in_either_form_of_path(sandbox: Sandbox) -> None:
    for n in range(5):
        sandbox.post_as_human(PAGE, f"numéro {n}")
    token = sandbox.presences[PAGE].secrets["page_token"]
    status, first = call(sandbox, f"/v26.0/{PAGE}/published_posts?fields=message&limit=3&access_token={token}")
    after = first["paging"]["cursors"]["after"]
    _, then = call(
        sandbox, f"/{PAGE}/published_posts?fields=message&limit=3&after={after}", Authorization=f"Bearer {token}"
    )
    assert status == 200
    assert [post["message"] for post in first["data"] + then["data"]] == [f"numéro {n}" for n in (4, 3, 2, 1, 0)]
    assert "next" in first["paging"]
    assert "next" not in then["paging"]


def test_the_graph_refuses_an_unknown_token_in_its_envelope(sandbox: Sandbox) -> None:
    status, body = call(sandbox, "/v26.0/me?access_token=wrong")
    assert status == 400
    assert (body["error"]["code"], body["error"]["type"]) == (190, "OAuthException")
    assert body["error"]["fbtrace_id"]


# --- the human page ---------------------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """Tags that are not closed, and addresses that leave the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input", "img"):
            self.open.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action") and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_shows_every_timeline_and_needs_nothing_from_elsewhere(sandbox: Sandbox) -> None:
    sandbox.post_as_human("acme", "Bonjour à tous")
    shown = html(sandbox)
    outline = Outline()
    outline.feed(shown)
    assert outline.open == []
    assert all(address.startswith("/sandbox/") for address in outline.addresses)
    assert "@acme" in shown
    assert "Bonjour à tous" in shown
    assert "by a human" in shown
    assert "Friday 20 November 2026 at 09:00 UTC" in shown


def test_nothing_a_human_writes_becomes_markup(sandbox: Sandbox) -> None:
    sandbox.add("x", "evil", title="<script>alert(1)</script>")
    sandbox.post_as_human("evil", "<img src=x onerror=alert(1)>")
    assert "<script>" not in html(sandbox)
    assert "<img src=x" not in html(sandbox)


def test_the_page_speaks_the_language_of_the_browser(sandbox: Sandbox) -> None:
    sandbox.post_as_human("acme", "Bonjour", kind=Kind.REPLY)
    asked = Request(sandbox.base_url, headers={"Accept": "text/html", "Accept-Language": "fr-BE, en;q=0.5"})
    with urlopen(asked) as answer:
        shown = answer.read().decode()
    assert '<html lang="fr">' in shown
    assert "vendredi 20 novembre 2026 à 9\u00a0h UTC" in shown
    assert "par une personne · une réponse" in shown


def test_what_stands_behind_a_warning_is_hidden_until_somebody_asks(sandbox: Sandbox) -> None:
    ada = sandbox.add("mastodon", "ada")
    sent = Request(
        sandbox.base_url + "/api/v1/statuses",
        data=urlencode({"status": "Le blé fauché", "spoiler_text": "Faux <et> couteaux"}).encode(),
        headers={"Authorization": f"Bearer {ada.secrets['access_token']}"},
    )
    urlopen(sent).close()
    assert "<summary>Faux &lt;et&gt; couteaux</summary><p>Le blé fauché</p></details>" in html(sandbox)


def test_posting_by_the_form_leads_back_to_the_page(sandbox: Sandbox) -> None:
    form = Request(sandbox.base_url + "/sandbox/post", data=b"account=acme&text=L%27%C3%A9t%C3%A9")
    form.add_header("Accept", "text/html")
    with urlopen(form) as answer:
        assert "L&#x27;été" in answer.read().decode()
    assert [one.text for one in sandbox.timeline("acme")] == ["L'été"]


def test_the_address_of_a_post_shows_the_page(sandbox: Sandbox) -> None:
    shown = sandbox.post_as_human("acme", "Bonjour")
    assert "Bonjour" in html(sandbox, f"/acme/status/{shown.id}")


# --- the door for other processes ----------------------------------------------------------------------------------


def test_another_process_posts_deletes_and_reads_the_ledger(sandbox: Sandbox) -> None:
    _, shown = call(sandbox, "/sandbox/post", {"account": "acme", "text": "Bonjour", "kind": "reply"})
    _, timelines = call(sandbox, "/sandbox/timelines")
    assert timelines == {"acme": [shown], PAGE: []}
    assert (shown["kind"], shown["by"], shown["created_at"]) == ("reply", "human", "2026-11-20T09:00:00+00:00")
    assert call(sandbox, "/sandbox/delete", {"account": "acme", "id": shown["id"]}) == (200, {"deleted": True})
    assert call(sandbox, "/sandbox/timelines")[1] == {"acme": [], PAGE: []}


def test_another_process_lets_a_stranger_speak_and_somebody_answer(sandbox: Sandbox) -> None:
    _, heard = call(sandbox, "/sandbox/reply", {"account": "acme", "text": "Ouvert demain ?", "author": "hugo"})
    assert (heard["author"], heard["at"], heard["held"]) == ("hugo", "2026-11-20T09:00:00+00:00", False)
    assert call(sandbox, "/sandbox/answer", {"account": "acme", "to": heard["id"], "text": "Oui !"}) == (200, {})
    (answer,) = sandbox.timeline("acme")
    assert (answer.text, answer.kind, answer.to) == ("Oui !", Kind.REPLY, heard["id"])


def test_what_was_heard_outlives_the_sandbox(tmp_path: Path) -> None:
    file, said = tmp_path / "ledger.json", Heard(id="7", author="marie", text="Ouvert demain ?", at=NOW)
    Ledger(file=file).hear("acme", said)
    assert Ledger(file=file).heard("acme") == (said,)


def test_another_process_adds_an_account_and_gets_its_secrets(sandbox: Sandbox) -> None:
    _, account = call(sandbox, "/sandbox/account", {"network": "facebook", "identity": "77", "title": "Autre"})
    token = account["secrets"]["page_token"]
    assert call(sandbox, f"/v26.0/me?access_token={token}") == (200, {"name": "Autre", "id": "77"})


def test_another_process_moves_the_clock(sandbox: Sandbox) -> None:
    assert call(sandbox, "/sandbox/clock", {"step_s": 3600}) == (200, {"now": "2026-11-20T10:00:00+00:00"})
    with urlopen(sandbox.base_url + "/") as answer:
        assert answer.headers["Date"] == "Fri, 20 Nov 2026 10:00:00 GMT"


def test_another_process_asks_for_faults(sandbox: Sandbox) -> None:
    token = sandbox.presences[PAGE].secrets["page_token"]
    call(sandbox, "/sandbox/fault", {"account": PAGE, "on": "identify", "fault": "rate", "times": 2})
    codes = [call(sandbox, f"/me?access_token={token}")[0] for _ in range(3)]
    assert codes == [400, 400, 200]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sandbox/post", {"account": "nobody", "text": "Bonjour"}),
        ("/sandbox/post", {"account": "acme"}),
        ("/sandbox/post", {"account": "acme", "text": "Bonjour", "kind": "song"}),
        ("/sandbox/fault", {"account": "acme", "on": "read", "fault": "earthquake"}),
        ("/sandbox/fault", {"account": "acme", "on": "reading", "fault": "rate"}),
        ("/sandbox/account", {"network": "myspace", "identity": "acme"}),
        ("/sandbox/clock", {"step_s": "soon"}),
    ],
)
def test_a_mistake_is_told_in_a_sentence(sandbox: Sandbox, path: str, body: object) -> None:
    status, answer = call(sandbox, path, body)
    assert status == 400
    assert answer["error"]


def test_an_unknown_path_is_told(sandbox: Sandbox) -> None:
    assert call(sandbox, "/sandbox/nothing")[0] == 404


def test_an_image_can_be_looked_at(sandbox: Sandbox) -> None:
    from veilleuse.sandbox.ledger import Image

    sandbox.ledger.keep_image(Image(id="9", data=PNG))
    with urlopen(sandbox.base_url + "/sandbox/images/9") as answer:
        assert (answer.headers["Content-Type"], answer.read()) == ("image/png", PNG)


def test_faults_are_used_once_each_and_in_order(sandbox: Sandbox) -> None:
    token = sandbox.presences[PAGE].secrets["page_token"]
    sandbox.fault(PAGE, "identify", Fault.CONTENT)
    sandbox.fault(PAGE, "identify", Fault.BUSY)
    codes = [call(sandbox, f"/me?access_token={token}")[1].get("error", {}).get("code") for _ in range(3)]
    assert codes == [100, 2, None]


def test_the_sandbox_is_reached_from_this_machine_only(sandbox: Sandbox) -> None:
    assert sandbox.base_url.startswith("http://127.0.0.1:")


def test_stopping_does_not_wait_for_a_silent_answer(clock: SteppedClock) -> None:
    sandbox = serve(0, [("facebook", PAGE, "Acme")], clock)
    sandbox.fault(PAGE, "publish", Fault.SILENCE_AFTER)
    token = sandbox.presences[PAGE].secrets["page_token"]
    failures: list[OSError] = []

    def wait() -> None:
        try:
            urlopen(f"{sandbox.base_url}/{PAGE}/feed", data=f"access_token={token}&message=Bonjour".encode(), timeout=5)
        except OSError as error:
            failures.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not sandbox.timeline(PAGE):
        sleep(0.01)
    sandbox.stop()
    waiting.join(2)
    assert len(failures) == 1
