"""What every table belongs to."""

from sqlalchemy import MetaData

REVISION = "0003"  # the newest migration: what this program reads and writes

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})
