"""A sheet that was drafted from what a public series says of its samples is used only once a person confirmed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, judged, listed
from dermshift.errors import Problem

if TYPE_CHECKING:
    from dermshift.checks.views import SheetView

CHECK = "drafted_sheet"
CONFIRMED, YES, OPEN = "confirmed", "yes", "?"


def check_confirmed(view: SheetView) -> Finding:
    """Where the sheet has a column ``confirmed``, every row says yes and no label is left open."""
    if CONFIRMED not in view.frame:
        return Finding(CHECK, "ok", "the sheet is no draft")
    cells = zip(view.cells("sample"), view.cells(CONFIRMED), strict=True)
    waiting = [sample for sample, cell in cells if cell.strip().lower() != YES]
    problems = []
    if waiting:
        found = f"{len(waiting)} samples that nobody confirmed: {listed(waiting, 50)}"
        action = (
            "Patient, timepoint and sex were read from titles and tags: compare them with the source, then write yes."
        )
        problems.append(Problem(f"{view.spec.samples}, column '{CONFIRMED}'", found, "yes in every row", action))
    problems += [
        Problem(view.where(column, place), "'?': nothing was found in the series", "a label", "Fill it in by hand.")
        for column in view.labelled
        for place, cell in enumerate(view.cells(column))
        if cell.strip() == OPEN
    ]
    return judged(CHECK, problems, f"a person said yes to {len(view.frame)} samples of the draft")
