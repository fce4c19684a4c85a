"""An account that is suspended or gone is told apart from a bad token, and the call says where what it said is kept."""

import pytest

from tests.fake_network import Fault
from tests.services.house import House, posts
from veilleuse.domain.errors import CredentialsRefused, Refusal


@pytest.mark.parametrize("why", Refusal)
@pytest.mark.parametrize("reading", [True, False])
def test_a_lost_account_stops_and_its_alert_points_to_the_archive(why: Refusal, reading: bool) -> None:
    house, refusal = House(*posts(2)), CredentialsRefused("X says no.", why=why)
    if reading:
        house.network.read_faults.append(refusal)
    else:
        house.network.publish_faults.append(Fault(refusal))
    house.look()
    told = house.open_alerts()["credentials_refused"]
    assert told.startswith("acme-x: X says no.")
    assert ("`veilleuse export --archive`" in told) == (why is not Refusal.CREDENTIALS)
