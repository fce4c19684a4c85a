"""Who works on this database, and the schema they know."""

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, Text

from veilleuse.adapters.db.tables.base import metadata
from veilleuse.adapters.db.types import Moment

daemons = Table(
    "daemons",
    metadata,
    Column("name", Text, primary_key=True),
    Column("alive_until", Moment, nullable=False),
)

# Alembic's own, under our name so that another program's may stand in the same Postgres database.
VERSION_TABLE = "veilleuse_version"
version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)
