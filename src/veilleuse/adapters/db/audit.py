"""The trail of what people did. Rows are only ever added."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import audit
from veilleuse.domain.deed import Deed

COLUMNS = [column for column in audit.c if column.name != "id"]
NEWEST = select(*COLUMNS).order_by(audit.c.at.desc(), audit.c.id.desc())


class SqlAudit(Part):
    def note(self, deed: Deed) -> None:
        with self._db.write() as connection:
            connection.execute(audit.insert(), asdict(deed))

    def deeds(self, account: str | None = None, limit: int = 50, before: datetime | None = None) -> list[Deed]:
        wanted = NEWEST.limit(limit)
        if account is not None:
            wanted = wanted.where(audit.c.account == account)
        if before is not None:
            wanted = wanted.where(audit.c.at < before)
        with self._db.read() as connection:
            return [Deed(**row._mapping) for row in connection.execute(wanted)]
