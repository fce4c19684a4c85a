"""A post office: what was sent, and channels that can be cut."""

from collections.abc import Callable
from dataclasses import dataclass, field

from veilleuse.ports import NotifyFailed


@dataclass(frozen=True)
class Letter:
    person: str
    channel: int
    title: str
    body: str
    urgent: bool


@dataclass
class PostOffice:
    """`people` says how many channels each has; a channel in `dead` refuses."""

    people: dict[str, int] = field(default_factory=lambda: {"claire": 1})
    dead: set[tuple[str, int]] = field(default_factory=set)
    letters: list[Letter] = field(default_factory=list)
    tried: list[tuple[str, int]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None  # happens during each send

    def channels(self, person: str) -> int:
        return self.people.get(person, 0)

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        self.tried.append((person, channel))
        self.meanwhile()
        if (person, channel) in self.dead:
            raise NotifyFailed(f"{person}'s channel {channel + 1} is dead.")
        self.letters.append(Letter(person, channel, title, body, urgent))
