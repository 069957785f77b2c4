"""Whether the response rises or falls with a number of the patients, such as the dose per kilogram."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.finding import counted
from dermshift.design.aliasing import beside_sex
from dermshift.design.build import build, compartment_rows, whole_patients
from dermshift.design.matrix import indicators
from dermshift.design.question import Question
from dermshift.errors import DesignError, Problem
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.design.build import Pairs
    from dermshift.design.model import Design

MIN_PATIENTS = 5
MIN_VALUES = 4
"""Fewest patients and different values a slope may rest on (statistics: question e)."""


def by_slope(source: Pairs, column: str, compartment: str = "") -> Design:
    """Design the change of the response per unit of `column`, a number of the patient at the visit after.

    Patient indicators, the response at the mean, and the response times the distance from the mean: n - 2 residual df.

    Raises
    ------
    DesignError
        A patient without a number, fewer than five patients or than four different numbers.
    """
    rows = compartment_rows(source, [compartment]) if compartment else whole_patients(source)
    within = (COMPARTMENT, compartment) if compartment else ()
    name = f"slope_{column}" + (f"_in_{compartment}" if compartment else "")
    question = Question(name, "slope", column, (), within)
    numbers = _numbers(source, column, list(dict.fromkeys(rows.pairs[PATIENT])))
    _require(question, numbers)
    after = source.timepoints.after
    is_after = (rows.libraries[TIMEPOINT] == after).astype(float)
    centred = rows.libraries[PATIENT].map(numbers - numbers.mean())
    columns = {after: is_after, f"{after}_x_{column}": is_after * centred}
    matrix = indicators(rows.libraries[PATIENT], "patient_").assign(**columns)
    rows = replace(rows, libraries=rows.libraries.assign(**{column: rows.libraries[PATIENT].map(numbers)}))
    design = build(question, name, rows, matrix, {f"{after}_x_{column}": 1.0}, "between patients", {})
    return replace(design, n_pairs=len(numbers), notes=beside_sex(design, numbers))


def _numbers(source: Pairs, column: str, patients: list[str]) -> pd.Series:
    """Return the number of each patient at the visit after."""
    sheet = source.sheet[source.sheet[TIMEPOINT] == source.timepoints.after]
    cells = sheet.drop_duplicates(PATIENT).set_index(PATIENT)[column].reindex(patients)
    numbers = pd.to_numeric(cells, errors="coerce")
    bad = [f"{patient}: '{cells[patient]}'" for patient in patients if not np.isfinite(numbers[patient])]
    varying = sheet.groupby(PATIENT)[column].nunique()
    bad += [f"{patient}: several numbers" for patient in varying.index[varying > 1]]
    if bad:
        found = f"no number for {', '.join(bad)}"
        expected = f"one number per patient at '{source.timepoints.after}'"
        raise DesignError(Problem(f"questions: {{slope: {column}}}", found, expected, "Fill the column of the sheet."))
    return numbers.astype(float)


def _require(question: Question, numbers: pd.Series) -> None:
    n, different = len(numbers), numbers.nunique()
    if n < MIN_PATIENTS or different < MIN_VALUES:
        raise DesignError(
            Problem(
                f"question {question.id}",
                f"{counted(n, 'patient')} with {counted(different, 'different number')}",
                f"at least {MIN_PATIENTS} patients and {MIN_VALUES} different numbers",
                "Add patients, or ask for a breakdown by groups instead of a slope.",
            )
        )
