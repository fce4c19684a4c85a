"""Recognise (rule 8): a queued text that stands on the timeline already is published, whoever put it there."""

from collections.abc import Collection, Iterable
from datetime import datetime

import structlog

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.attempt import Proof, Receipt
from veilleuse.domain.doubt import match
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import RESERVE_GAP
from veilleuse.domain.queue import Candidate
from veilleuse.ports import LookStore

log = structlog.get_logger()


def recognise(
    store: LookStore, account: Account, spec: NetworkSpec, identity: str, reading: Reading, now: datetime
) -> None:
    """Record every queued text found under an id without a receipt: a human pasted it, or a backup was restored."""
    if not reading.entries:
        return
    taken = store.bound_ids(account.name)
    fresh = [entry for entry in reading.entries if entry.remote_id not in taken]
    if fresh:
        _record(store, account, spec, identity, store.candidates(account.name), fresh, now)


def recall(
    store: LookStore, account: Account, spec: NetworkSpec, identity: str, candidate: Candidate, now: datetime
) -> bool:
    """Whether this post was said within 90 days in what earlier reads showed; if so, it is recorded.

    When they were read, its text may not have stood in any file: taken out and put back, or queued after it was pasted.
    """
    seen = store.timeline(account.name, now - RESERVE_GAP, now)
    taken = store.bound_ids(account.name) if seen else frozenset()
    unclaimed = [entry for entry in seen if entry.remote_id not in taken]
    return _record(store, account, spec, identity, [candidate], unclaimed, now) > 0


def _record(
    store: LookStore,
    account: Account,
    spec: NetworkSpec,
    identity: str,
    candidates: Iterable[Candidate],
    entries: Collection[Entry],
    now: datetime,
) -> int:
    """How many of these posts stand among these entries."""
    taken: set[str] = set()
    for candidate in candidates:
        if candidate.uses and not candidate.post.reserve:
            continue
        for text in candidate.post.wordings(account.network):
            composed = spec.compose(text, candidate.post.link)
            said = [entry for entry in match(composed, entries, taken) if _since_last_use(entry, candidate)]
            if said:
                entry = max(said, key=lambda entry: entry.created_at)
                taken.add(entry.remote_id)
                store.record_receipt(_receipt(account, identity, candidate, composed, entry, now))
                log.info("post.already_said", account=account.name, post=candidate.post.ref, url=entry.url)
                break
    return len(taken)


def _since_last_use(entry: Entry, candidate: Candidate) -> bool:
    """A reserve post is said again now and then: only what is newer than its last use counts."""
    return not candidate.uses or entry.created_at > candidate.uses[-1]


def _receipt(account: Account, identity: str, candidate: Candidate, text: str, entry: Entry, now: datetime) -> Receipt:
    post = candidate.post
    return Receipt(
        account=account.name,
        network=account.network,
        identity=identity,
        remote_id=entry.remote_id,
        post_id=post.id,
        use=len(candidate.uses),
        digest=post.digest,
        text=text,
        link=post.link,
        image=post.image.sha256 if post.image else None,
        approved_by=post.approved_by or "",
        url=entry.url,
        at=min(entry.created_at, now),
        proof=Proof.ALREADY_SAID,
    )
