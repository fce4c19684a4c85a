"""What an address tells of the account behind it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.address import is_address, place


@pytest.mark.parametrize(
    ("address", "network", "handle", "origin"),
    [
        ("https://x.com/acme", "x", "acme", "https://x.com"),
        ("https://www.twitter.com/@acme/status/12?s=20", "x", "acme", "https://www.twitter.com"),
        ("https://x.com/search?q=acme", "web", "x.com", "https://x.com"),
        ("https://www.facebook.com/AcmeFrance/", "facebook", "AcmeFrance", "https://www.facebook.com"),
        ("https://fr-fr.facebook.com/pg/AcmeFrance", "facebook", "AcmeFrance", "https://fr-fr.facebook.com"),
        ("https://facebook.com/profile.php?id=1234", "facebook", "1234", "https://facebook.com"),
        ("https://www.facebook.com/people/Acme/1234/", "facebook", "1234", "https://www.facebook.com"),
        ("https://mastodon.social/@acme", "mastodon", "acme", "https://mastodon.social"),
        ("https://mastodon.social/@acme@piaille.fr", "mastodon", "acme@piaille.fr", "https://mastodon.social"),
        ("https://piaille.fr/users/acme", "mastodon", "acme", "https://piaille.fr"),
        ("@acme@piaille.fr", "mastodon", "acme@piaille.fr", "https://piaille.fr"),
        ("acme@piaille.fr", "mastodon", "acme@piaille.fr", "https://piaille.fr"),
        ("https://bsky.app/profile/acme.bsky.social", "bluesky", "acme.bsky.social", "https://bsky.app"),
        ("https://bsky.app/profile/did:plc:abc", "bluesky", "did:plc:abc", "https://bsky.app"),
        ("acme.bsky.social", "bluesky", "acme.bsky.social", "https://acme.bsky.social"),
        ("http://127.0.0.1:8750/profile/acme.test", "bluesky", "acme.test", "http://127.0.0.1:8750"),
        ("https://acme.fr/profile/team", "web", "acme.fr", "https://acme.fr"),
        ("blog.acme.fr", "web", "blog.acme.fr", "https://blog.acme.fr"),
        ("https://acme.fr/blog/feed/", "web", "acme.fr", "https://acme.fr"),
    ],
)
def test_an_address_names_network_and_account(address: str, network: str, handle: str, origin: str) -> None:
    found = place(address)
    assert (found.network, found.handle, found.origin) == (network, handle, origin)


@pytest.mark.parametrize("wrong", ["ftp://acme.fr/", "https://", "https://[::1", "://"])
def test_what_is_no_web_address_is_refused_with_the_mend(wrong: str) -> None:
    with pytest.raises(ValueError, match="no web address; write it whole"):
        place(wrong)


def test_an_address_with_a_password_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="write the address alone") as refused:
        place("https://me:secret@acme.fr/")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(("argument", "address"), [("acme-x", False), ("blog.acme.fr", True), ("@a@b.fr", True)])
def test_an_accounts_name_is_never_an_address(argument: str, address: bool) -> None:
    assert is_address(argument) is address


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        assert place(text).origin.startswith("http")
    except ValueError as refusal:
        assert "; " in str(refusal)  # noqa: PT017
