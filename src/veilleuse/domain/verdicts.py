"""The verdicts on one file: each once, and not without end."""

from collections import Counter

from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.post import Source
from veilleuse.language import sentence

MOST = 500  # of one file; a spreadsheet of a hundred thousand wrong rows needs one lesson, not as many


class Verdicts:
    def __init__(self, file: str) -> None:
        self._file = file
        self._told: dict[Verdict, None] = {}
        self._untold: Counter[Severity] = Counter()

    def add(self, verdict: Verdict) -> None:
        if len(self._told) < MOST:
            self._told[verdict] = None
        elif verdict not in self._told:
            self._untold[verdict.severity] += 1

    def all(self) -> tuple[Verdict, ...]:
        rest = [
            Verdict(
                severity=severity,
                source=Source(file=self._file),
                message=sentence("And {count} more like these.", count=self._untold[severity]),
                remedy=sentence("Mend the first; the others are told then."),
            )
            for severity in Severity
            if self._untold[severity]
        ]
        return (*self._told, *rest)
