"""What is wrong with a database, in words for the person who runs it. Never its password, never a parameter."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from veilleuse.language import N_, _, each_language, sentence
from veilleuse.ports import StoreUnavailable

Trouble = tuple[str, str]  # what is wrong, what to do

# By SQLite's names of its result codes: https://www.sqlite.org/rescode.html
SQLITE: Mapping[str, Trouble] = {
    "SQLITE_BUSY": (
        N_("another program keeps it locked"),
        N_("Close what else has it open, a database shell perhaps."),
    ),
    "SQLITE_CANTOPEN": (
        N_("it cannot be opened"),
        N_("Check that its folder exists, and that the user who runs veilleuse may read and write in it."),
    ),
    "SQLITE_READONLY": (
        N_("it cannot be written"),
        N_("Give the user who runs veilleuse the right to write the file and its folder."),
    ),
    "SQLITE_FULL": (N_("the disk is full"), N_("Free some space; veilleuse then goes on by itself.")),
    "SQLITE_IOERR": (N_("the disk does not do what is asked"), N_("Free some space, and look at the disk's health.")),
    "SQLITE_NOTADB": (
        N_("the file is no SQLite database"),
        N_("Name another file as `database`, or restore a backup."),
    ),
    "SQLITE_CORRUPT": (N_("the file is damaged"), N_("Stop veilleuse and restore a backup.")),
}

# By class of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES: Mapping[str, Trouble] = {
    "42501": (N_("this user lacks a right"), N_("Make the user of `database` the owner of veilleuse's tables.")),
    "42P01": (N_("a table is missing"), N_("Restore a backup, or name another database.")),
    "25006": (N_("the server is read-only"), N_("Name the primary server in `database`.")),
    "53": (N_("the server is short of disk, memory or connections"), N_("Look at the server.")),
    "55P03": (N_("another program keeps it locked"), N_("Look for a long transaction on the server.")),
    "57": (N_("the server stopped the work"), N_("Look at the server; veilleuse then goes on by itself.")),
}
UNREACHABLE: Trouble = (N_("it does not answer"), N_("Check that the server runs and that `database` names it."))
REFUSED: Trouble = (
    N_("the server refuses the connection"),
    N_("Check user, password and database name in `database`."),
)
BUSY_POOL: Trouble = (N_("all connections stayed busy"), N_("Look for what makes the database slow."))
UNKNOWN: Trouble = (N_("it fails"), N_("Look at the database; veilleuse goes on by itself when it answers."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainer:
    """Turns the driver's errors into StoreUnavailable. `secrets` are cut out of whatever the driver says."""

    name: str
    secrets: tuple[str, ...] = ()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, DataError):
            raise  # about the values, not about the database
        except PoolTimeout:
            raise self._unavailable(BUSY_POOL, "") from None
        except DBAPIError as error:
            raise self._unavailable(_trouble(error), str(error.orig)) from None

    def _unavailable(self, trouble: Trouble, driver_says: str) -> StoreUnavailable:
        what, remedy = trouble
        cause = _without(driver_says.strip().partition("\n")[0], self.secrets)
        said = f" ({cause})" if cause else ""
        return StoreUnavailable(
            sentence(
                "The database {name} cannot be used: {what}. {remedy}",
                name=self.name,
                what=each_language(lambda: f"{_(what)}{said}"),
                remedy=sentence(remedy),
            )
        )


def _trouble(error: DBAPIError) -> Trouble:
    sqlite = getattr(error.orig, "sqlite_errorname", None)
    if sqlite is not None:
        return SQLITE.get("_".join(sqlite.split("_")[:2]), UNKNOWN)
    state = getattr(error.orig, "sqlstate", None)
    if state is None or state.startswith("08"):  # while connecting, psycopg tells the cause in its text only
        return REFUSED if "FATAL:" in str(error.orig) else UNREACHABLE
    return POSTGRES.get(state) or POSTGRES.get(state[:2], UNKNOWN)


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
