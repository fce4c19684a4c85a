"""The program's own log would cost more time than the program: the story is told by the world instead."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def without_logs() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
    )
    try:
        yield
    finally:
        structlog.configure(**before)
