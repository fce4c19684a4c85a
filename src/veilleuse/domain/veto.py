"""A veto: somebody does not want this content said. The next post moves up; a changed text is judged anew."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """It holds for exactly this content, until it is taken back. `at` is aware UTC."""

    account: str
    post_id: str
    digest: str  # of what must not be said
    by: str
    at: datetime
    reason: str = ""

    @property
    def ref(self) -> str:
        return f"{self.account}/{self.post_id}"
