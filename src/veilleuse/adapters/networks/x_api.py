"""The calls of one account to X through tweepy: their deadlines, and what they cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from veilleuse.adapters.networks.bill import Bill
from veilleuse.adapters.networks.call import Answer, ask
from veilleuse.adapters.networks.x_errors import explain, missing
from veilleuse.domain import prices
from veilleuse.domain.errors import BudgetExhausted

if TYPE_CHECKING:
    import tweepy

    from veilleuse.adapters.networks.http import Transport
    from veilleuse.adapters.networks.rates import Meter

T = TypeVar("T")


class Api:
    """`reading` and `sending` raise the errors of `domain.errors`; what is asked inside them, whatever it raises."""

    def __init__(
        self,
        *,
        client: tweepy.Client,
        transport: Transport,
        meter: Meter,
        secrets: tuple[str, ...],
        read_deadline: float,
        send_deadline: float,
    ) -> None:
        self.client = client
        self.bill = Bill(meter.app)
        self.secrets = secrets
        self._transport = transport
        self._meter = meter
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline

    @property
    def answer(self) -> Answer | None:
        """The last whole one."""
        return self._transport.answer

    @property
    def now(self) -> datetime | None:
        """X's own time, of its last answer."""
        return self.answer.date if self.answer else None

    def user(self, call: Callable[[], Any], handle: str) -> Any:
        """The user in the answer to what is asked of @handle; None if the path itself is unknown. It is billed."""
        try:
            answer = call()
        except Exception:
            if self.answer is not None and self.answer.status == 404:
                return None
            raise
        if "data" not in answer and answer.get("errors"):
            raise missing(self.answer, handle)
        self.bill.read(prices.X_USER_READ, f"user {answer['data']['id']}", self.now)
        return answer["data"]

    def reading(self, call: Callable[[], T]) -> T:
        return self._asked(call, self._read_deadline, read=True)

    def sending(self, call: Callable[[], T], *, publishing: bool) -> T:
        return self._asked(call, self._send_deadline, publishing=publishing)

    def _asked(self, call: Callable[[], T], seconds: float, *, read: bool = False, publishing: bool = False) -> T:
        self._transport.start(seconds)
        try:
            return ask(
                call,
                lambda error: explain(error, self.answer, self.secrets, read=read, publishing=publishing),
            )
        except BudgetExhausted as refusal:
            broke = self._meter.broke(refusal)
        raise broke
