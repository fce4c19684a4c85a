"""Where people write by hand: an account that is only watched calls its owner; an outbox says that a message waits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.domain.posts import a_post
from tests.services.house import RULE, START, House, posts
from veilleuse.domain.alert import Condition
from veilleuse.domain.alert_message import LABELS
from veilleuse.domain.errors import Gone
from veilleuse.services.look import Action
from veilleuse.services.status import Standing, status

DAY = timedelta(days=1)
HALF_A_YEAR = replace(RULE, max_silence=180 * DAY, lead=30 * DAY)


def a_blog(**house: Any) -> House:
    blog = House(rule=HALF_A_YEAR, **house)
    blog.accounts["acme-x"] = replace(blog.accounts["acme-x"], watched=True)
    return blog


@pytest.mark.parametrize(
    ("silent", "open_alerts", "state"),
    [
        (10 * DAY, {}, Standing.ALIVE),
        (
            150 * DAY,
            {"near_limit": "acme-x has been silent for 150 days; it passes its limit of 180 days"},
            Standing.NEAR,
        ),
        (181 * DAY, {"limit_passed": "acme-x has been silent for 181 days; its limit is 180 days."}, Standing.PAST),
    ],
)
def test_a_blog_falling_asleep_calls_its_owner_in_time(
    silent: timedelta, open_alerts: dict[str, str], state: Standing
) -> None:
    blog = a_blog()
    blog.network.human_posts("Nos offres d'été", at=START - silent)
    report = blog.force()
    assert report.action is Action.WAITS
    told = blog.open_alerts()
    assert told.keys() == open_alerts.keys()
    assert all(told[condition].startswith(text) for condition, text in open_alerts.items())
    (standing,) = status(blog.accounts, blog.store, blog.clock.now())
    assert standing.state is state
    assert standing.speaks_at is None


def test_a_feed_that_is_gone_for_good_is_told_at_once_and_asked_seldom() -> None:
    blog = a_blog()
    blog.network.human_posts("Nos offres d'été", at=START - 10 * DAY)
    blog.network.read_faults.extend([Gone("The feed is gone for good (HTTP 410).")] * 4)
    blog.force()
    reads = blog.network.reads
    assert [n.condition.value for n in blog.store.all_notifications()] == ["feed_gone"]
    assert blog.open_alerts() == {"feed_gone": "acme-x: The feed is gone for good (HTTP 410)."}
    (alert,) = blog.store.alerts()
    assert "take acme-x out of the configuration" in alert.finding.remedy
    (standing,) = status(blog.accounts, blog.store, blog.clock.now())
    assert standing.state is Standing.STOPPED
    blog.live_until(blog.clock.now() + timedelta(hours=13))
    assert blog.network.reads == reads + 2
    blog.network.read_faults.clear()
    blog.live_until(blog.clock.now() + timedelta(hours=7))
    assert blog.open_alerts() == {}


def test_writing_there_ends_the_call() -> None:
    blog = a_blog()
    blog.network.human_posts("Nos offres d'été", at=START - 170 * DAY)
    blog.force()
    blog.network.human_posts("Nos offres d'hiver", at=START)
    blog.force(DAY)
    assert blog.open_alerts() == {}


def test_a_blog_asleep_for_months_is_called_about_at_each_crossing_while_nobody_does_anything() -> None:
    blog = a_blog()
    blog.network.human_posts("Nos offres d'été", at=START)
    blog.live_until(START + 149 * DAY)
    assert blog.open_alerts() == {}
    blog.live_until(START + 151 * DAY)
    assert blog.open_alerts().keys() == {"near_limit"}
    blog.live_until(START + 181 * DAY)
    assert blog.open_alerts().keys() == {"limit_passed"}


def test_an_approved_post_is_never_said_where_one_only_watches() -> None:
    blog = a_blog()
    blog.feed(*posts(3))
    blog.network.human_posts("Nos offres d'été", at=START - 200 * DAY)
    blog.live_until(START + 10 * DAY)
    assert blog.network.sent == []
    assert blog.open_alerts().keys() == {"limit_passed"}


def test_a_feed_without_any_article_is_told_and_one_that_cannot_be_read_is_not_called_silent() -> None:
    blog = a_blog()
    blog.force()
    assert blog.open_alerts() == {"limit_passed": "acme-x shows nothing that was ever published."}


def test_what_is_watched_is_read_also_while_it_is_frozen() -> None:
    blog = a_blog()
    blog.stop = "en vacances"
    blog.network.human_posts("Nos offres d'été", at=START - 181 * DAY)
    blog.force()
    assert blog.open_alerts().keys() == {"limit_passed"}


def test_a_message_in_an_outbox_is_told_to_whom_carries_it_once() -> None:
    house = House(a_post("p0"))
    house.accounts["acme-x"] = replace(house.accounts["acme-x"], by_hand=True)
    house.force()
    waiting = [text for condition, text in house.open_alerts().items() if condition == "message_waits"]
    assert waiting == ["acme-x: a message waits in acme-x since Friday 20 November at 11:00."]
    house.force(8 * DAY)
    assert "message_waits" not in house.open_alerts()


def test_every_condition_has_a_name_for_people() -> None:
    assert LABELS.keys() == {*Condition}
