"""Requests and answers of the sandbox, before and after HTTP."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.parser import BytesParser
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from veilleuse.sandbox.ledger import Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file of a multipart form."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`headers` by lower-case name; `fields` are the query and the form together, the form winning."""

    method: str
    target: str  # path and query, as sent
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    fields: Mapping[str, str]
    files: Mapping[str, Upload]

    @property
    def json(self) -> Any:
        """The JSON object in the body; empty if there is none."""
        try:
            body = json.loads(self.body)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request understood: whose it is, of which sort, what it would do, and how this network words a fault."""

    presence: Presence
    sort: str  # identify | read | hear (who speaks to it) | prepare | publish | manage (the account itself, or a pin)
    act: Callable[[], Response]
    refuse: Callable[[str], Response]  # by the fault's name


class Wire(Protocol):
    """One network as the sandbox speaks it."""

    name: str
    secrets: tuple[str, ...]  # what an account gets if it is given none

    def number(self, identity: str) -> str:
        """The account's id in the API."""
        ...

    def post_id(self, presence: Presence, number: int) -> str:
        """The id of a post made by hand. `number` grows with time and is never the same."""
        ...

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """What is asked, or the refusal of whoever asks; None: not for this network. `now` is aware UTC."""
        ...


def parse(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    parts = urlsplit(target)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    fields, files = dict(query), {}
    content_type = headers.get("content-type", "")
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    elif content_type.startswith("multipart/form-data"):
        whole = b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
        for part in BytesParser(policy=policy.HTTP).parsebytes(whole).iter_parts():
            name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(data, bytes):
                if part.get_filename() is None:
                    fields[name] = data.decode(errors="replace")
                else:
                    files[name] = Upload(name=part.get_filename() or "", data=data)
    return Request(
        method=method,
        target=target,
        path=parts.path,
        query=query,
        headers=headers,
        body=body,
        fields=fields,
        files=files,
    )


def as_json(status: int, body: object, **headers: str) -> Response:
    """Header names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"} | named,
    )
