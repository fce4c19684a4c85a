"""Posts as the files own them, their images, and what each file was judged to be."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from veilleuse.adapters.db.tables.base import metadata
from veilleuse.adapters.db.types import Duration, Moment

images = Table(
    "images",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("line", Integer),
    Column("named", Boolean, nullable=False),
    Column("link", Text),
    Column("image_sha256", Text, ForeignKey("images.sha256")),
    Column("image_type", Text),
    Column("image_size", Integer),
    Column("image_name", Text),
    Column("alt", Text),
    Column("variants", JSON, nullable=False),
    Column("not_before", Moment),
    Column("not_after", Moment),
    Column("priority", Integer, nullable=False),
    Column("reserve", Boolean, nullable=False),
    Column("reserve_gap", Duration, nullable=False),
    Column("max_uses", Integer),
    Column("approved_by", Text),
    Column("order_file", Text, nullable=False),
    Column("order_position", Integer, nullable=False),
    Column("digest", Text, nullable=False),  # what was approved
    Column("row_digest", Text, nullable=False),  # what else was written, and where it stands
    Column("missing_since", Moment),
    Column("withdrawn_at", Moment),
    Column("content_warning", Text),
)

content_files = Table(
    "content_files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("verdicts", JSON, nullable=False),
    Column("accounts", JSON, nullable=False),
)
