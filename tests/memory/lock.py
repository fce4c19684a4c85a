"""What a transaction is to a database: one call at a time."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Any, TypeVar

T = TypeVar("T")


class Locked:
    def __init__(self) -> None:
        self.lock = RLock()


def one_at_a_time(cls: type[T]) -> type[T]:
    """Every public method of the class holds `self.lock`."""

    def locked(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, *args: Any, **named: Any) -> Any:
            with self.lock:
                return method(self, *args, **named)

        return call

    for name, method in vars(cls).copy().items():
        if callable(method) and not name.startswith("_"):
            setattr(cls, name, locked(method))
    return cls
