"""The words for what the program calls by a short name. Translated where they are shown."""

from collections.abc import Mapping

from veilleuse.domain.attempt import Outcome, Proof
from veilleuse.domain.content import Severity
from veilleuse.domain.deed import Act
from veilleuse.domain.grade import Grade
from veilleuse.domain.rule import Approval
from veilleuse.language import N_

STATES: Mapping[str, str] = {
    "alive": N_("alive"),
    "quiet": N_("quiet"),
    "near": N_("near its limit"),
    "past": N_("silent too long"),
    "blind": N_("cannot be read"),
    "stopped": N_("stopped"),
    "frozen": N_("frozen"),
    "hibernating": N_("hibernating"),
    "closed": N_("closed"),
    "reserved": N_("reserved"),
}
PROVEN: Mapping[str, str] = {
    Proof.ANSWER: N_("the network's answer"),
    Proof.READ_BACK: N_("found by reading"),
    Proof.HUMAN: N_("somebody's word"),
    Proof.ALREADY_SAID: N_("already said by hand"),
}
DOUBTS: Mapping[str, str] = {
    Outcome.OPEN: N_("it is under way"),
    Outcome.UNKNOWN: N_("perhaps published, read until that is known"),
    Outcome.HELD: N_("perhaps published; a human must settle it: veilleuse resolve"),
}
MODES: Mapping[str, str] = {Approval.FILE: N_("named in the file"), Approval.SIGNED: N_("signed")}
GRADES: Mapping[str, str] = {
    Grade.ALIVE: N_("alive"),
    Grade.HOLIDAY: N_("like holidays"),
    Grade.PROBLEM: N_("a problem"),
    Grade.DEAD: N_("like dead"),
    Grade.EMPTY: N_("empty"),
    Grade.LITTLE: N_("little"),
    Grade.ASLEEP: N_("asleep"),
}
ACTS: Mapping[str, str] = {
    Act.APPROVED: N_("approved"),
    Act.VETOED: N_("vetoed"),
    Act.RELEASED: N_("took a veto back"),
    Act.FROZE: N_("froze"),
    Act.THAWED: N_("thawed"),
    Act.ACKNOWLEDGED: N_("has seen"),
    Act.RESOLVED: N_("settled"),
    Act.HIBERNATED: N_("put to sleep"),
    Act.WOKE: N_("woke up"),
    Act.SAID_FAREWELL: N_("began the farewell"),
    Act.CANCELLED: N_("called off the plan"),
    Act.DID: N_("did"),
    Act.DROPPED: N_("dropped posts"),
}
SEVERITIES: Mapping[str, str] = {
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.NOTE: N_("note"),
}
