"""Which schema a database has, and the whole of it for a new one."""

from sqlalchemy import Connection, func, inspect, select

from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.sqlite import sqlite_engine
from veilleuse.adapters.db.tables import REVISION, VERSION_TABLE, metadata, version
from veilleuse.language import sentence
from veilleuse.ports import DatabaseMissing, SchemaNewer, SchemaOlder, StoreUnfit

# Held by whoever creates or migrates a Postgres schema; any number that is always the same.
ADVISORY_LOCK = 7_365_112_004


def schema_of(connection: Connection) -> str | None:
    """The revision a database was written by; None if it holds nothing of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.execute(select(version.c.version_num)).scalar()
    return revision


def stored_schema(db: Database) -> str | None:
    """As `schema_of`; a SQLite file that is not there holds nothing. Raises StoreUnfit if the path is a folder's."""
    if db.path is not None and not db.path.exists():
        return None
    if db.path is not None and db.path.is_dir():
        raise StoreUnfit(
            sentence("The database {path} is a folder. Name a file as `database` in the configuration.", path=db.path)
        )
    with db.read() as connection:
        return schema_of(connection)


def require(db: Database) -> None:
    """Raises DatabaseMissing, SchemaOlder or SchemaNewer unless the schema is exactly this program's."""
    found = stored_schema(db)
    if found is None:
        raise DatabaseMissing(
            sentence(
                "There is no veilleuse database at {name}. `veilleuse init` or `veilleuse run` makes one; if "
                "there should be one, check `database` in the configuration.",
                name=db.name,
            )
        )
    refuse_newer(db, found)
    if found != REVISION:
        raise SchemaOlder(
            sentence(
                "The database {name} was written by an older version (schema {found}; this one needs "
                "{revision}). Run `veilleuse db upgrade`; a SQLite file is backed up first.",
                name=db.name,
                found=found,
                revision=REVISION,
            )
        )


def refuse_newer(db: Database, found: str) -> None:
    if not found.isdecimal() or int(found) > int(REVISION):
        raise SchemaNewer(
            sentence(
                "The database {name} was written by a newer version (schema {found}; this one knows {revision}). "
                "Nothing was changed. Install the newer veilleuse, or restore a backup made before the upgrade.",
                name=db.name,
                found=found,
                revision=REVISION,
            )
        )


def create(db: Database) -> None:
    """Lay the whole schema at once, unless somebody else just did. Tests hold it equal to all migrations in turn."""
    engine = db.writer if db.path is None else sqlite_engine(db.path, "rwc")
    try:
        with db.explained(), engine.begin() as connection:
            lock_schema(connection)
            if schema_of(connection) is None:
                if db.path is None:
                    _same_indexes_on_postgres()
                metadata.create_all(connection, checkfirst=False)
                version.create(connection)
                connection.execute(version.insert().values(version_num=REVISION))
    finally:
        if engine is not db.writer:
            engine.dispose()


def _same_indexes_on_postgres() -> None:
    """Declared for both, each start on SQLite would load all of SQLAlchemy's Postgres dialect."""
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        if (some_rows := index.dialect_options["sqlite"]["where"]) is not None:
            index.dialect_options["postgresql"]["where"] = some_rows


def lock_schema(connection: Connection) -> None:
    """Until the end of the transaction, nobody else creates or migrates."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))
