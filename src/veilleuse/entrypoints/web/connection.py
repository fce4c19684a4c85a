"""A connection to the page: nobody holds one for long, and nobody holds them all."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

WITHIN = 60.0  # seconds from one answer to the end of the next, whoever is slow: the upload of 11 MB fits
MOST = 256  # open at once: the daemon needs the rest of its file descriptors to keep the accounts alive


class Connection(H11Protocol):
    """uvicorn itself waits for ever for a request that never comes, and takes any number of connections."""

    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
        else:
            self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._forget()
        self._end = self.loop.call_later(WITHIN, self.transport.abort)

    def _forget(self) -> None:
        if self._end is not None:
            self._end.cancel()
