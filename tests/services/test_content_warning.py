"""A content warning goes out only where the network shows it before the text."""

from dataclasses import replace

import pytest

from tests.domain.posts import a_post
from tests.services.house import House


@pytest.mark.parametrize(("knows", "sent"), [(True, "Chiffres"), (False, None)])
def test_a_content_warning_goes_out_where_it_is_shown(knows: bool, sent: str | None) -> None:
    house = House(a_post("p1", content_warning="Chiffres"))
    house.network.spec = replace(house.network.spec, content_warnings=knows)
    house.look()
    assert [payload.content_warning for payload in house.network.sent] == [sent]
