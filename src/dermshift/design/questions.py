"""From the lines of ``questions:`` to single questions with their ids."""

from __future__ import annotations

from itertools import combinations

from dermshift.design.question import Question

RESPONSE = Question("response", "response")


def breakdown(column: str, levels: list[str], within: tuple[str, ...] = ()) -> list[Question]:
    """Return the response in every level and the difference of every two levels, later label minus earlier one.

    Labels are sorted, so the set of questions does not depend on the order of the sheet.
    """
    tail = f"_in_{within[1]}" if within else ""
    ordered = sorted(levels)
    singles = [
        Question(f"response_{column}_{level}{tail}", "response_within", column, (level,), within) for level in ordered
    ]
    differences = [
        Question(f"difference_{column}_{b}_vs_{a}{tail}", "difference", column, (b, a), within)
        for a, b in combinations(ordered, 2)
    ]
    return singles + differences
