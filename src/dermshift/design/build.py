"""Designs for each kind of question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from dermshift.checks.finding import counted
from dermshift.design.aliasing import beside_sex
from dermshift.design.libraries import libraries_of, merged_of
from dermshift.design.matrix import (
    between_compartments_matrix,
    by_level_matrix,
    contrast_vector,
    require_full_rank,
    response_matrix,
)
from dermshift.design.model import Design, LeftOut
from dermshift.design.pairs import complete_in
from dermshift.design.questions import RESPONSE, breakdown
from dermshift.errors import DesignError, Problem
from dermshift.names import COMPARTMENT, PATIENT, SEX

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.design.model import Stratum
    from dermshift.design.question import Question
    from dermshift.study import Timepoints

MIN_PAIRS = 3
"""Fewest patients a response, or either side of a difference between patients, may rest on."""


@dataclass(frozen=True)
class Pairs:
    """The sheet with its complete pairs and its samples without a partner."""

    sheet: pd.DataFrame
    timepoints: Timepoints
    pairs: pd.DataFrame
    lone: tuple[LeftOut, ...]

    @property
    def compartments(self) -> list[str]:
        """Sorted compartments of the sheet; [""] where it has none."""
        return sorted(self.sheet[COMPARTMENT].unique()) if COMPARTMENT in self.sheet else [""]

    def of_patient(self, column: str) -> pd.Series:
        """Patient-level `column`, indexed by patient."""
        return self.sheet.drop_duplicates(PATIENT).set_index(PATIENT)[column]

    def samples(self, patient: str) -> tuple[str, ...]:
        """Samples of a patient, in sheet order."""
        return tuple(str(sample) for sample in self.sheet.index[self.sheet[PATIENT] == patient])


@dataclass(frozen=True)
class Rows:
    """Libraries that enter one fit, the pairs they form and what was left out."""

    libraries: pd.DataFrame
    pairs: pd.DataFrame
    left_out: tuple[LeftOut, ...]


def overall(source: Pairs) -> list[Design]:
    """Design the response of all patients: one vote each, compartments summed."""
    rows = whole_patients(source)
    require_pairs(RESPONSE, rows.pairs[PATIENT].nunique())
    matrix = response_matrix(rows.libraries, source.timepoints.after)
    return [build(RESPONSE, "response", rows, matrix, {source.timepoints.after: 1}, "within patients", {})]


def by_patient_column(source: Pairs, column: str, compartment: str = "") -> list[Design]:
    """Response per level of a patient-level column and their differences, from one matrix."""
    rows = compartment_rows(source, [compartment]) if compartment else whole_patients(source)
    labels = source.of_patient(column)
    libraries = rows.libraries.assign(**{column: rows.libraries[PATIENT].map(labels)})
    counts = rows.pairs[PATIENT].drop_duplicates().map(labels).value_counts()
    within = (COMPARTMENT, compartment) if compartment else ()
    questions = breakdown(column, sorted(source.sheet[column].unique()), within)
    _require_levels(questions, {str(level): int(n) for level, n in counts.items()})
    after = source.timepoints.after
    matrix = by_level_matrix(libraries, after, column)
    fit_id = f"{column}_in_{compartment}" if compartment else column
    rows = Rows(libraries, rows.pairs, rows.left_out)
    designs = [
        build(
            question,
            fit_id,
            rows,
            matrix,
            _weights(question, after),
            _stratum(question),
            _levels(question, counts),
        )
        for question in questions
    ]
    notes = beside_sex(designs[0], labels.reindex(rows.pairs[PATIENT].unique()))
    return [replace(one, notes=notes if one.question.kind == "difference" else ()) for one in designs]


def by_compartment(source: Pairs) -> list[Design]:
    """Response in each compartment (a model each) and differences of every two (a model each)."""
    after = source.timepoints.after
    problems: list[Problem] = []
    designs: list[Design] = []
    fits = [(level,) for level in source.compartments] + [(b, a) for a, b in combinations(source.compartments, 2)]
    for question, levels in zip(breakdown(COMPARTMENT, source.compartments), fits, strict=True):
        rows = compartment_rows(source, list(levels))
        n = rows.pairs[PATIENT].nunique()
        try:
            require_pairs(question, n)
        except DesignError as error:
            problems += error.problems
            continue
        one = len(levels) == 1
        matrix = (
            response_matrix(rows.libraries, after)
            if one
            else between_compartments_matrix(rows.libraries, after, levels[0])
        )
        weights = {after if one else f"{after}_{levels[0]}": 1.0}
        fit_id = f"{COMPARTMENT}_{'_vs_'.join(levels)}"
        designs.append(build(question, fit_id, rows, matrix, weights, "within patients", dict.fromkeys(levels, n)))
    if problems:
        raise DesignError.of(problems)
    return designs


def whole_patients(source: Pairs) -> Rows:
    """Return one library per patient and visit, of the patients complete in every compartment."""
    kept, short = complete_in(source.pairs, source.compartments)
    return _rows(source, kept, short, "not complete in every compartment", merge=len(source.compartments) > 1)


def compartment_rows(source: Pairs, compartments: list[str]) -> Rows:
    """Return one library per sample, of the patients complete in all of `compartments`."""
    kept, short = complete_in(source.pairs, compartments)
    return _rows(source, kept, short, f"no complete pair in {' and '.join(compartments)}", merge=False)


def _rows(source: Pairs, kept: pd.DataFrame, short: list[str], reason: str, *, merge: bool) -> Rows:
    make = merged_of if merge else libraries_of
    libraries, pairs = make(kept.assign(visit=source.timepoints.after), source.timepoints)
    libraries, pairs = patient_sex(source, libraries, pairs.drop(columns="visit"))
    incomplete = tuple(LeftOut(patient, source.samples(patient), reason) for patient in short)
    return Rows(libraries, pairs, source.lone + incomplete)


def patient_sex(source: Pairs, libraries: pd.DataFrame, pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return libraries and pairs with the sex of the patient, where the sheet has one."""
    if SEX not in source.sheet:
        return libraries, pairs
    sex = source.of_patient(SEX)
    return tuple(frame.assign(sex=frame[PATIENT].map(sex)) for frame in (libraries, pairs))  # type: ignore[return-value]


def build(
    question: Question,
    fit_id: str,
    rows: Rows,
    matrix: pd.DataFrame,
    weights: dict[str, float],
    stratum: Stratum,
    n_by_level: dict[str, int],
) -> Design:
    """Put a question, its matrix and its rows together; `weights` of the contrast by coefficient."""
    require_full_rank(matrix, f"question {question.id}")
    return Design(
        question=question,
        fit_id=fit_id,
        matrix=matrix,
        contrast=contrast_vector(matrix, weights),
        libraries=rows.libraries,
        pairs=rows.pairs,
        n_pairs=sum(n_by_level.values()) if stratum == "between patients" else _n_pairs(question, rows, n_by_level),
        n_by_level=n_by_level,
        residual_df=matrix.shape[0] - matrix.shape[1],
        stratum=stratum,
        left_out=rows.left_out,
    )


def _n_pairs(question: Question, rows: Rows, n_by_level: dict[str, int]) -> int:
    """Patients behind a within-patient estimate: those of its level where the matrix holds other levels too."""
    if question.kind == "response_within":
        return n_by_level[question.levels[0]]
    return int(rows.pairs[PATIENT].nunique())


def _weights(question: Question, after: str) -> dict[str, float]:
    signs = (1.0,) if question.kind == "response_within" else (1.0, -1.0)
    return {f"{after}_{level}": sign for level, sign in zip(question.levels, signs, strict=True)}


def _stratum(question: Question) -> Stratum:
    return "between patients" if question.kind == "difference" else "within patients"


def _levels(question: Question, counts: pd.Series) -> dict[str, int]:
    return {level: int(counts[level]) for level in question.levels}


def require_pairs(question: Question, n: int) -> None:
    """Refuse a question with fewer than `MIN_PAIRS` patients.

    Raises
    ------
    DesignError
        With the number there is.
    """
    if n < MIN_PAIRS:
        raise DesignError(too_few(question, f"{counted(n, 'patient')} with a complete pair"))


def _require_levels(questions: list[Question], counts: dict[str, int]) -> None:
    singles = [question for question in questions if question.kind == "response_within"]
    short = [(question, counts.get(question.levels[0], 0)) for question in singles]
    problems = [
        too_few(question, f"{counted(n, 'patient')} with a complete pair in {question.column} = {question.levels[0]}")
        for question, n in short
        if n < MIN_PAIRS
    ]
    if problems:
        raise DesignError.of(problems)


def too_few(question: Question, found: str) -> Problem:
    """Say that a question has fewer than `MIN_PAIRS` patients in a level."""
    return Problem(
        where=f"question {question.id}",
        found=found,
        expected=f"at least {MIN_PAIRS} patients, each with a sample before and one after",
        action="Add patients, or drop this breakdown from questions: the variation cannot be estimated.",
    )
