"""From the lines of ``questions:`` to single questions with their ids."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from dermshift.design.question import Question
from dermshift.names import TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

RESPONSE = Question("response", "response")


def breakdown(column: str, levels: list[str], within: tuple[str, ...] = ()) -> list[Question]:
    """Return the response in every level and the difference of every two levels, later label minus earlier one.

    Labels are sorted, so the set of questions does not depend on the order of the sheet.
    """
    return _every(column, sorted(levels), within)


def of_visits(visits: Sequence[str], within: tuple[str, ...] = ()) -> list[Question]:
    """Return the response at every visit and the difference of every two, the later of the config minus the earlier."""
    return _every(TIMEPOINT, visits, within)


def _every(column: str, ordered: Sequence[str], within: tuple[str, ...]) -> list[Question]:
    tail = f"_in_{within[1]}" if within else ""
    singles = [
        Question(f"response_{column}_{level}{tail}", "response_within", column, (level,), within) for level in ordered
    ]
    differences = [
        Question(f"difference_{column}_{b}_vs_{a}{tail}", "difference", column, (b, a), within)
        for a, b in combinations(ordered, 2)
    ]
    return singles + differences
