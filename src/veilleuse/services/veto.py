"""Veto: somebody does not want a post said. It holds before the next send, and the next post moves up."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.post import Post
from veilleuse.domain.veto import Veto
from veilleuse.ports import AuditStore, VetoStore


class VetoingStore(VetoStore, AuditStore, Protocol):
    def ring(self, accounts: Iterable[str], now: datetime) -> None: ...


def veto(store: VetoingStore, post: Post, person: str, now: datetime, reason: str = "") -> Veto:
    """Hold back exactly this content. `now` is aware UTC.

    Raises PostChanged if something else stands in the queue by now: then nothing was vetoed.
    """
    held = Veto(account=post.account, post_id=post.id, digest=post.digest, by=person, at=now, reason=reason)
    store.veto(held)
    store.note(Deed(at=now, by=person, act=Act.VETOED, account=post.account, subject=post.id, detail=reason))
    store.ring([post.account], now)
    return held


def release(store: VetoingStore, account: str, post_id: str, person: str, now: datetime) -> bool:
    """Take the veto back; whether there was one."""
    if not store.release(account, post_id):
        return False
    store.note(Deed(at=now, by=person, act=Act.RELEASED, account=account, subject=post_id))
    store.ring([account], now)
    return True
