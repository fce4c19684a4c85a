"""One table of the file while it is read: every key is asked for once, what nobody asked for is unknown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from veilleuse.config.problem import Problems, dotted, sentences
from veilleuse.config.values import kind
from veilleuse.domain.lines import KeyLines
from veilleuse.domain.nearest import nearest
from veilleuse.language import sentence

T = TypeVar("T")
Default = TypeVar("Default")


class Section:
    """Reads one table. A mistake is noted and the default stands in, so that reading goes on to the next one."""

    def __init__(self, problems: Problems, values: Mapping[str, object], path: tuple[str, ...] = ()) -> None:
        self.path = path
        self.failed: set[str] = set()
        self._problems = problems
        self._values = values
        self._asked: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def take(self, key: str, parse: Callable[[object], T], default: Default) -> T | Default:
        """The parsed value of a key; the default if it is absent or wrong. `parse` raises ValueError "what; mend"."""
        self._asked[key] = None
        if key not in self._values:
            return default
        try:
            return parse(self._values[key])
        except ValueError as wrong:
            self.wrong(key, *sentences(wrong))
            return default

    def require(self, key: str, parse: Callable[[object], T], default: Default, mend: str) -> T | Default:
        """Like `take`, of a key that must be there."""
        if key not in self._values:
            self._asked[key] = None
            self.wrong(key, sentence("is missing"), mend)
            return default
        return self.take(key, parse, default)

    def table(self, key: str) -> "Section":
        """The table under a key; an empty one if it is absent or no table."""
        self._asked[key] = None
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            self.wrong(
                key,
                sentence("must be a table, not {kind}", kind=kind(values)),
                sentence("Write it as [{table}].", table=dotted((*self.path, key))),
            )
            return Section(Problems("", KeyLines("")), {}, (*self.path, key))  # all else would only repeat it
        return Section(self._problems, values, (*self.path, key))

    def tables(self) -> Iterator[tuple[str, "Section"]]:
        """All the tables in this one, in the order of the file."""
        for name in self._values:
            yield name, self.table(name)

    def wrong(self, key: str | None, message: str, remedy: str) -> None:
        """Note a mistake at a key of this table, or at the table itself."""
        if key is not None:
            self.failed.add(key)
        self._problems.add(self.path if key is None else (*self.path, key), message, remedy)

    def close(self, also: Iterable[str] = (), advice: Mapping[str, str] | None = None) -> None:
        """Every key must have been asked for, or stand in `also`. `advice`: remedies for foreseeable wrong keys."""
        known = {**self._asked, **dict.fromkeys(also)}
        for key in self._values:
            if key in known:
                continue
            guess = nearest(key, known)
            remedy = (
                sentence('Did you mean "{guess}"?', guess=guess)
                if guess
                else sentence("The keys here are: {keys}.", keys=", ".join(known))
            )
            self.wrong(key, sentence("is no key of veilleuse"), (advice or {}).get(key, remedy))
