"""Why the database cannot, or will not."""


class AttemptRefused(Exception):
    """The database forbids this attempt: a freeze, the gap, another attempt, a changed post. Nothing was sent."""

    @property
    def sentence(self) -> str:
        """Why, in every language."""
        why: str = self.args[0]
        return why


class PostChanged(Exception):
    """What was to be signed is not what stands in the queue now. Nothing was signed."""


class StoreUnavailable(Exception):
    """The database cannot be reached or written. The message says what to do and holds no secret."""


class StoreUnfit(Exception):
    """The database must not be used as it is. The message says what to do and holds no secret."""


class DatabaseMissing(StoreUnfit):
    """There is none yet at that path or address."""


class SchemaOlder(StoreUnfit):
    """It was written by an older version of this program."""


class SchemaNewer(StoreUnfit):
    """It was written by a newer version of this program: a daemon that meets it stops claiming."""


class AnotherDaemon(StoreUnfit):
    """A daemon already works on this SQLite file."""
