"""The archive: all that an account has said, as far as this house saw it. A network may delete its copy tomorrow."""

from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.attempt import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing that was said. Times are aware UTC. What people said by hand has no post and nobody who approved it."""

    account: str
    network: str
    at: datetime
    by: Author
    kind: Kind
    text: str
    remote_id: str
    url: str | None = None
    link: str | None = None
    image: str | None = None  # SHA-256; in a written archive, where the file stands
    alt: str | None = None
    content_warning: str | None = None
    post: str | None = None  # ACCOUNT/ID
    approved_by: str | None = None
    approved_at: datetime | None = None
    proof: Proof | None = None
