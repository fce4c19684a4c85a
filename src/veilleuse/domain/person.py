"""A person, as far as calling somebody goes; how to reach them is a secret and stands elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.hours import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be called."""

    name: str
    deputy: str | None = None  # called too, when this person does not answer
    language: str = "en"
    quiet_hours: Hours | None = None  # when nothing that can wait is sent; in the house's zone

    def rests(self, now: datetime) -> bool:
        """Whether it is quiet hours for them at that aware moment."""
        return self.quiet_hours is not None and self.quiet_hours.is_open(now)


People = Mapping[str, Person]


def known(people: People, name: str) -> Person:
    """That person; one of whom nothing is known but the name, if they have left the configuration."""
    return people.get(name) or Person(name=name)
