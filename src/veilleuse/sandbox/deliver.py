"""How an answer travels, or fails to: whole, slowly, spoilt, cut off, or never."""

import socket
import struct
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus

from veilleuse.sandbox.faults import REFUSALS, Fault
from veilleuse.sandbox.wire import Call, Response

_WEB_PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
_DRIP = 0.05  # seconds between two bytes


def outcome(call: Call, fault: Fault | None) -> Response | None:
    """What to answer; None: close the connection without an answer. Takes effect unless the fault forbids it."""
    if fault in REFUSALS:
        return call.refuse(fault.value)
    match fault:
        case Fault.HTML:
            return Response(status=502, body=_WEB_PAGE, headers={"Content-Type": "text/html"})
        case Fault.REDIRECT:
            return Response(status=307, headers={"Location": "https://api.x.com/2/elsewhere"})
        case Fault.RESET:
            return None
    response = call.act()
    match fault:
        case Fault.BUSY_AFTER:
            return call.refuse(Fault.BUSY.value)
        case Fault.HTML_AFTER:
            return Response(status=502, body=_WEB_PAGE, headers={"Content-Type": "text/html"})
        case Fault.SILENCE_AFTER | Fault.RESET_AFTER:
            return None
        case Fault.EMPTY_AFTER:
            return Response(status=200, headers=response.headers)
        case Fault.NO_ID_AFTER:
            return Response(status=200, body=b"{}", headers=response.headers)
        case Fault.NO_CONTENT_TYPE:
            kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
            return Response(status=response.status, body=response.body, headers=kept)
    return response


def date(now: datetime, fault: Fault | None) -> str | None:
    """The `Date` header."""
    if fault is Fault.NO_DATE:
        return None
    return format_datetime(now - timedelta(days=1) if fault is Fault.WRONG_DATE else now, usegmt=True)


def pieces(response: Response, dated: str | None, fault: Fault | None, stopping: threading.Event) -> Iterator[bytes]:
    """The bytes of the answer, as they leave."""
    headers = {
        "Date": dated,
        "Content-Length": str(len(response.body)),
        "Server": "veilleuse-sandbox",
        **response.headers,
    }
    lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    whole = "\r\n".join([*lines, "", ""]).encode("latin-1") + response.body
    if fault is not Fault.DRIP:
        yield whole
        return
    for byte in whole:
        yield bytes([byte])
        if stopping.wait(_DRIP):
            return


def reset(connection: socket.socket) -> None:
    """Close so that the other side sees a reset, not an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
