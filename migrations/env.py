"""How Alembic runs the migrations: always inside the program, on the connection it is given."""

from alembic import context

from veilleuse.adapters.db.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # true of SQLite too, as this program opens it
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
