"""What people do on the page: who may, that it takes effect, that it is kept who did it."""

from datetime import timedelta

import pytest

from tests.services.house import NoPhone
from tests.web.house import NOW, WebHouse, words
from tests.web.test_pages import opened
from veilleuse.domain.alert import Condition
from veilleuse.domain.deed import Act
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.task import Task, TaskKind
from veilleuse.domain.task import findings as task_findings
from veilleuse.services.alert import Alerts


def frozen(house: WebHouse) -> list[Freeze]:
    return house.store.freezes(house.clock.now())


def digest(house: WebHouse, post_id: str = "voeux") -> str:
    return next(c.post.digest for c in house.store.candidates("acme-x") if c.post.id == post_id)


def approver(house: WebHouse, post_id: str = "voeux") -> str | None:
    return next(c.post.approved_by for c in house.store.candidates("acme-x") if c.post.id == post_id)


def test_a_signature_is_for_exactly_what_was_shown(house: WebHouse) -> None:
    browser = house.signed_in()
    answer = browser.post("/accounts/acme-x/sign", post="voeux", digest=digest(house))
    assert answer.status_code == 303
    assert "voeux is signed by claire." in browser.words(answer.headers["location"])
    assert approver(house) == "claire"
    assert [(deed.by, deed.act, deed.subject) for deed in house.store.deeds()] == [("claire", Act.APPROVED, "voeux")]


def test_what_changed_since_it_was_shown_is_not_signed(house: WebHouse) -> None:
    browser, before = house.signed_in(), digest(house)
    path = house.content / "acme-x.toml"
    path.write_text(path.read_text().replace("vos vœux", "nos vœux"))
    house.sync()
    for sent in (before, "", "0" * 64):
        answer = browser.post("/accounts/acme-x/sign", post="voeux", digest=sent)
        assert "changed meanwhile" in browser.words(answer.headers["location"])
    assert approver(house) is None
    assert house.store.deeds() == []


@pytest.mark.parametrize("name", ["anna", "rene"])
def test_only_an_approver_of_the_account_signs(house: WebHouse, name: str) -> None:
    browser = house.signed_in(name)
    assert 'action="/accounts/acme-x/sign"' not in browser.get("/accounts/acme-x").text
    assert browser.post("/accounts/acme-x/sign", post="voeux", digest=digest(house)).status_code == 403
    assert approver(house) is None


@pytest.mark.parametrize(
    ("scope", "held"),
    [("all", ("", "")), ("network:x", ("", "x")), ("account:acme-x", ("acme-x", ""))],
)
def test_a_freeze_holds_at_once_and_is_thawed_by_its_own_words(
    house: WebHouse, scope: str, held: tuple[str, str]
) -> None:
    browser = house.signed_in()
    browser.post("/freeze", scope=scope, reason="  recall of\nthe blue tins ")
    (freeze,) = frozen(house)
    assert ((freeze.account, freeze.network), freeze.by, freeze.reason) == (held, "claire", "recall of the blue tins")
    assert "recall of the blue tins" in browser.words("/freeze")
    browser.post("/thaw", scope=scope)
    assert frozen(house) == []
    assert [deed.act for deed in house.store.deeds()] == [Act.THAWED, Act.FROZE]


def test_a_freeze_can_end_by_itself_at_a_local_moment(house: WebHouse) -> None:
    house.signed_in().post("/freeze", scope="all", reason="x", until="2026-11-21T09:30")
    (freeze,) = frozen(house)
    assert freeze.until == NOW + timedelta(hours=22, minutes=30)  # 09:30 in Paris


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "all", "reason": "  "},
        {"scope": "account:nobody", "reason": "x"},
        {"scope": "network:myspace", "reason": "x"},
        {"scope": "", "reason": "x"},
        {"scope": "all", "reason": "x", "until": "2026-11-20T10:59"},
        {"scope": "all", "reason": "x", "until": "tomorrow"},
        {"scope": "all", "reason": "x", "until": "0001-01-01T00:00"},
    ],
)
def test_a_freeze_that_is_not_whole_freezes_nothing_and_keeps_what_was_typed(
    house: WebHouse, fields: dict[str, str]
) -> None:
    answer = house.signed_in().post("/freeze", **fields)
    assert answer.status_code == 422
    assert "Nothing was frozen." in words(answer)
    assert frozen(house) == []


def test_a_reader_may_stop_and_acknowledge_but_start_nothing(house: WebHouse) -> None:
    opened(house)
    browser = house.signed_in("rene")
    assert browser.post("/freeze", scope="all", reason="x").status_code == 303
    assert browser.post("/alerts/acknowledge", alert="1").status_code == 303
    for path in ("/thaw", "/drop"):
        answer = browser.post(path, scope="all", account="acme-x", text="Bonjour")
        assert answer.status_code == 403
        assert "Your role does not allow this" in words(answer)
    assert len(frozen(house)) == 1
    page = browser.get("/freeze").text
    assert 'action="/thaw"' not in page


def test_a_stop_file_s_freeze_says_which_file_to_remove_and_has_no_button(house: WebHouse) -> None:
    (house.content / "STOP").write_text("a recall")
    house.sync()
    page = house.signed_in().get("/freeze").text
    assert "the file STOP of the content folder" in page
    assert 'action="/thaw"' not in page


def test_an_alert_is_seen_by_somebody_and_stays_until_its_cause_is_gone(house: WebHouse) -> None:
    opened(house)
    browser = house.signed_in()
    assert "1 thing needs a human" in browser.words("/alerts")
    browser.post("/alerts/acknowledge", alert="1")
    assert "Seen by claire" in browser.words("/alerts")
    (deed,) = house.store.deeds()
    assert (deed.by, deed.act, deed.account) == ("claire", Act.ACKNOWLEDGED, "acme-x")
    browser.post("/alerts/acknowledge", alert="1")  # once is enough
    assert len(house.store.deeds()) == 1
    for number in ("7", "x", "", "9" * 30, "-1"):
        answer = browser.post("/alerts/acknowledge", alert=number)
        assert "no longer open" in browser.words(answer.headers["location"])


def test_a_task_is_done_by_whoever_says_so_and_falls_due_again(house: WebHouse) -> None:
    task = Task(account="acme-x", kind=TaskKind.LOG_IN, due_at=NOW + timedelta(days=2))
    house.store.save_tasks([task])
    [call] = task_findings(house.accounts["acme-x"], "X", [task], NOW)
    Alerts(house.store, NoPhone(), house.clock).reconcile("acme-x", [call], {Condition.HUMAN_TASK})
    browser = house.signed_in()
    assert "I have done it" in browser.words("/alerts")
    answer = browser.post("/alerts/acknowledge", alert="1")
    assert "Done by claire. It falls due again Sunday 20 December." in browser.words(answer.headers["location"])
    [following] = house.store.tasks()
    assert (following.done_by, following.due_at) == ("claire", NOW + timedelta(days=30))


def test_a_veto_holds_exactly_what_was_shown_and_the_next_post_moves_up(house: WebHouse) -> None:
    browser = house.signed_in("rene")  # stopping must not wait for the right person
    browser.post("/accounts/acme-x/veto", post="hiver", digest=digest(house, "hiver"), reason=" not\nnow ")
    (veto,) = house.store.vetoes("acme-x")
    assert (veto.by, veto.reason) == ("rene", "not now")
    assert "Vetoed by rene" in browser.words("/accounts/acme-x")
    assert browser.post("/accounts/acme-x/release", post="hiver").status_code == 403
    claire = house.signed_in()
    answer = claire.post("/accounts/acme-x/release", post="hiver")
    assert "taken back" in claire.words(answer.headers["location"])
    assert house.store.vetoes("acme-x") == []
    assert [(deed.by, deed.act) for deed in house.store.deeds()] == [("claire", Act.RELEASED), ("rene", Act.VETOED)]


def test_what_changed_since_it_was_shown_is_not_vetoed_unseen(house: WebHouse) -> None:
    browser = house.signed_in()
    answer = browser.post("/accounts/acme-x/veto", post="hiver", digest="0" * 64)
    assert "nothing was done" in browser.words(answer.headers["location"])
    assert house.store.vetoes("acme-x") == []
