"""Why a call brought no answer, in words. The libraries' own texts hold the URL, and the URL may hold a token."""

import requests
from urllib3.exceptions import NameResolutionError, ReadTimeoutError

from veilleuse.language import sentence


class Endless(Exception):
    """An answer that is larger than any page could be."""


def why(error: BaseException | None) -> str:
    cause = error.args[0] if error is not None and error.args else None
    if isinstance(getattr(cause, "reason", None), NameResolutionError):
        return sentence("its name could not be looked up")
    if isinstance(cause, ReadTimeoutError):  # within the body, where requests knows no Timeout
        return sentence("no answer in time")
    match error:
        case requests.exceptions.ProxyError():
            return sentence("the proxy did not let the call through")
        case requests.exceptions.SSLError():
            return sentence("no secure connection (certificate or TLS)")
        case requests.exceptions.ConnectTimeout():
            return sentence("no connection in time")
        case requests.exceptions.Timeout():
            return sentence("no answer in time")
        case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
            return sentence("the answer broke off")
        case Endless():
            return sentence("the answer is too long")
        case requests.exceptions.ConnectionError():
            return sentence("the connection failed")
    return sentence("the call failed")
