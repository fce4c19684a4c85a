"""What the forecast says is what the daemon then does, if nobody posts by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.posts import a_post
from tests.fake_network import Fault
from tests.services.house import START, House
from veilleuse.domain.errors import OutcomeUnknown
from veilleuse.domain.forecast import Turn, forecast
from veilleuse.domain.hours import ALWAYS, Hours, parse_week
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Rule

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PACE = timedelta(seconds=5)


@pytest.fixture(autouse=True, scope="module")
def quiet() -> object:
    """Thousands of looks need no log."""
    before = structlog.get_config()
    structlog.configure(processors=[_drop])
    yield
    structlog.configure(**before)


def _drop(*_: object) -> str:
    raise structlog.DropEvent


days = st.integers(0, 60).map(lambda n: START + n * DAY)
offices = st.sampled_from(
    [ALWAYS, *map(parse_week, (["daily 08:00-20:00"], ["Mon-Fri 09:00-12:00,14:00-18:00"], ["Sun 10:00-10:20"]))]
)
quiet_days = st.lists(
    st.tuples(st.dates(date(2026, 11, 20), date(2027, 2, 1)), st.integers(0, 12)).map(
        lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
    ),
    max_size=3,
).map(tuple)
silences = st.sampled_from([(7 * DAY, DAY), (2 * DAY, 6 * HOUR), (10 * DAY, 9 * DAY), (20 * HOUR, 12 * HOUR)])


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    max_silence, lead = draw(silences)
    zone = ZoneInfo(draw(st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Apia"])))
    hours = Hours(
        zone=zone,
        week=draw(offices),
        quiet_days=draw(quiet_days),
        holidays=draw(st.sampled_from([None, "FR"])),
    )
    return Rule(
        hours=hours,
        max_silence=max_silence,
        lead=lead,
        min_gap=draw(st.sampled_from([HOUR, 20 * HOUR, 3 * DAY])),
        max_per_day=draw(st.sampled_from([1, 2])),
    )


@st.composite
def queues(draw: st.DrawFn) -> tuple[Post, ...]:
    posts = []
    for place in range(draw(st.integers(0, 12))):
        first, last = draw(st.none() | days), draw(st.none() | days)
        if first and last and first >= last:
            first, last = last, first + DAY
        reserve = draw(st.booleans())
        posts.append(
            a_post(
                f"p{place}",
                place=place,
                approved_by=draw(st.sampled_from(["claire", "claire", "claire", None])),
                not_before=first,
                not_after=last,
                priority=draw(st.integers(0, 1)),
                reserve=reserve,
                reserve_gap=draw(st.sampled_from([DAY, 10 * DAY, 30 * DAY])),
                max_uses=draw(st.sampled_from([None, 1, 2])),
                variants={"x": tuple(f"{place} : mot {n}" for n in range(draw(st.integers(1, 4))))} if reserve else {},
            )
        )
    return tuple(posts)


def foretold(house: House, name: str, end: datetime) -> tuple[Turn, ...]:
    """As the command would, from what is stored."""
    account, state = house.accounts[name], house.store.state(name)
    return forecast(
        account.rule,
        name,
        account.network,
        house.store.candidates(name),
        last=state.last_activity,
        spoke=state.spoke_at,
        recent=[receipt.at for receipt in house.store.receipts(name)],
        now=house.clock.now(),
        end=end,
    ).turns


def said_until(house: House, end: datetime) -> Sequence[tuple[str, datetime, str, str]]:
    """What then stands on the networks: account, moment, post, text."""
    before = {receipt.remote_id for receipt in house.store.receipts(limit=1000)}
    house.live_until(end)
    receipts = [r for r in house.store.receipts(limit=1000) if r.remote_id not in before and r.at < end]
    return sorted((r.account, r.at, r.post_id, r.text) for r in receipts)


@given(queue=queues(), rule=rules(), silent=st.integers(0, 14))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_the_forecast_says_is_what_the_daemon_then_does(queue: tuple[Post, ...], rule: Rule, silent: int) -> None:
    house = House(*queue, rule=rule)
    house.network.human_posts("Bonjour !", at=START - silent * DAY)
    house.look()
    end = START + 40 * DAY
    told = [("acme-x", turn.at, turn.post.id, turn.text) for turn in foretold(house, "acme-x", end) if turn.post]
    assert told == said_until(house, end)


@given(queue=queues(), rule=rules())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_calls_a_human_at_the_turn_the_forecast_names(queue: tuple[Post, ...], rule: Rule) -> None:
    house = House(*queue, rule=rule)
    house.network.human_posts("Bonjour !")
    house.look()
    end = START + 40 * DAY
    dry = [turn.at for turn in foretold(house, "acme-x", end) if turn.post is None]
    if dry:
        house.live_until(dry[0])
        assert house.clock.now() == dry[0]
        assert house.store.state("acme-x").reason.count("nothing approved to say")


def test_a_queue_of_the_reserve_alone_rests_and_comes_back_as_foretold() -> None:
    wordings = {"x": tuple(f"Toujours là, {n} !" for n in range(9))}
    house = House(*(a_post(f"r{n}", place=n, reserve=True, variants=wordings) for n in range(2)))
    house.network.human_posts("Bonjour !")
    house.look()
    end = START + 120 * DAY
    turns = foretold(house, "acme-x", end)
    assert [turn.post.id if turn.post else None for turn in turns][:5] == ["r0", "r1", None, "r0", None]
    assert [("acme-x", t.at, t.post.id, t.text) for t in turns if t.post] == said_until(house, end)


@pytest.mark.parametrize("others", [0, 3])
def test_a_post_released_after_a_doubt_waits_its_day_as_foretold(others: int) -> None:
    house = House(*(a_post(f"p{n}", place=n) for n in range(1 + others)))
    house.network.human_posts("Bonjour !", at=START - 30 * DAY)
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer.")))
    house.look()
    while house.store.unsettled("acme-x"):
        house.live_until(house.clock.now() + HOUR)
    (released,) = [c for c in house.store.candidates("acme-x") if c.released_at]
    assert released.post.id == "p0"
    end = START + 60 * DAY
    told = [("acme-x", turn.at, turn.post.id, turn.text) for turn in foretold(house, "acme-x", end) if turn.post]
    assert "p0" in [post for _, _, post, _ in told]
    assert told == said_until(house, end)


def test_a_daemon_some_seconds_late_still_keeps_to_the_forecast() -> None:
    house = House(*(a_post(f"p{n}", place=n) for n in range(20)))
    house.network.human_posts("Bonjour !")
    house.look()
    end = START + 60 * DAY
    turns = [turn for turn in foretold(house, "acme-x", end) if turn.post]
    while (at := house.store.next_look_at()) is not None and at + PACE < end:
        house.clock.advance(max(timedelta(0), at - house.clock.now()) + PACE)
        house.rounds.until_quiet(lambda report: None)
    said = sorted(house.store.receipts(), key=lambda receipt: receipt.at)
    for number, (turn, receipt) in enumerate(zip(turns, said, strict=True), start=1):
        assert timedelta(0) <= receipt.at - turn.at <= number * PACE


def test_accounts_due_together_keep_to_the_forecast_up_to_their_turns() -> None:
    names = tuple(f"acme-{n}" for n in range(4))
    hours = Hours(zone=ZoneInfo("Europe/Paris"), week=parse_week(["Mon 09:00-09:30"]))
    house = House(rule=Rule(hours=hours), names=names)
    house.feed(*(replace(a_post(f"{name}-{n}", place=n), account=name) for n in range(9) for name in names))
    for number, network in enumerate(house.networks.by_account.values()):
        network.ids = 1000 * number  # to the fake network all accounts are one
        network.human_posts("Bonjour !")
    house.look()
    end = START + 30 * DAY
    told = [
        (name, turn.at, turn.post.id) for name in names for turn in foretold(house, name, end) if turn.post is not None
    ]
    said = said_until(house, end)
    assert [(name, post) for name, _, post in told] == [(name, post) for name, _, post, _ in said]
    for (_, foreseen, _), (_, at, _, _) in zip(told, said, strict=True):
        assert timedelta(0) <= at - foreseen <= len(names) * PACE
