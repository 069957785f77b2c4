"""Every cell of the sample sheet is what it should be."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from dermshift.checks.confirmed import CONFIRMED, OPEN
from dermshift.checks.finding import Finding, capped, counted, judged, listed, nearest
from dermshift.checks.sex_gap import SEX_WORDS
from dermshift.errors import Problem
from dermshift.names import COMPARTMENT, PATIENT, SAFE_ID, SEX, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.checks.views import SheetView


NO_VALUE = frozenset({"na", "n/a", "#n/a", "nan", "null", "none", "unknown", "missing", "not_available"})
"""Words for nothing known; as the label of a group they would become a group of their own."""


def check_cells_filled(view: SheetView) -> Finding:
    """No cell of a column in use is blank, and no group of a question is called by a word for nothing known."""
    blank = [
        Problem(view.where(column, place), "a blank cell", "a value", "Fill the cell, or remove the sample.")
        for column in ("sample", *view.labelled)
        for place, cell in enumerate(view.cells(column))
        if not cell.strip()
    ]
    nothing = [
        Problem(
            view.where(column, place),
            f"'{cell}', which stands for no value",
            "a value",
            "Fill the cell, or remove the patient; a label that is really called so needs another name.",
        )
        for column in view.labelled
        if column in {COMPARTMENT, *view.asked}
        for place, cell in enumerate(view.cells(column))
        if cell.strip().lower() in NO_VALUE
    ]
    problems = [*capped(blank), *capped(nothing)]
    return judged("cells_filled", problems, f"no blank cell in {len(view.frame)} rows")


def check_no_outer_blanks(view: SheetView) -> Finding:
    """No label starts or ends with a blank: ``male `` would become a third sex."""
    problems = [
        Problem(view.where(column, place), repr(cell), repr(cell.strip()), "Remove the blanks around the value.")
        for column in ("sample", *view.labelled)
        for place, cell in enumerate(view.cells(column))
        if cell.strip() and cell != cell.strip()
    ]
    return judged("no_outer_blanks", problems, "no value starts or ends with a blank")


def check_samples_once(view: SheetView) -> Finding:
    """Each sample has one row."""
    cells = view.cells("sample")
    lines: dict[str, list[int]] = {}
    for cell, line in zip(cells, view.lines, strict=True):
        lines.setdefault(cell, []).append(line)
    problems = [
        Problem(
            f"{view.spec.samples}, lines {listed(places)}",
            f"sample '{name}' {len(places)} times",
            "each sample once",
            "Remove or rename the repeated rows.",
        )
        for name, places in lines.items()
        if len(places) > 1 and name.strip()
    ]
    return judged("samples_once", problems, f"{len(cells)} different samples")


def check_safe_identifiers(view: SheetView) -> Finding:
    """Samples, patients and labels are safe in a path and on a shell line."""
    problems = [
        Problem(
            view.where(column, place),
            repr(cell),
            "letters, digits, '.', '_' and '-', the first a letter or digit",
            "Rename it in the sheet (and in the matrix, if it is a sample).",
        )
        for column in ("sample", *view.labelled)
        for place, cell in enumerate(view.cells(column))
        if cell.strip() == cell != "" and not SAFE_ID.fullmatch(cell) and not _open(view, cell)
    ]
    return judged("safe_identifiers", problems, "every identifier is safe in file names")


def _open(view: SheetView, cell: str) -> bool:
    """Tell a place that a draft left open: the check ``confirmed`` asks for it."""
    return cell == OPEN and CONFIRMED in view.frame


def check_labels_one_spelling(view: SheetView) -> Finding:
    """No two labels of a column differ by upper and lower case alone, nor two words for one sex."""
    problems = []
    for column in ("sample", *view.labelled):
        counts = Counter(cell.strip() for cell in view.cells(column))
        meaning = partial(_meaning, column)
        for _, group in groupby(sorted(counts, key=lambda label: (meaning(label), label)), key=meaning):
            spellings = list(group)
            if len(spellings) > 1:
                where = f"{view.spec.samples}, column '{view.spec.columns.get(column, column)}'"
                found = listed(f"'{label}' ({counted(counts[label], 'row')})" for label in spellings)
                problems.append(Problem(where, found, "one spelling per label", "Choose one spelling."))
    return judged("labels_one_spelling", problems, "no label is spelt in two ways")


def _meaning(column: str, label: str) -> str:
    """Return what makes two labels the same: the letters, and of sexes the sex."""
    return SEX_WORDS.get(label.lower(), label.lower()) if column == SEX else label.lower()


def check_timepoints(view: SheetView) -> Finding:
    """Every timepoint is the label before or one after; no visit the config does not name."""
    timepoints = view.spec.timepoints
    known = (timepoints.before, *timepoints.visits)
    twice = [label for label, count in Counter(known).items() if count > 1]
    problems = [
        Problem("timepoints", f"visits that are both '{label}'", "different labels", "Correct the config.")
        for label in twice
    ]
    problems += [
        Problem(
            view.where(TIMEPOINT, place),
            f"timepoint '{cell}'{nearest(cell, known)}",
            f"'{known[0]}' (before) or {' or '.join(map(repr, known[1:]))} (after)",
            "Correct the label, or name it under timepoints.others to leave its samples out.",
        )
        for place, cell in enumerate(view.cells(TIMEPOINT))
        if cell.strip() == cell != "" and cell not in known and not _open(view, cell)
    ]
    counts = Counter(view.cells(TIMEPOINT))
    later = ", ".join(f"{counts[label]} after ('{label}')" for label in known[1:])
    fine = f"{counts[known[0]]} samples before ('{known[0]}'), {later}"
    labels = sorted(set(counts) - set(known))
    return judged("timepoints", problems, fine, f"{fine}; labels that are neither: {listed(labels) or 'none'}")


def check_patients_are_categories(view: SheetView) -> Finding:
    """Numbers as patient ids are text here, never a covariate."""
    numeric = [cell for cell in dict.fromkeys(view.cells(PATIENT)) if cell.strip().isdigit()]
    if not numeric:
        return Finding("patients_are_categories", "ok", "patient ids are text")
    evidence = (
        f"{len(numeric)} patient ids are numbers ({listed(numeric, 5)}); each is treated as a name, never as a number"
    )
    return Finding("patients_are_categories", "note", evidence)
