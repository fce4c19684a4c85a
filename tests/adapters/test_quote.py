"""What a network says of a call may repeat all that the call held."""

import json
from urllib.parse import quote as in_address
from urllib.parse import quote_plus, urlencode

import pytest

from veilleuse.adapters.networks.call import quote

SECRET = 'cAn/Ar+Y "é"=42'


@pytest.mark.parametrize(
    "repeated",
    [
        SECRET,
        in_address(SECRET),
        in_address(SECRET, safe=""),
        quote_plus(SECRET),
        urlencode({"message": "Bonjour", "access_token": SECRET}),
        json.dumps({"token": SECRET}),
        f'OAuth oauth_token="{in_address(SECRET, safe="")}", oauth_version="1.0"',
    ],
)
def test_a_secret_is_cut_out_in_whatever_form_it_is_repeated(repeated: str) -> None:
    told = quote(f"Invalid request: {repeated}", (SECRET,))
    assert told.startswith("Invalid request: ")
    assert "***" in told
    assert "cAn" not in told
    assert "42" not in told
