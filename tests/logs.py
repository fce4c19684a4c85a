"""Logging as it was: a command under test sets it up for the whole process."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from veilleuse import log


@contextmanager
def logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", *log.CHATTY)}
    handlers, hooks = list(root.handlers), (sys.excepthook, threading.excepthook, logging.raiseExceptions)
    yield
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook, threading.excepthook, logging.raiseExceptions = hooks
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    log._redactor = log.Redactor()
