"""Which models answer the questions, and which questions these samples cannot answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.design.build import Pairs, by_compartment, by_patient_column, overall
from dermshift.design.pairs import pair_table
from dermshift.design.question import OF_SAMPLES
from dermshift.design.random_block import random_block
from dermshift.design.slope import by_slope
from dermshift.design.visits import by_visit
from dermshift.errors import DesignError, Problem
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.design.question import Ask
    from dermshift.study import Timepoints


def plan(sheet: pd.DataFrame, timepoints: Timepoints, asks: Sequence[Ask]) -> list[Design]:
    """Build one `Design` per question; designs that share a matrix share its `fit_id`.

    Parameters
    ----------
    sheet
        Index sample; canonical columns, all text.
    asks
        Lines of ``questions:``, in order; repeated ones count once.

    Raises
    ------
    DesignError
        With every question that cannot be answered: a column the sheet lacks, a single level, fewer than three pairs, a
        column that changes within a patient.
    """
    pairs, lone = pair_table(sheet, timepoints)
    source = Pairs(sheet, timepoints, pairs, lone)
    designs: list[Design] = []
    problems: list[Problem] = []
    for ask in dict.fromkeys(asks):
        trouble = _trouble(sheet, ask) or _visits(ask, timepoints)
        if trouble:
            problems.append(trouble)
            continue
        try:
            designs += _designs(source, ask)
        except DesignError as error:
            problems += error.problems
    if problems:
        raise DesignError.of(problems)
    return designs


def _designs(source: Pairs, ask: Ask) -> list[Design]:
    if ask.block == "random":
        return random_block(source, ask)
    if ask.slope:
        places = source.compartments if ask.within else [""]
        return [by_slope(source, ask.slope, place) for place in places]
    if not ask.by:
        return overall(source)
    if ask.by == COMPARTMENT:
        return by_compartment(source)
    if ask.by == TIMEPOINT:
        places = source.compartments if ask.within else [""]
        return [design for place in places for design in by_visit(source, place)]
    if not ask.within:
        return by_patient_column(source, ask.by)
    return [design for level in source.compartments for design in by_patient_column(source, ask.by, level)]


def _visits(ask: Ask, timepoints: Timepoints) -> Problem | None:
    """Say why visits cannot be compared."""
    if ask.by != TIMEPOINT or (timepoints.further and ask.block == "fixed"):
        return None
    where = f"questions: {ask.text}"
    if ask.block == "random":
        return Problem(where, "a random block", "block: fixed", "Drop block: visits are compared within patients.")
    found = f"one visit to compare with '{timepoints.before}': '{timepoints.after}'"
    action = f"List the visits under study.timepoints, e.g. after: [{timepoints.after}, week8], or drop the question."
    return Problem(where, found, "two visits or more", action)


def _trouble(sheet: pd.DataFrame, ask: Ask) -> Problem | None:
    """Say why a question makes no sense for this sheet, before any matrix is built."""
    where = f"questions: {ask.text}"
    for column in (ask.by, ask.slope, ask.within):
        if column and column not in sheet:
            found = f"the sample sheet has no column '{column}' (it has {', '.join(map(str, sheet.columns))})"
            return Problem(
                where,
                found,
                f"a column '{column}'",
                "Add the column, map it under study.columns, or drop the question.",
            )
    if ask.within and (ask.within != COMPARTMENT or ask.by == COMPARTMENT):
        return Problem(
            where,
            f"{'slope on' if ask.slope else 'by'} {ask.by or ask.slope} within {ask.within}",
            "a patient-level column within compartment",
            "Swap or drop 'within'.",
        )
    if ask.by and sheet[ask.by].nunique() < 2:
        only = ", ".join(sorted(sheet[ask.by].unique()))
        return Problem(
            where,
            f"one level only: {only}",
            "at least two levels to compare",
            f"Drop {{by: {ask.by}}} from questions.",
        )
    if ask.by and ask.by not in OF_SAMPLES:
        levels = sheet.groupby(PATIENT)[ask.by].nunique()
        moving = ", ".join(levels.index[levels > 1].astype(str))
        if moving:
            expected = f"one value of {ask.by} per patient: it is compared between patients"
            return Problem(
                where,
                f"{ask.by} changes within patient {moving}",
                expected,
                f"Correct column '{ask.by}' of the sample sheet.",
            )
    return None
