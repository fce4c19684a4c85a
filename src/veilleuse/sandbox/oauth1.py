"""OAuth 1.0a as a server checks it (RFC 5849, HMAC-SHA1)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from veilleuse.sandbox.wire import Request

# The client signs the address it believes to call; only then is the call led to the sandbox.
_SIGNED_HOSTS = ("https://api.twitter.com", "https://api.x.com")
_PART = re.compile(r'(\w+)="([^"]*)"')


def signed_by(request: Request, secrets: Mapping[str, str]) -> bool:
    """Whether this account's keys and tokens made this request's signature."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme != "OAuth":
        return False
    parts = {name: unquote(value) for name, value in _PART.findall(rest)}
    if parts.get("oauth_token") != secrets["access_token"] or parts.get("oauth_consumer_key") != secrets["api_key"]:
        return False
    signature = parts.pop("oauth_signature", "")
    pairs = sorted((_escaped(name), _escaped(value)) for name, value in (*parts.items(), *request.query))
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    key = f"{_escaped(secrets['api_secret'])}&{_escaped(secrets['access_secret'])}".encode()
    for host in _SIGNED_HOSTS:
        base = "&".join((request.method, _escaped(host + request.path), _escaped(parameters))).encode()
        made = base64.b64encode(hmac.new(key, base, hashlib.sha1).digest()).decode()
        if hmac.compare_digest(made, signature):
            return True
    return False


def _escaped(text: str) -> str:
    return quote(text, safe="~")
