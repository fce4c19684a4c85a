"""Examining credentials: whose they are, what they may, when they die; once a day, by one daemon, billed nowhere."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.fake_network import SPEC, FakeNetwork
from tests.services.house import START, House, posts
from veilleuse.domain.activity import Entry, Examination, Identity
from veilleuse.domain.alert import Told
from veilleuse.domain.errors import CredentialsRefused, NetworkError, Unreachable
from veilleuse.domain.examination import next_examination
from veilleuse.services.examine import AT_ONCE, LEASE, RETRY, Examine
from veilleuse.services.spending import Spending

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHOLE = Examination(identity=Identity(remote_id="42", handle="acme"), may_post=True)


@dataclass(slots=True)
class Examinable(FakeNetwork):
    """A network that can be examined, and shows posts to strangers or not."""

    found: Examination | Exception = WHOLE
    shown: bool | None = True
    asked: int = 0

    def examine(self) -> Examination:
        self.asked += 1
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def visible(self, entry: Entry) -> bool | None:
        return self.shown


@dataclass
class Clinic:
    """A house whose networks can be examined."""

    house: House = field(default_factory=lambda: House(*posts(20)))
    bills: bool = False

    def __post_init__(self) -> None:
        house = self.house
        spec = replace(SPEC, bills=self.bills)
        self.network = Examinable(clock=house.clock, handle="acme-x", spec=spec)
        house.networks.by_account["acme-x"] = self.network
        self.examine = Examine(
            accounts=house.accounts,
            specs={"x": spec},
            store=house.store,
            networks=house.networks,
            clock=house.clock,
            alerts=house.alerts,
            spending=Spending(store=house.store),
        )

    def a_day(self, after: timedelta = DAY) -> None:
        """Time passes; the bell rings once."""
        self.house.clock.advance(after)
        for name in self.examine.due():
            self.examine.daily(name)

    @property
    def alerts(self) -> dict[str, str]:
        return self.house.open_alerts()

    def told(self, condition: str) -> list[str]:
        notes = self.house.store.all_notifications()
        return [str(n.text) for n in notes if n.condition.value == condition and n.what is Told.OPENED]


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def dying(days: float) -> Examination:
    return replace(WHOLE, expires_at=START + timedelta(days=days))


def test_an_account_never_examined_is_examined_at_once_and_then_once_a_day(clinic: Clinic) -> None:
    clinic.a_day(timedelta(0))
    assert clinic.network.asked == 1
    for _ in range(4 * 24):
        clinic.a_day(HOUR)
    assert clinic.network.asked in (4, 5)
    assert clinic.alerts == {}


def test_a_days_examinations_are_spread_over_the_day() -> None:
    moments = {next_examination(f"account-{n}", START) - START for n in range(200)}
    assert max(moments) <= DAY + HOUR
    assert len({moment // HOUR for moment in moments}) > 20


def test_of_two_daemons_one_examines_and_the_other_if_that_dies(clinic: Clinic) -> None:
    other = Clinic(House(beside=clinic.house, store=clinic.house.store, daemon="other"))
    assert clinic.examine.due() == ["acme-x"]
    assert other.examine.due() == []
    clinic.house.clock.advance(LEASE)
    assert other.examine.due() == ["acme-x"]


def test_a_thousand_new_accounts_are_examined_in_portions() -> None:
    clinic = Clinic(House(names=tuple(f"acme-{n}" for n in range(AT_ONCE + 5))))
    assert (len(clinic.examine.due()), len(clinic.examine.due()), len(clinic.examine.due())) == (AT_ONCE, 5, 0)


def test_the_end_of_credentials_is_told_14_7_3_and_1_days_before_each_once(clinic: Clinic) -> None:
    clinic.network.found = dying(20)
    for _ in range(20 * 4):
        clinic.a_day(DAY / 4)
    days = [text.rpartition(" die ")[2] for text in clinic.told("credentials_expire")]
    assert len(days) == 4
    assert clinic.alerts["credentials_expire"].startswith("The credentials of acme-x on X die")


def test_renewed_credentials_end_the_warning(clinic: Clinic) -> None:
    clinic.network.found = dying(2)
    clinic.a_day(timedelta(0))
    assert "credentials_expire" in clinic.alerts
    clinic.network.found = dying(62)
    clinic.examine("acme-x")
    assert clinic.alerts == {}


@pytest.mark.parametrize(
    ("found", "shown", "condition"),
    [
        (replace(WHOLE, may_post=False), True, "may_not_post"),
        (WHOLE, False, "post_not_public"),
        (replace(WHOLE, warnings=("Facebook answers in version v27.0.",)), True, "network_warns"),
        (replace(WHOLE, may_post=None), None, None),
    ],
    ids=["without the right", "development mode", "a warning", "nobody can tell"],
)
def test_a_credential_that_looks_alive_and_is_useless_calls_a_human(
    clinic: Clinic, found: Examination, shown: bool | None, condition: str | None
) -> None:
    clinic.house.look()  # something of ours stands there
    clinic.network.found, clinic.network.shown = found, shown
    clinic.a_day()
    assert set(clinic.alerts) == ({condition} if condition else set())


def test_a_network_that_does_not_answer_is_asked_every_hour_and_told_after_three_times(clinic: Clinic) -> None:
    clinic.network.found = Unreachable("X does not answer.")
    for times in range(1, 4):
        assert clinic.told("examination_failed") == []
        clinic.a_day(RETRY)
        assert clinic.network.asked == times
    assert len(clinic.told("examination_failed")) == 1
    assert clinic.house.store.state("acme-x").barred is None
    clinic.network.found = WHOLE
    clinic.a_day(RETRY)
    clinic.a_day(DAY)
    assert clinic.alerts == {}


def test_what_is_known_of_credentials_outlives_a_network_that_does_not_answer(clinic: Clinic) -> None:
    clinic.network.found = dying(20)
    clinic.a_day(timedelta(0))
    clinic.network.found = Unreachable("X does not answer.")
    clinic.a_day()
    assert (examined := clinic.house.store.examined("acme-x")) is not None
    assert examined.found == dying(20)


@pytest.mark.parametrize(
    "answer",
    [CredentialsRefused("X refused the token."), replace(WHOLE, identity=Identity(remote_id="77", handle="rival"))],
    ids=["revoked", "somebody else's"],
)
def test_refused_or_foreign_credentials_stop_the_account_until_they_are_its_own_again(
    clinic: Clinic, answer: Examination | NetworkError
) -> None:
    house = clinic.house
    house.look()
    sent = len(clinic.network.sent)
    clinic.network.found = answer
    clinic.a_day()
    reads = clinic.network.reads
    house.live_until(house.clock.now() + 10 * DAY)
    assert (len(clinic.network.sent), clinic.network.reads) == (sent, reads)  # not even read
    assert "credentials_refused" in clinic.alerts
    clinic.network.found = WHOLE
    clinic.examine("acme-x")
    house.look()
    assert len(clinic.network.sent) == sent + 1
    assert "credentials_refused" not in clinic.alerts


def test_somebody_elses_credentials_are_named(clinic: Clinic) -> None:
    clinic.house.look()
    clinic.network.found = replace(WHOLE, identity=Identity(remote_id="77", handle="rival"))
    clinic.a_day()
    clinic.house.look()
    assert "its credentials are those of rival (77), acme-x has always been 42" in clinic.alerts["credentials_refused"]


def test_where_examining_costs_money_the_day_bills_nothing_and_the_command_asks() -> None:
    clinic = Clinic(bills=True)
    for _ in range(10):
        clinic.a_day()
    assert clinic.network.asked == 0
    clinic.examine("acme-x")
    assert clinic.network.asked == 1


def test_a_renewed_token_is_noticed_at_a_start(clinic: Clinic) -> None:
    clinic.network.found = CredentialsRefused("X refused the token.")
    clinic.a_day(timedelta(0))
    clinic.network.found = WHOLE
    clinic.a_day(HOUR)
    assert clinic.house.store.state("acme-x").barred is not None
    clinic.examine.begin()
    clinic.a_day(timedelta(0))
    assert clinic.house.store.state("acme-x").barred is None


def test_a_network_that_cannot_be_examined_is_no_trouble() -> None:
    clinic = Clinic()
    clinic.house.networks.by_account["acme-x"] = FakeNetwork(clock=clinic.house.clock)
    clinic.a_day(timedelta(0))
    assert clinic.alerts == {}
    assert clinic.examine.due() == []


def test_a_program_that_fails_in_an_examination_fails_alone(clinic: Clinic) -> None:
    clinic.network.found = RuntimeError("a mistake of the adapter")
    clinic.a_day(timedelta(0))
    assert clinic.examine.due() == []  # its lease holds for an hour
    clinic.network.found = WHOLE
    clinic.a_day(LEASE)
    assert clinic.network.asked == 2
