"""Resolve: a human settles what reading could not, with the evidence laid out; who said so is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Proof, Receipt, receipt_of
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.doubt import BLOCKS_FOR, CALL_DEADLINE
from veilleuse.language import _, each_language, sentence
from veilleuse.ports import AuditStore, LookStore

BEFORE = timedelta(minutes=5)  # the network's clock may be behind ours
SHOWN = 10  # entries of the timeline near that moment


class DoubtStore(LookStore, AuditStore, Protocol):
    """Doubts, and who settled them."""


class CannotResolve(Exception):
    """A sentence: why this verdict is not taken. Nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one doubt. `near`: what its account showed around that moment, the oldest first."""

    attempt: Attempt
    near: tuple[Entry, ...]
    under_way: bool  # the call may be going on at this moment: nobody can settle it yet


def evidence(store: LookStore, account: Account, now: datetime) -> list[Evidence]:
    """Every doubt of the account, the oldest first. `now` is aware UTC."""
    return [_evidence(store, attempt, now) for attempt in store.unsettled(account.name)]


def _evidence(store: LookStore, attempt: Attempt, now: datetime) -> Evidence:
    at = attempt.created_at
    near = store.timeline(attempt.account, at - BEFORE, at + BLOCKS_FOR)
    under_way = attempt.outcome is Outcome.OPEN and now <= attempt.send_before + CALL_DEADLINE
    return Evidence(attempt=attempt, near=tuple(near[:SHOWN]), under_way=under_way)


def doubt(store: LookStore, account: Account, post_id: str, now: datetime) -> Evidence:
    """The doubt about that post. Raises CannotResolve if there is none, or while its call may be under way."""
    ref = f"{account.name}/{post_id}"
    found = next((each for each in evidence(store, account, now) if each.attempt.post_id == post_id), None)
    if found is None:
        raise CannotResolve(_("{ref} is not in doubt; `veilleuse resolve` lists what is.").format(ref=ref))
    if found.under_way:
        raise CannotResolve(_("{ref} is being sent at this moment. Ask again in two minutes.").format(ref=ref))
    return found


def published(store: DoubtStore, account: Account, doubt: Evidence, said: str, by: str, now: datetime) -> Receipt:
    """It stands on the network: `said` is its address or its id there. Raises CannotResolve."""
    attempt = doubt.attempt
    seen = _seen(doubt.near, said)
    remote_id, identity = seen.remote_id if seen else _id_in(said), store.state(account.name).remote_id
    if identity is None:
        raise CannotResolve(
            _("{name} has changed in the configuration and was not read since. Ask again when it was.").format(
                name=account.name
            )
        )
    if not remote_id:
        raise CannotResolve(_('"{said}" names no post: give its whole address, or its id.').format(said=said))
    if remote_id in attempt.baseline:
        raise CannotResolve(
            _("{remote_id} stood there before {ref} was sent: it is another post.").format(
                remote_id=remote_id, ref=attempt.ref
            )
        )
    if other := next((r for r in store.receipts(account.name, 1000) if r.remote_id == remote_id), None):
        raise CannotResolve(
            _("{remote_id} is the proof of {ref} already.").format(
                remote_id=remote_id, ref=f"{other.account}/{other.post_id}"
            )
        )
    receipt = receipt_of(
        attempt,
        network=account.network,
        identity=identity,
        remote_id=remote_id,
        url=(seen.url if seen else None) or (said if "://" in said else None),
        at=min(seen.created_at, now) if seen else attempt.created_at,
        proof=Proof.HUMAN,
    )
    found = sentence("{person} found it on the account: {place}.", person=by, place=receipt.url or remote_id)
    _note(store, attempt, Outcome.HELD, found, now)
    store.record_receipt(receipt)
    store.note(_deed(account, attempt.post_id, receipt.url or remote_id, by, now))
    store.ring([account.name], now)
    return receipt


def not_published(store: DoubtStore, account: Account, doubt: Evidence, by: str, now: datetime) -> None:
    """It does not stand there: it may be said again, behind the others and not within a day."""
    detail = sentence("{person} looked at the account: it is not there. It may be said again later.", person=by)
    _note(store, doubt.attempt, Outcome.REFUSED, detail, now, Fault.ABSENT)
    store.note(_deed(account, doubt.attempt.post_id, sentence("not published"), by, now))
    store.ring([account.name], now)


def gap_answered(store: DoubtStore, account: Account, by: str, now: datetime) -> None:
    """A human has looked through what no read has shown, and taken out of the files what was said there."""
    if store.state(account.name).gap_at is None:
        raise CannotResolve(
            _("All of {name} that matters was read; there is nothing to answer for.").format(name=account.name)
        )
    store.note_gap(account.name, None)
    store.note(_deed(account, "", sentence("looked through what no read has shown"), by, now))
    store.ring([account.name], now)


def _deed(account: Account, post_id: str, detail: str, by: str, now: datetime) -> Deed:
    return Deed(at=now, by=by, act=Act.RESOLVED, account=account.name, subject=post_id, detail=detail)


def _note(
    store: LookStore, attempt: Attempt, outcome: Outcome, detail: str, now: datetime, fault: Fault | None = None
) -> None:
    kept = each_language(lambda: " ".join(str(part) for part in (attempt.detail, detail) if part))
    store.close_attempt(attempt.id, outcome, now=now, fault=fault, detail=kept)


def _seen(near: Sequence[Entry], said: str) -> Entry | None:
    """The entry meant, if a read has shown it: by its id, whole or as people see it, or by its address."""
    wanted, address = _id_in(said), _address(said)
    for entry in near:
        if wanted and (entry.remote_id == wanted or entry.remote_id.endswith(f"_{wanted}")):
            return entry
        if address and entry.url and _address(entry.url) == address:
            return entry
    return None


def _id_in(said: str) -> str:
    """An id as it is, or the last part of an address's path: x.com/acme/status/ID, facebook.com/acme/posts/ID."""
    if "://" not in said:
        return said.strip()
    return urlsplit(said.strip()).path.rstrip("/").rpartition("/")[2]


def _address(said: str) -> tuple[str, str, str] | None:
    if "://" not in said:
        return None
    parts = urlsplit(said.strip())
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query
