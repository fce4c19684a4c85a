"""Whatever another tool wrote, or is said to have written: drafts or one verdict, never a crash."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content_house import ACCOUNTS, NOW
from veilleuse.adapters.content.foreign import read_foreign
from veilleuse.adapters.content.tools import ANY, TOOLS
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.foreign import DateOrder, DateUnclear, read_when
from veilleuse.domain.judge import Judge
from veilleuse.domain.written import Wrong
from veilleuse.ports import FileUnreadable
from veilleuse.services.bring import DatesUnclear, bring

PARIS = ZoneInfo("Europe/Paris")
SNIPPETS = st.sampled_from(
    ["Date", "Text", "Link(s)", ",", ";", "\t", "\n", '"', "01/02/2027", "2027-02-30", "12/31/99 2 PM", "||", "é", "\0"]
)
BROKEN = st.lists(SNIPPETS | st.text(max_size=8), max_size=25).map("".join)


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
@given(
    content=st.binary(max_size=200) | BROKEN.map(lambda text: f"Date,Text,Link\n{text}".encode("utf-8", "replace")),
    tool=st.sampled_from([ANY, *TOOLS.values()]),
    order=st.sampled_from([None, *DateOrder]),
)
def test_any_bytes_become_drafts_or_one_verdict(
    name: str, content: bytes, tool: object, order: DateOrder | None
) -> None:
    account = ACCOUNTS["acme-x"]
    with TemporaryDirectory() as root:
        path = Path(root) / name
        path.write_bytes(content)
        try:
            file = read_foreign(path, tool)  # type: ignore[arg-type]
            drafts = bring(file, account, Judge(account, SPECS, NOW), NOW, order)
        except (FileUnreadable, DatesUnclear):
            return
        assert len(drafts) == len(file.rows)
        assert all(draft.text or draft.left_out for draft in drafts)


@pytest.mark.parametrize(
    ("written", "order", "meant"),
    [
        ("2027-01-31 09:30", None, "2027-01-31 08:30"),
        ("2027-01-31T09:30:00Z", None, "2027-01-31 09:30"),
        ("2027-01-31", DateOrder.US, "2027-01-30 23:00"),
        ("2027-01-31 2:05 PM", None, "2027-01-31 13:05"),
        ("01/31/2027 9:30 am", DateOrder.US, "2027-01-31 08:30"),
        ("1/2/27 12:00 AM", DateOrder.US, "2027-01-01 23:00"),
        ("1/2/27, 12 p.m.", DateOrder.FR, "2027-02-01 11:00"),
        ("31.01.2027 9h30", DateOrder.FR, "2027-01-31 08:30"),
        ("31-01-2027", DateOrder.FR, "2027-01-30 23:00"),
    ],
)
def test_a_date_is_read_as_its_tool_meant_it(written: str, order: DateOrder | None, meant: str) -> None:
    at = datetime.fromisoformat(meant).replace(tzinfo=UTC)
    assert read_when(written, zone=PARIS, order=order) == at


@pytest.mark.parametrize(
    ("written", "order"),
    [("01/02/2027", None), ("31/01/2027", None), ("31/01/2027", DateOrder.US), ("1/31/27", DateOrder.FR)],
)
def test_a_date_that_may_mean_two_days_is_asked_about(written: str, order: DateOrder | None) -> None:
    with pytest.raises(DateUnclear):
        read_when(written, zone=PARIS, order=order)


@pytest.mark.parametrize("written", ["next Friday at 2 PM", "02/30/2027", "13:45", "auto", "2027-01-31 25:00", 3.5])
def test_what_is_no_date_is_wrong_whatever_comes_first(written: object) -> None:
    with pytest.raises(Wrong) as wrong:
        read_when(written, zone=PARIS, order=DateOrder.US)
    assert not isinstance(wrong.value, DateUnclear)
