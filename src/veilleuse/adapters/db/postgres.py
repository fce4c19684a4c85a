"""Postgres: how it is addressed, and connections that are asked whether they live only where that is in doubt."""

import select
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError

from veilleuse.language import sentence
from veilleuse.ports import StoreUnfit

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

POOL = 5  # connections kept; a look holds one for milliseconds
OVERFLOW = 10
POOL_SECONDS = 30.0
TRUSTED = 1.0  # seconds for which a connection that has just answered is not asked whether it lives

# libpq's own words; the address may say otherwise. A server that vanished is noticed within a minute.
CONNECT: Mapping[str, str | int] = {
    "application_name": "veilleuse",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def postgres_url(address: str) -> URL:
    scheme = address.partition("://")[0]
    if scheme not in SCHEMES:
        raise StoreUnfit(
            sentence("`database` is neither a file's path nor postgresql://..., but {scheme}://...", scheme=scheme)
        )
    try:
        return make_url(address).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise StoreUnfit(
            sentence(
                "`database` cannot be read as postgresql://USER:PASSWORD@HOST:PORT/NAME; percent-encode special "
                "characters in the password."
            )
        ) from None


def postgres_engine(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_size=POOL,
            max_overflow=OVERFLOW,
            pool_timeout=POOL_SECONDS,
            hide_parameters=True,
            connect_args={key: value for key, value in CONNECT.items() if key not in url.query},
        )
    except ImportError:
        raise StoreUnfit(sentence("A Postgres database needs its driver: pip install 'veilleuse[postgres]'")) from None
    _ask_who_rested(engine)
    return engine


def _ask_who_rested(engine: Engine) -> None:
    """Whether a connection lives is asked before its use where that is in doubt: it lay unused, or its server spoke.

    The question costs as much as a read, and `pool_pre_ping` would ask it four times a post.
    """

    @event.listens_for(engine, "checkin")
    def rests(dbapi_connection: Any, record: "ConnectionPoolEntry") -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def used_again(dbapi_connection: Any, record: "ConnectionPoolEntry", proxy: object) -> None:
        rested = time.monotonic() - record.info.get("since", time.monotonic())
        if rested < TRUSTED and not _said_something(dbapi_connection):
            return
        try:
            engine.dialect.do_ping(dbapi_connection)
        except engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None


def _said_something(connection: Any) -> bool:
    """Whether a server that was asked nothing has sent something: its goodbye, mostly."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def secrets_of(url: URL) -> tuple[str, ...]:
    """What must not be shown: the password, and options like `sslpassword`."""
    options = [text for key, text in url.normalized_query.items() if "pass" in key for text in text]
    return tuple(text for text in (url.password, *options) if text)
