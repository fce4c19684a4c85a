"""What is the outbox's own: a file that people read, copy from and edit, and that crashes may cut."""

import fcntl
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.stage import IMAGE, NOW, PNG, SteppedClock
from veilleuse.adapters.networks import outbox, outbox_file
from veilleuse.adapters.networks.outbox import Outbox
from veilleuse.adapters.networks.outbox_file import Message, entries
from veilleuse.domain.account import Account
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import ContentRefused, OutcomeUnknown, Unreachable
from veilleuse.domain.rule import Rule
from veilleuse.domain.text import normalise

PAYLOAD = Payload(text="Nos offres d'été\nhttps://acme.fr", image=IMAGE, alt="L'atelier,\nvu de la rue")


def open_at(path: Path) -> Any:
    account = Account(name="acme-linkedin", network="outbox", identity=str(path), owner="claire", rule=Rule())
    return outbox.connect(account, {}, clock=SteppedClock())


def say(path: Path, payload: Payload = PAYLOAD) -> str:
    with open_at(path) as network:
        prepared = network.prepare(payload, PNG if payload.image else None)
        published: Published = network.publish("", payload, prepared, "key")
    return published.remote_id


def test_a_message_is_what_a_person_wants_to_carry(tmp_path: Path) -> None:
    number = say(tmp_path / "linkedin.txt")
    image = f"linkedin-images/{'0' * 16}.png"
    assert (tmp_path / "linkedin.txt").read_text("utf-8") == (
        f"\n----- 2026-11-20 09:00:00 UTC  {number} -----\n"
        f"Image: {image}\n"
        "Alternative text: L'atelier, vu de la rue\n"
        "\n"
        "Nos offres d'été\nhttps://acme.fr\n"
        f"----- end of {number} -----\n"
    )
    assert (tmp_path / image).read_bytes() == PNG


@given(
    text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1),
    images=st.booleans(),
)
def test_whatever_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, text: str, images: bool) -> None:
    path = tmp_path_factory.mktemp("outbox") / "outbox.txt"
    first = Message(
        number="0" * 16, at=NOW, text=text, image="i/1.png" if images else None, alt="a" if images else None
    )
    second = Message(number="1" * 16, at=NOW, text=f"----- end of {'2' * 16} -----\nImage: no\n{text}")
    for message in (first, second):
        outbox_file.append(path, message)
    found = entries(path)
    assert [entry.remote_id for entry in found] == [first.number, second.number]
    assert [normalise(entry.text) for entry in found] == [normalise(first.text), normalise(second.text)]


def test_what_a_crash_cut_off_is_no_message_and_hurts_none_after(tmp_path: Path) -> None:
    path = tmp_path / "outbox.txt"
    cut = str(Message(number="a" * 16, at=NOW, text="coupé"))
    for end in range(len(cut) - 1):
        path.write_text(cut[:end], "utf-8")
        number = say(path, Payload(text="entier"))
        assert [(entry.remote_id, entry.text) for entry in entries(path)] == [(number, "entier")]


def test_what_people_write_and_delete_in_it_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "outbox.txt"
    first, second = say(path, Payload(text="un")), say(path, Payload(text="deux"))
    written = path.read_text("utf-8")
    path.write_bytes(b"\xef\xbb\xbfA faire :\r\n" + written.replace("\n", "\r\n").encode() + b"fait le 3 \xe9t\xe9")
    assert [entry.remote_id for entry in entries(path)] == [first, second]
    path.write_text(written.partition("end of")[2], "utf-8")
    assert [entry.remote_id for entry in entries(path)] == [second]


def test_a_doubt_is_settled_by_the_messages_own_number(tmp_path: Path) -> None:
    path = tmp_path / "outbox.txt"
    with open_at(path) as network:
        assert isinstance(network, Outbox)
        prepared = network.prepare(Payload(text="un"), None)
        assert network.trace("", prepared) == NotLive()
        published = network.publish("", Payload(text="un"), prepared, "key")
        assert network.trace("", prepared) == published
        assert network.trace("", {}) is None


def test_a_folder_that_is_not_there_was_sent_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"cannot be written \(No such file or directory\).*Nothing was sent"):
        say(tmp_path / "nowhere" / "outbox.txt", Payload(text="un"))
    with pytest.raises(Unreachable, match="Nothing was sent"):
        say(tmp_path / "nowhere" / "outbox.txt")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with open_at(tmp_path) as network, pytest.raises(Unreachable, match="Is a directory"):
        network.read("", None)


@pytest.mark.parametrize("failing", ["write", "fsync"])
def test_a_disk_that_fails_while_writing_leaves_a_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with open_at(tmp_path / "outbox.txt") as network:
        prepared = network.prepare(Payload(text="un"), None)
        monkeypatch.setattr(os, failing, fail)
        with pytest.raises(OutcomeUnknown, match="No space left"):
            network.publish("", Payload(text="un"), prepared, "key")


def test_a_disk_that_takes_half_a_message_leaves_a_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, data[:9]))
    with pytest.raises(OutcomeUnknown, match="is the disk full"):
        say(tmp_path / "outbox.txt", Payload(text="un"))


def test_another_program_that_holds_the_file_is_waited_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "outbox.txt"
    with path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        monkeypatch.setattr(outbox_file, "_LOCK_WITHIN", 0.1)
        with pytest.raises(Unreachable, match="another program holds"):
            say(path, Payload(text="un"))
    monkeypatch.undo()
    say(path, Payload(text="un"))
    assert len(entries(path)) == 1


def test_messages_of_several_threads_stand_whole_beside_each_other(tmp_path: Path) -> None:
    path = tmp_path / "outbox.txt"
    texts = {f"message {number} " * 500 for number in range(8)}
    threads = [threading.Thread(target=say, args=(path, Payload(text=text))) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {f"{entry.text} " for entry in entries(path)} == texts


def test_a_text_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentRefused, match="longer than"):
        say(tmp_path / "outbox.txt", Payload(text="a" * 20_001))
