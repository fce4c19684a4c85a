"""Where the database is: a SQLite file, or a PostgreSQL address."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from veilleuse.config.model import Settings
from veilleuse.config.problem import ConfigInvalid, Problem, sentences
from veilleuse.config.secrets import SecretSource
from veilleuse.language import sentence

DEFAULT_NAME = "veilleuse.db"
SCHEMES = ("postgresql", "postgres")


def check_database(value: str) -> None:
    """Raise ValueError "what is wrong; the mend" if it is neither a path nor a PostgreSQL address; quotes nothing."""
    scheme, separator, _ = value.partition("://")
    mend = sentence('write a path such as "veilleuse.db", or "postgresql://USER:PASSWORD@HOST/NAME"')
    if separator and scheme not in SCHEMES:
        raise ValueError(sentence("is of a kind veilleuse does not know; {mend}", mend=mend))
    if not separator and re.search(r"\b(dbname|host|user|password)\s*=", value):
        raise ValueError(sentence("is a PostgreSQL connection string; {mend}", mend=mend))
    if separator:
        try:
            whole = urlsplit(value).port != 0
        except ValueError:  # no number, or too large a one
            whole = False
        if not whole:
            raise ValueError(sentence("is no whole address; {mend}", mend=mend))
        if value.count("@") > min(1, urlsplit(value).netloc.count("@")):
            # The rest of the password would be taken for the host or the name, and shown.
            raise ValueError(sentence("holds an @ too many; in a password write it as %40, / as %2F and ? as %3F"))
    elif "\0" in value:
        raise ValueError(sentence("is no path; {mend}", mend=mend))


def holds_password(value: str) -> bool:
    """Whether a database address must be kept from others."""
    parts = urlsplit(value) if "://" in value else None
    return bool(parts and (parts.password or any("password" in key for key, _ in parse_qsl(parts.query))))


def database_location(settings: Settings, secrets: SecretSource) -> Path | str:
    """An absolute path (SQLite), or a "postgresql://" address, which may hold a password: never show it.

    The default is veilleuse.db in $STATE_DIRECTORY, else beside the configuration. Raises SecretMissing, ConfigInvalid.
    """
    folder = settings.path.parent
    if settings.database is None:
        state = secrets.environ.get("STATE_DIRECTORY", "").partition(":")[0]
        return Path(state or folder) / DEFAULT_NAME
    value = secrets.resolve(settings.database)
    try:
        check_database(value)
    except ValueError as wrong:
        message, remedy = sentences(wrong)
        problem = Problem(file=str(settings.path), key="database", line=None, message=message, remedy=remedy)
        raise ConfigInvalid((problem,)) from None
    return f"postgresql://{value.partition('://')[2]}" if "://" in value else folder / value
