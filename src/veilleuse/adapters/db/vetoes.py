"""Vetoes: which contents somebody does not want said."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete, select

from veilleuse.adapters.db.approvals import ACCOUNT, POST, STANDING
from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import vetoes
from veilleuse.domain.veto import Veto
from veilleuse.language import sentence
from veilleuse.ports import PostChanged

RELEASE = delete(vetoes).where(vetoes.c.account == ACCOUNT, vetoes.c.post_id == POST)


class SqlVetoes(Part):
    def veto(self, veto: Veto) -> None:
        with self._db.write() as connection:
            standing = {"of_account": veto.account, "of_post": veto.post_id}
            if connection.execute(STANDING, standing).scalar() != veto.digest:
                raise PostChanged(sentence("{ref} is not what stands in the queue any more.", ref=veto.ref))
            connection.execute(self._db.insert(vetoes).on_conflict_do_nothing(), asdict(veto))

    def keep_vetoes(self, given: Iterable[Veto]) -> None:
        """As they were given in another database, whatever stands in this one's queue."""
        with self._db.write() as connection:
            for veto in given:
                connection.execute(self._db.insert(vetoes).on_conflict_do_nothing(), asdict(veto))

    def release(self, account: str, post_id: str) -> bool:
        with self._db.write() as connection:
            return connection.execute(RELEASE, {"of_account": account, "of_post": post_id}).rowcount > 0

    def vetoes(self, account: str | None = None) -> list[Veto]:
        wanted = select(vetoes).order_by(vetoes.c.at.desc(), vetoes.c.account, vetoes.c.post_id)
        if account is not None:
            wanted = wanted.where(vetoes.c.account == account)
        with self._db.read() as connection:
            return [Veto(**row._mapping) for row in connection.execute(wanted)]
