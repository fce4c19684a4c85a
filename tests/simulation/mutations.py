"""The program with one rule broken, twenty times over: the simulation must notice each of them.

Each mutation is the mistake a hurried maintainer could make. Where two rules hold the same door, the mutation breaks
both, and says so: one alone is held by the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.memory.accounts import MemoryAccounts
from tests.memory.store import MemoryStore
from tests.simulation.client import Client
from tests.simulation.oracle import PromiseBroken
from tests.simulation.ports import Ports
from tests.simulation.world import MONTHS_2, SimulatedStore, World
from veilleuse.domain import doubt, queue, timing
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Attempt, Outcome
from veilleuse.domain.doubt import Absent, Settlement, Waits
from veilleuse.domain.errors import NetworkError, OutcomeUnknown, Unreachable
from veilleuse.domain.queue import Block, Candidate
from veilleuse.ports import Guard, NotifyFailed
from veilleuse.services import look, observe, publish, settle, speak
from veilleuse.services.alert import Alerts
from veilleuse.services.house import House
from veilleuse.services.timekeeper import Timekeeper

WORLDS = 36  # lived through by `make test`, with every rule in force; a minute or two of one core
Mutation = Callable[[pytest.MonkeyPatch], None]


def notices(seed: int) -> bool:
    """Whether a promise is broken in that world."""
    try:
        World(seed).live(MONTHS_2)
    except (PromiseBroken, RuntimeError):
        return True
    return False


def the_attempt_is_not_written_before_the_call(patch: pytest.MonkeyPatch) -> None:
    def open_attempt(self: MemoryStore, attempt: Attempt, guard: Guard) -> None:
        self._forbidden(attempt, guard)

    patch.setattr(MemoryStore, "open_attempt", open_attempt)


def a_time_out_is_tried_again(patch: pytest.MonkeyPatch) -> None:
    once = Client.publish

    def twice(self: Client, *args: Any) -> Any:
        try:
            return once(self, *args)
        except OutcomeUnknown:
            return once(self, *args)

    patch.setattr(Client, "publish", twice)


def a_server_error_counts_as_refused(patch: pytest.MonkeyPatch) -> None:
    close = publish.Publish._close

    def closed(
        self: publish.Publish, attempt: Attempt, outcome: Outcome, fault: Any, detail: str, error: NetworkError | None
    ) -> Any:
        if outcome is Outcome.UNKNOWN:
            return close(self, attempt, Outcome.REFUSED, None, detail, Unreachable(detail))
        return close(self, attempt, outcome, fault, detail, error)

    patch.setattr(publish.Publish, "_close", closed)


def no_read_before_speaking(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(look, "must_read", lambda account, spec, state, unsettled, now: state.read_at is None)


def what_people_post_by_hand_is_not_noted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemoryStore, "record_reading", lambda self, account, entries, kinds, now: None)


def a_pasted_text_is_not_recognised(patch: pytest.MonkeyPatch) -> None:
    """Neither when it is read nor before its post is said."""
    patch.setattr(speak, "recall", lambda *args: False)
    patch.setattr(observe, "recognise", lambda *args: None)


def a_doubt_is_matched_by_time_alone(patch: pytest.MonkeyPatch) -> None:
    def match(text: str, entries: Any, taken: Any) -> list[Entry]:
        return [entry for entry in entries if entry.remote_id not in taken]

    patch.setattr(doubt, "match", match)


def absent_after_one_empty_read(patch: pytest.MonkeyPatch) -> None:
    """And the post does not wait a day behind the others."""

    def settled(attempt: Attempt, reading: Any, **known: Any) -> Settlement:
        verdict = doubt.settle(attempt, reading, **known)
        return Absent() if isinstance(verdict, Waits) else verdict

    patch.setattr(settle, "settle", settled)
    patch.setattr(queue, "RELEASED_WAIT", timedelta(0))


def a_doubt_is_never_settled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settle, "settle", lambda attempt, reading, **known: Waits(empty=False))


def no_claim_and_no_guard(patch: pytest.MonkeyPatch) -> None:
    """Nothing forbids an attempt, and every daemon may look at every account."""
    patch.setattr(MemoryStore, "_forbidden", lambda self, attempt, guard: None)
    patch.setattr(SimulatedStore, "_free", lambda self, known, daemon, now: True)


def a_dead_daemon_keeps_its_claims(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SimulatedStore, "_free", lambda self, known, daemon, now: known.claimed_by is None)


def the_content_is_not_compared_when_the_attempt_is_written(patch: pytest.MonkeyPatch) -> None:
    forbidden = MemoryStore._forbidden

    def lenient(self: MemoryStore, attempt: Attempt, guard: Guard) -> str | None:
        why = forbidden(self, attempt, guard)
        return None if why == "the post changed since it was chosen." else why

    patch.setattr(MemoryStore, "_forbidden", lenient)


def approval_is_not_asked_when_the_attempt_is_written(patch: pytest.MonkeyPatch) -> None:
    forbidden = MemoryStore._forbidden

    def lenient(self: MemoryStore, attempt: Attempt, guard: Guard) -> str | None:
        why = forbidden(self, attempt, guard)
        return None if why == "the post is no longer approved." else why

    patch.setattr(MemoryStore, "_forbidden", lenient)


def drafts_are_speakable(patch: pytest.MonkeyPatch) -> None:
    blocked = queue.blocked

    def lenient(candidate: Candidate, at: datetime) -> Block | None:
        why = blocked(candidate, at)
        return None if why is Block.DRAFT else why

    for asking in (queue, timing):
        patch.setattr(asking, "blocked", lenient)
    approval_is_not_asked_when_the_attempt_is_written(patch)


def one_look_says_all_it_may(patch: pytest.MonkeyPatch) -> None:
    """The loop goes on after a success, and no minimum gap or daily maximum stands in the way."""
    said = publish.Publish.__call__

    def again(
        self: publish.Publish, account: Any, state: Any, network: Any, candidate: Any, worded: Any, looked_at: Any
    ) -> Any:
        result = said(self, account, state, network, candidate, worded, looked_at)
        others = [c for c in self.store.candidates(account.name) if queue.blocked(c, self.clock.now()) is None]
        if isinstance(result, publish.Spoke) and others and (text := queue.wording(others[0], network.spec)):
            said(self, account, state, network, others[0], text, looked_at)
        return result

    patch.setattr(publish.Publish, "__call__", again)
    patch.setattr(
        publish.Publish,
        "_guard",
        lambda self, account, now: Guard(daemon=self.daemon, now=now, spoke_before=now, day_start=now, max_per_day=99),
    )


def a_stop_is_not_asked_before_the_send(patch: pytest.MonkeyPatch) -> None:
    """Neither the folder nor the database is asked."""
    patch.setattr("veilleuse.services.stops.Stops.__call__", lambda self, account: None)
    patch.setattr(MemoryStore, "freezes", lambda self, now: [])


def an_old_decision_is_sent_all_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(publish, "SEND_WITHIN", timedelta(days=3))
    patch.setattr(publish, "untimely", lambda account, candidate, looked_at, now: None)


def the_spool_is_never_replayed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(House, "replay_spool", lambda self: None)


def receipts_come_too_late_to_count(patch: pytest.MonkeyPatch) -> None:
    """Only an open attempt takes its receipt; what then stands there without one is not recognised either."""
    record = MemoryStore.record_receipt

    def only_open(self: MemoryStore, receipt: Any) -> None:
        attempt = self._attempts.get(receipt.attempt_id)
        if attempt is None or attempt.outcome is Outcome.OPEN:
            record(self, receipt)

    patch.setattr(MemoryStore, "record_receipt", only_open)
    a_pasted_text_is_not_recognised(patch)


def the_next_look_is_lost(patch: pytest.MonkeyPatch) -> None:
    finish = MemoryAccounts.finish_look

    def late(self: MemoryAccounts, daemon: str, state: Any) -> None:
        finish(self, daemon, replace(state, next_look_at=state.next_look_at + timedelta(days=5)))

    patch.setattr(MemoryAccounts, "finish_look", late)
    patch.setattr(MemoryAccounts, "ring_beyond", lambda self, horizon, now: 0)


def what_needs_a_human_is_not_stored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Alerts, "judge", lambda self, account, find, scope: None)


def a_message_that_failed_counts_as_sent(patch: pytest.MonkeyPatch) -> None:
    send = Ports.send

    def hopeful(self: Ports, *args: Any, **named: Any) -> None:
        try:
            send(self, *args, **named)
        except NotifyFailed:
            return

    patch.setattr(Ports, "send", hopeful)


def a_wrong_clock_speaks(patch: pytest.MonkeyPatch) -> None:
    """Neither the network's word about it is heeded nor the database's."""
    patch.setattr(Timekeeper, "_aside", property(lambda self: False))
    patch.setattr(observe.Observe, "_wrong_clock", lambda self, state, reading, now: None)


# Each with the world that noticed it last: only where to begin.
NOTICED: Mapping[Mutation, int] = {
    the_attempt_is_not_written_before_the_call: 0,
    a_time_out_is_tried_again: 3,
    a_server_error_counts_as_refused: 5,
    no_read_before_speaking: 0,
    what_people_post_by_hand_is_not_noted: 1,
    a_pasted_text_is_not_recognised: 3,
    a_doubt_is_matched_by_time_alone: 0,
    absent_after_one_empty_read: 33,
    a_doubt_is_never_settled: 3,
    no_claim_and_no_guard: 2,
    a_dead_daemon_keeps_its_claims: 0,
    the_content_is_not_compared_when_the_attempt_is_written: 0,
    approval_is_not_asked_when_the_attempt_is_written: 0,
    drafts_are_speakable: 0,
    one_look_says_all_it_may: 0,
    a_stop_is_not_asked_before_the_send: 3,
    an_old_decision_is_sent_all_the_same: 3,
    the_spool_is_never_replayed: 11,
    receipts_come_too_late_to_count: 3,
    the_next_look_is_lost: 0,
    what_needs_a_human_is_not_stored: 0,
    a_message_that_failed_counts_as_sent: 2,
    a_wrong_clock_speaks: 0,
}
MUTATIONS: Mapping[str, tuple[Mutation, int]] = {
    mutation.__name__.replace("_", " "): (mutation, seed) for mutation, seed in NOTICED.items()
}
