"""Money: what calls cost is counted, no month's budget is passed, and an app without money calls a human once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.posts import a_post
from tests.fake_network import SPEC, FakeNetwork, Fault
from tests.services.house import START, House, posts
from veilleuse.domain.activity import Reading
from veilleuse.domain.alert import Told
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import BudgetExhausted, OutcomeUnknown, Unreachable
from veilleuse.domain.post import Post
from veilleuse.domain.prices import USD, X_POST, X_POST_READ, month_start, next_month, usd, utc_day, x_post
from veilleuse.language import Sentence
from veilleuse.services.spending import READ, Spending

DAY = timedelta(days=1)
DEAREST = READ + USD[X_POST] + Decimal("0.005")  # what a look at a quiet account keeps back
BILLED = replace(SPEC, bills=True)


@dataclass(slots=True)
class Billed(FakeNetwork):
    """Bills as X does; each look opens a bill of its own."""

    bill: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        self.bill.clear()

    def billed(self) -> Mapping[str, int]:
        return dict(self.bill)

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        reading = FakeNetwork.read(self, remote_id, cursor)
        self.bill[X_POST_READ] += len(reading.entries)
        return reading

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        self.bill[x_post(payload.text)] += 1
        return FakeNetwork.publish(self, remote_id, payload, prepared, key)


class Paying(House):
    """One account on a network that bills; `budget` in USD a month."""

    def __init__(self, *given: Post, budget: str | None = None, names: tuple[str, ...] = ("acme-x",)) -> None:
        super().__init__(*given, names=names)
        for name, account in self.accounts.items():
            self.accounts[name] = replace(account, budget_usd=Decimal(budget) if budget else None)
            self.networks.by_account[name] = Billed(clock=self.clock, handle=name, spec=BILLED)
        self.specs["x"] = BILLED

    @property
    def spent(self) -> Decimal:
        return usd(self.store.charges(month_start(self.clock.now())).get("acme-x", {}))

    def live(self, days: float) -> None:
        self.live_until(self.clock.now() + days * DAY)


def told(house: House, condition: str) -> int:
    """How often a human was called for it; reminders aside."""
    notes = house.store.all_notifications()
    return sum(n.condition.value == condition and n.what is Told.OPENED for n in notes)


@pytest.mark.parametrize(
    ("text", "price"),
    [("Thé ou café ?", "0.015"), ("Voyez acme.fr", "0.200"), ("https://acme.example/", "0.200"), ("ASP.NET", "0.200")],
)
def test_a_link_makes_a_post_dear_even_a_bare_one(text: str, price: str) -> None:
    assert USD[x_post(text)] == Decimal(price)


def test_what_a_look_cost_is_counted_on_its_utc_day() -> None:
    house = Paying(*posts(3))
    house.network.human_posts("Bonjour", at=START - 30 * DAY)
    house.look()
    assert house.store.charges(utc_day(house.clock.now()))["acme-x"] == {X_POST_READ: 1, X_POST: 1}
    assert house.store.charges(utc_day(house.clock.now()) + DAY) == {}


def test_a_call_that_failed_after_it_was_billed_is_counted() -> None:
    house = Paying(*posts(3))
    house.network.publish_faults.append(Fault(OutcomeUnknown("No answer."), effect=True))
    house.look()
    assert house.spent >= USD[X_POST]


def test_a_quiet_month_costs_a_few_cents_and_stays_within_a_small_budget() -> None:
    house = Paying(*posts(60), budget="0.25")
    house.live(365)
    assert len(house.network.sent) >= 52
    assert "budget_exhausted" not in {n.condition.value for n in house.store.all_notifications()}


def test_a_spent_budget_stops_the_account_before_it_is_passed_and_calls_a_human_once() -> None:
    house = Paying(*posts(20), budget=str(DEAREST))
    house.look()
    reads = house.network.reads
    house.live(9)  # a second post falls due in November
    assert len(house.network.sent) == 1
    assert house.network.reads == reads  # nor is anything read that could not be acted upon
    assert house.spent <= DEAREST
    assert "its budget of 0.045 USD a month does not bear the next call" in house.open_alerts()["budget_exhausted"]
    assert told(house, "budget_exhausted") == 1


def test_a_spent_budget_is_told_in_french_amounts_to_who_reads_french() -> None:
    house = Paying(*posts(3), budget="0.03")
    with pytest.raises(BudgetExhausted) as refused:
        Spending(store=house.store).check_read(house.accounts["acme-x"], ["https://acme.test"], START)
    said = refused.value.sentence
    assert isinstance(said, Sentence)
    assert "its budget of 0.03 USD a month" in said.in_("en")
    assert "0.000 USD are spent, 0.230 USD would come" in said.in_("en")
    assert "son budget de 0,03\u00a0USD par mois" in said.in_("fr")
    assert "0,000\u00a0USD sont dépensés, 0,230\u00a0USD s’y ajouteraient" in said.in_("fr")


def test_with_the_new_month_it_goes_on_by_itself() -> None:
    house = Paying(*posts(20), budget=str(DEAREST))
    house.look()
    house.live_until(next_month(START) - timedelta(minutes=1))
    assert len(house.network.sent) == 1
    house.live_until(next_month(START) + timedelta(minutes=1))
    assert len(house.network.sent) == 2
    assert "budget_exhausted" not in house.open_alerts()


def test_a_post_whose_link_the_budget_does_not_bear_is_not_sent() -> None:
    house = Paying(a_post("p0", link="https://acme.test"), budget="0.20")
    house.look()
    assert house.network.sent == []
    assert "budget_exhausted" in house.open_alerts()


def test_a_doubt_is_read_while_the_budget_bears_a_read() -> None:
    house = Paying(*posts(3), budget=str(DEAREST))
    house.network.publish_faults.append(Fault(OutcomeUnknown("No answer."), effect=True))
    house.look()
    house.live(0.1)
    assert house.store.receipts("acme-x") != []  # settled, though no other post could be paid for


def test_an_app_without_money_stops_its_accounts_and_calls_a_human_once() -> None:
    names = ("acme-x", "acme-fr", "acme-de")
    house = Paying(*(replace(a_post("p0"), account=name) for name in names), names=names)
    for name in names:
        house.networks.by_account[name].read_faults.append(BudgetExhausted("X wants money (402).", app="a1b2c3d4"))
    house.look()
    assert all(state.stopped for state in house.store.states())
    assert told(house, "budget_exhausted") == 1
    house.live(0.3)  # tried again: there is money
    assert "budget_exhausted" not in house.open_alerts()
    assert not any(state.stopped for state in house.store.states())


def test_apps_without_money_call_a_human_each() -> None:
    names = ("acme-x", "other-x")
    house = Paying(*(replace(a_post("p0"), account=name) for name in names), names=names)
    for name in names:
        house.networks.by_account[name].read_faults.append(
            BudgetExhausted("X wants money (402).", app=f"app-of-{name}")
        )
    house.look()
    assert told(house, "budget_exhausted") == 2


def test_an_unreadable_network_costs_what_it_billed_and_no_more() -> None:
    house = Paying(*posts(3))
    house.network.read_faults.append(Unreachable("X does not answer."))
    house.look()
    assert house.spent == 0
