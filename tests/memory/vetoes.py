"""Vetoes in memory."""

from tests.memory.lock import one_at_a_time
from tests.memory.posts import MemoryPosts
from veilleuse.domain.post import Post
from veilleuse.domain.veto import Veto
from veilleuse.ports import PostChanged


@one_at_a_time
class MemoryVetoes(MemoryPosts):
    def __init__(self) -> None:
        super().__init__()
        self._vetoes: dict[tuple[str, str, str], Veto] = {}

    def veto(self, veto: Veto) -> None:
        stored = self._posts.get((veto.account, veto.post_id))
        if stored is None or not stored.stands or stored.post.digest != veto.digest:
            raise PostChanged(f"{veto.ref} is not what stands in the queue any more.")
        self._vetoes.setdefault((veto.account, veto.post_id, veto.digest), veto)

    def release(self, account: str, post_id: str) -> bool:
        held = [key for key in self._vetoes if key[:2] == (account, post_id)]
        for key in held:
            del self._vetoes[key]
        return bool(held)

    def vetoes(self, account: str | None = None) -> list[Veto]:
        wanted = [veto for veto in self._vetoes.values() if account in (None, veto.account)]
        return sorted(sorted(wanted, key=lambda v: (v.account, v.post_id)), key=lambda v: v.at, reverse=True)

    def _vetoed_by(self, post: Post) -> str | None:
        veto = self._vetoes.get((post.account, post.id, post.digest))
        return veto.by if veto else None
