"""Several visits in one model: each against the one before, and one against another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.design.build import Rows, build, patient_sex, require_pairs
from dermshift.design.libraries import libraries_of, merged_of
from dermshift.design.matrix import visits_matrix
from dermshift.design.model import LeftOut
from dermshift.design.pairs import PAIR_COLUMNS, complete_in, pair_table
from dermshift.design.questions import of_visits
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from dermshift.design.build import Pairs
    from dermshift.design.model import Design
    from dermshift.design.question import Question


def by_visit(source: Pairs, compartment: str = "") -> list[Design]:
    """Response at every visit and difference of every two, from one matrix: (n - 1) x visits residual df.

    Only patients with a sample at every visit enter, so that visits are compared within the same patients.
    """
    rows = visit_rows(source, [compartment] if compartment else source.compartments)
    visits = source.timepoints.visits
    questions = of_visits(visits, (COMPARTMENT, compartment) if compartment else ())
    n = rows.pairs[PATIENT].nunique()
    for question in questions:
        require_pairs(question, n)
    matrix = visits_matrix(rows.libraries, visits)
    fit_id = f"{TIMEPOINT}_in_{compartment}" if compartment else TIMEPOINT
    return [
        build(
            question,
            fit_id,
            Rows(rows.libraries, of_levels(question, rows), rows.left_out),
            matrix,
            dict(zip(question.levels, (1.0, -1.0), strict=False)),
            "within patients",
            dict.fromkeys(question.levels, n),
        )
        for question in questions
    ]


def of_levels(question: Question, rows: Rows) -> pd.DataFrame:
    """Return the pairs whose later library is of a visit the question is about."""
    visit = rows.libraries.loc[rows.pairs["after"], TIMEPOINT].to_numpy()
    return rows.pairs[pd.Series(visit).isin(question.levels).to_numpy()].reset_index(drop=True)


def visit_rows(source: Pairs, compartments: list[str]) -> Rows:
    """Return one library per patient and visit, of the patients complete in every visit and compartment."""
    first, visits = source.timepoints.before, source.timepoints.visits
    tables = {visit: pair_table(source.sheet, Timepoints(first, visit))[0] for visit in visits}
    kept = {visit: complete_in(table, compartments)[0] for visit, table in tables.items()}
    whole = set.intersection(*(set(table[PATIENT]) for table in kept.values()))
    pairs = pd.concat([kept[visit][kept[visit][PATIENT].isin(whole)].assign(visit=visit) for visit in visits])
    make = merged_of if len(compartments) > 1 else libraries_of
    libraries, named = make(pairs.sort_values([PATIENT, COMPARTMENT]), source.timepoints)
    short = sorted({str(patient) for patient in source.sheet[PATIENT]} - whole)
    left_out = tuple(LeftOut(patient, source.samples(patient), "not complete in every visit") for patient in short)
    libraries, named = patient_sex(source, libraries, named)
    return Rows(libraries, named[[*PAIR_COLUMNS, "sex"]], left_out)
