"""What a check says, and how many problems of one kind are put in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from dermshift.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Verdict = Literal["ok", "note", "warning", "error"]

SHOWN = 10
"""How many problems or names of one kind are spelt out before the rest is counted."""


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Parameters
    ----------
    check
        Name of the check.
    verdict
        ``ok``; ``note`` (worth knowing); ``warning`` (worth a decision); ``error`` (the study is refused).
    evidence
        What was seen, in one sentence with its numbers.
    problems
        For an error or warning: each problem with where, found, expected and what to do.
    per_sample
        Verdict on each sample, where the check gives one.
    """

    check: str
    verdict: Verdict
    evidence: str
    problems: tuple[Problem, ...] = ()
    per_sample: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Return the finding as a JSON-able dictionary."""
        problems = [problem.as_dict() for problem in self.problems]
        plain = {"check": self.check, "verdict": self.verdict, "evidence": self.evidence, "problems": problems}
        return plain | ({"per_sample": self.per_sample} if self.per_sample else {})


def judged(check: str, problems: Iterable[Problem], fine: str, wrong: str = "") -> Finding:
    """Return an error with all `problems` (the first ten and a count), or ``ok`` with the evidence `fine`."""
    every = list(problems)
    if not every:
        return Finding(check, "ok", fine)
    evidence = wrong or f"{len(every)} problem{'s' if len(every) > 1 else ''}"
    return Finding(check, "error", evidence, tuple(capped(every)))


def capped(problems: Sequence[Problem], total: int = 0) -> list[Problem]:
    """Return the first ten problems of one kind and, where there are more, one that counts the rest.

    Parameters
    ----------
    total
        How many there are in all, where `problems` holds only the first of them.
    """
    shown = list(problems[:SHOWN])
    rest = max(total, len(problems)) - SHOWN
    if rest > 0:
        last = problems[SHOWN - 1]
        shown.append(Problem("and further", f"{rest} more of this kind", last.expected, last.action))
    return shown


def listed(names: Iterable[object], shown: int = SHOWN) -> str:
    """Return the first names joined by commas, and how many more there are."""
    every = [str(name) for name in names]
    text = ", ".join(every[:shown])
    return f"{text} and {len(every) - shown} more" if len(every) > shown else text


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; nearest: 'x'`` for the known name closest to `name`, or an empty string."""
    by_case = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), list(by_case), n=1, cutoff=0.6)
    return f"; nearest: '{by_case[close[0]]}'" if close else ""
