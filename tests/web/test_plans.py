"""A plan on the account's page: its flame, its steps, what waits for a hand."""

from datetime import timedelta

from tests.web.house import NOW, WebHouse
from veilleuse.domain.plan import PlanKind, StepState, plan_for, settle


def test_a_hibernating_account_has_its_flame_and_its_steps(house: WebHouse) -> None:
    house.seen("acme-x", 40)
    plan = plan_for(PlanKind.HIBERNATE, "acme-x", "claire", NOW, until=NOW + timedelta(days=90))
    house.store.keep_plan(settle(plan, StepState.HUMAN, NOW, NOW), None)
    browser = house.signed_in()
    assert 'class="flame hibernating"' in browser.get("/accounts/acme-x").text
    page = browser.words("/accounts/acme-x")
    assert "The plan: hibernation Begun by claire" in page
    assert "hide the account: somebody must do it by" in page
    assert "hibernating" in browser.words("/")


def test_a_farewell_tells_where_its_readers_are_sent(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    plan = plan_for(PlanKind.FAREWELL, "acme-x", "claire", NOW, follow="https://acme.test/<b>", says="f")
    house.store.keep_plan(plan, None)
    browser = house.signed_in()
    assert "Readers are sent to https://acme.test/&lt;b&gt;." in browser.get("/accounts/acme-x").text


def test_an_account_without_a_plan_shows_none(house: WebHouse) -> None:
    house.seen("acme-x", 1)
    assert "The plan" not in house.signed_in().words("/accounts/acme-x")
