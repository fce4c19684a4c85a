"""A visit: one browser, known by a signed cookie, and the person it has signed in as."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from veilleuse.config import Person

COOKIE = "veilleuse"
LASTS = 14 * 86_400  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`id` is random; `name` is whom it signed in as, "" for nobody; `mark` ends it when that password changes."""

    id: str
    name: str = ""
    mark: str = ""

    def proves(self, person: Person) -> bool:
        return bool(person.password) and self.name == person.name and hmac.compare_digest(self.mark, mark(person))


class Visits:
    """Reads and writes the cookie, and the token that each form must carry."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._signed = URLSafeTimedSerializer(key, salt="veilleuse.visit")
        self._sealed = URLSafeSerializer(key, salt="veilleuse.said")

    def begin(self, person: Person | None = None) -> Visit:
        """A new visit; at sign-in always, so that nobody can have planted it."""
        return Visit(
            id=secrets.token_urlsafe(18),
            name=person.name if person else "",
            mark=mark(person) if person else "",
        )

    def read(self, cookie: str | None) -> Visit | None:
        if not cookie:
            return None
        try:
            held = self._signed.loads(cookie, max_age=LASTS)
            return Visit(id=held["id"], name=held["name"], mark=held["mark"])
        except (BadData, KeyError, TypeError):
            return None

    def cookie(self, visit: Visit) -> str:
        return str(self._signed.dumps({"id": visit.id, "name": visit.name, "mark": visit.mark}))

    def seal(self, visit: Visit, said: str) -> str:
        """What was done, to be told on the next page: nobody can make a link that says something else."""
        return str(self._sealed.dumps([visit.id, said]))

    def unseal(self, visit: Visit, sealed: str) -> str:
        """What was sealed for this visit; "" for anything else."""
        try:
            owner, said = self._sealed.loads(sealed)
        except (BadData, ValueError, TypeError):
            return ""
        return str(said) if owner == visit.id else ""

    def token(self, visit: Visit) -> str:
        """What a form of this visit carries: no other site can know it."""
        return hmac.new(self._key, f"form {visit.id}".encode(), hashlib.sha256).hexdigest()

    def owns(self, visit: Visit, token: str) -> bool:
        return hmac.compare_digest(self.token(visit).encode(), token.encode(errors="replace"))


def mark(person: Person) -> str:
    return hashlib.sha256(f"mark {person.password}".encode()).hexdigest()[:32]
