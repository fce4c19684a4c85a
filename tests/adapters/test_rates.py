"""Rate limits by the networks' own headers: what is known to be refused does not go out."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from veilleuse.adapters.networks import rates
from veilleuse.adapters.networks.bill import Bill
from veilleuse.adapters.networks.call import Answer, ask
from veilleuse.adapters.networks.rates import Meter
from veilleuse.domain.errors import BudgetExhausted, RateLimited, Unreachable

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DATE = "Fri, 20 Nov 2026 09:00:00 GMT"
SOON = NOW + timedelta(minutes=12)
EPOCH = str(int(SOON.timestamp()))


@pytest.fixture(autouse=True)
def fresh() -> None:
    rates.forget()


def meter(user: str = "a", app: str = "k", host: str = "") -> Meter:
    return Meter("X", host, app=app, user=user)


def answer(status: int = 200, /, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers={"date": DATE, **named}, body=b"")


def refused(one: Meter, method: str = "GET", path: str = "/p") -> datetime | None:
    """Until when that call is held back; None: it may go out."""
    try:
        one.check(method, path)
    except RateLimited as limited:
        return limited.retry_at
    return None


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"x_rate_limit_remaining": "0", "x_rate_limit_reset": EPOCH}, SOON),
        ({"x_rate_limit_remaining": "1", "x_rate_limit_reset": EPOCH}, None),
        ({"x_user_limit_24hour_remaining": "0", "x_user_limit_24hour_reset": EPOCH}, SOON),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": "2026-11-20T09:12:00.000Z"}, SOON),  # Mastodon
        ({"ratelimit_remaining": "0", "ratelimit_reset": EPOCH}, SOON),  # Bluesky
        ({"ratelimit_remaining": "0", "ratelimit_reset": "720"}, SOON),
        ({"x_app_usage": '{"call_count": 100, "total_time": 3}'}, NOW + rates.BUSY_APP),
        ({"x_app_usage": '{"call_count": 99}'}, None),
        (
            {"x_business_use_case_usage": json.dumps({"1": [{"estimated_time_to_regain_access": 12}]})},
            SOON,
        ),
        ({"x_rate_limit_remaining": "0", "x_rate_limit_reset": "soon"}, None),
        ({"x_rate_limit_remaining": "0", "x_rate_limit_reset": "99999999999999"}, None),  # no limit lasts so long
        ({"x_rate_limit_remaining": "0", "x_rate_limit_reset": "1700000000"}, None),  # over
        ({"x_app_usage": "[]", "x_business_use_case_usage": "{{"}, None),
    ],
)
def test_each_network_tells_in_its_own_headers_until_when(headers: dict[str, str], until: datetime | None) -> None:
    one = meter()
    one.note("GET", "/p", answer(**headers))
    assert refused(one) == until


def test_too_many_requests_without_a_limit_is_believed_for_as_long_as_it_says() -> None:
    one = meter()
    one.note("GET", "/p", answer(429, retry_after="720"))
    assert refused(one) == SOON


@pytest.mark.parametrize(
    ("other", "is_held"),
    [
        (meter(user="b"), True),
        (meter(user="b", app="another"), False),
        (meter(user="b", host="https://elsewhere"), False),
    ],
    ids=["another account", "another app", "another server"],
)
def test_an_apps_limit_holds_all_its_accounts_and_no_others(other: Meter, is_held: bool) -> None:
    meter().note("GET", "/p", answer(x_app_limit_24hour_remaining="0", x_app_limit_24hour_reset=EPOCH))
    assert (refused(other) is not None) == is_held


def test_an_accounts_limit_holds_that_call_only() -> None:
    meter().note("GET", "/p", answer(x_rate_limit_remaining="0", x_rate_limit_reset=EPOCH))
    assert refused(meter(), "GET", "/other") is None
    assert refused(meter(), "POST", "/p") is None
    assert refused(meter(user="b")) is None


def test_without_money_no_account_of_the_app_calls() -> None:
    told = meter().broke(BudgetExhausted("X wants money."))
    assert told.app == meter().app
    for path in ("/p", "/other"):
        with pytest.raises(BudgetExhausted, match=r"^X wants money\.$") as refusal:
            meter(user="b").check("GET", path)
        assert refusal.value.app == told.app
    meter(app="another").check("GET", "/p")


def test_what_names_an_app_gives_no_key_away() -> None:
    one = Meter("X", "", app="s3cr3t-key", user="s3cr3t-token")
    assert "s3cr3t" not in one.app
    assert len(one.app) == 8


def test_what_our_transport_says_comes_through_a_library_that_wraps_it() -> None:
    def library() -> None:
        try:
            raise RateLimited("Later.", retry_at=SOON)
        except RateLimited as error:
            raise ValueError("could not complete request") from error

    with pytest.raises(RateLimited, match="Later"):
        ask(library, lambda error: Unreachable("not understood"))


def test_a_resource_is_billed_once_a_day_and_app() -> None:
    def read(app: str, resource: str, at: datetime | None) -> int:
        bill = Bill(app)
        bill.read("read", resource, at)
        return bill.items.get("read", 0)

    app = "app-of-this-test"
    assert read(app, "post 1", NOW) == 1
    assert read(app, "post 1", NOW + timedelta(hours=14)) == 0
    assert read(app, "post 2", NOW) == 1
    assert read("another", "post 1", NOW) == 1
    assert read(app, "post 1", NOW + timedelta(hours=15)) == 1  # the next UTC day
    assert read(app, "post 1", None) == 1  # no day is told: better counted twice than forgotten
