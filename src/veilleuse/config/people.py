"""The people: who can be called, and who may approve."""

from collections.abc import Callable, Collection
from functools import partial
from zoneinfo import ZoneInfo

from veilleuse.config.model import Person, Role
from veilleuse.config.secret_ref import RefParser, SecretRef
from veilleuse.config.section import Section
from veilleuse.config.values import NAME, NAME_REMEDY, language, one_of, password_hash, shown, text, week
from veilleuse.domain.hours import Hours
from veilleuse.domain.nearest import nearest
from veilleuse.language import sentence


def read_people(section: Section, ref: RefParser, zone: ZoneInfo, spoken: str) -> tuple[Person, ...]:
    """Everyone in [people]; where to call them is read, not fetched. `zone` and `spoken` are the house's."""
    tables = dict(section.tables())
    known = somebody(tables)
    people = []
    for name, person in tables.items():
        if not NAME.fullmatch(name):
            section.wrong(name, sentence("is no name for a person"), sentence(NAME_REMEDY))
        quiet = person.take("quiet_hours", week, None)
        people.append(
            Person(
                name=name,
                notify=person.take("notify", partial(_channels, ref), ()),
                deputy=person.take("deputy", known, None),
                language=person.take("language", language, spoken),
                quiet_hours=Hours(zone=zone, week=quiet) if quiet else None,
                password=person.take("password", password_hash, None),
                role=person.take("role", partial(one_of, Role), Role.APPROVER),
            )
        )
        person.close()
    return tuple(people)


def somebody(names: Collection[str]) -> Callable[[object], str]:
    """A parser that takes only the name of one of these people."""

    def parse(value: object) -> str:
        name = text(value)
        if name not in names:
            guess = nearest(name, names)
            mend = (
                sentence('did you mean "{guess}"?', guess=guess)
                if guess
                else sentence("add [people.{name}]", name=name if NAME.fullmatch(name) else "NAME")
            )
            raise ValueError(sentence('nobody in [people] is called "{name}"; {mend}', name=shown(name), mend=mend))
        return name

    return parse


def _channels(ref: RefParser, value: object) -> tuple[SecretRef, ...]:
    """Apprise addresses; one may stand without brackets."""
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, str) and "://" not in item for item in items):
        raise ValueError(
            sentence('is no Apprise address; write one such as "mailtos://USER:PASSWORD@HOST", or {{ env = "NAME" }}')
        )
    return tuple(ref(item) for item in items)
