"""Where the configuration says a secret is."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from veilleuse.config.values import kind, text
from veilleuse.language import N_, _, sentence

MEND = N_('write {{ env = "NAME" }}, {{ file = "PATH" }} or {{ credential = "NAME" }}')


class Origin(StrEnum):
    CLEAR = "clear"  # it stands in the configuration itself
    ENV = "env"
    FILE = "file"
    CREDENTIAL = "credential"  # of systemd, or a file in /run/secrets


_PLACES = {
    Origin.ENV: N_("the variable {name}"),
    Origin.FILE: N_("the file {name}"),
    Origin.CREDENTIAL: N_("the credential {name}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef:
    """Where a secret is. `held` is the variable's, file's or credential's name, or the secret itself if CLEAR."""

    origin: Origin
    held: str = field(repr=False)

    def __str__(self) -> str:
        if self.origin is Origin.CLEAR:
            return _("the configuration itself")
        return _(_PLACES[self.origin]).format(name=self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefParser:
    """Reads where a secret is. ValueError "what; mend", never quoting the value."""

    folder: Path  # { file = } is relative to it
    private: bool  # nobody but its owner can read the configuration

    def __call__(self, value: object) -> SecretRef:
        """A string (the secret in clear), { env = }, { file = } or { credential = }."""
        if isinstance(value, str):
            return self.clear(value)
        if not isinstance(value, dict):
            raise ValueError(
                sentence("must say where the secret is, not {kind}; {mend}", kind=kind(value), mend=sentence(MEND))
            )
        origins = {origin.value: origin for origin in Origin if origin is not Origin.CLEAR}
        if len(value) != 1 or not value.keys() <= origins.keys():
            raise ValueError(sentence("must name exactly one of env, file and credential; {mend}", mend=sentence(MEND)))
        [(word, name)] = value.items()
        try:
            held = text(name)
        except ValueError:
            raise ValueError(
                sentence("must name its {word} in quotes; {mend}", word=word, mend=sentence(MEND))
            ) from None
        origin = origins[word]
        if origin is Origin.ENV and not held.isidentifier():
            raise ValueError(sentence("names no variable; write its bare name, of letters, digits and _"))
        if origin is Origin.CREDENTIAL and "/" in held:
            raise ValueError(
                sentence("names a credential with a slash in it; write its bare name, or {{ file = }} for a path")
            )
        return SecretRef(origin=origin, held=str(self.folder / held) if origin is Origin.FILE else held)

    def clear(self, value: str) -> SecretRef:
        """The secret itself, which only a private file may hold."""
        if not value.strip():
            raise ValueError(sentence("is empty; {mend}", mend=sentence(MEND)))
        if not self.private:
            raise ValueError(
                sentence(
                    "is a secret in a file that others can read; make it private (chmod 600), or {mend}",
                    mend=sentence(MEND),
                )
            )
        return SecretRef(origin=Origin.CLEAR, held=value.strip())
