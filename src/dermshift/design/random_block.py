"""The same questions with patients as a random block: one column per cell, one correlation for all genes.

The multi-level model of R limma (user's guide, section on multi-level experiments; ``duplicateCorrelation``, Smyth,
Michaud and Scott 2005, doi:10.1093/bioinformatics/bti270). It compares levels of patients across compartments in one
fit. A sensitivity run: what a patient's libraries share is taken to be the same between any two of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.checks.finding import counted
from dermshift.design.build import (
    MIN_PAIRS,
    by_compartment,
    by_patient_column,
    compartment_rows,
    overall,
    too_few,
    whole_patients,
)
from dermshift.design.matrix import contrast_vector, indicators, require_full_rank
from dermshift.errors import DesignError
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.build import Pairs, Rows
    from dermshift.design.model import Design
    from dermshift.design.question import Ask, Question
    from dermshift.study import Timepoints

BLOCK = "random_block"


def random_block(source: Pairs, ask: Ask) -> list[Design]:
    """Design the questions of a line of ``questions:`` with a column per cell and patients as the block.

    Raises
    ------
    DesignError
        The question cannot be answered with fixed patients either.
    """
    fixed = _fixed(source, ask)
    crossed = COMPARTMENT in (ask.by, ask.within)
    rows = compartment_rows(source, source.compartments) if crossed else whole_patients(source)
    column = "" if ask.by == COMPARTMENT else ask.by
    factors = [*([column] if column else []), *([COMPARTMENT] if crossed else [])]
    libraries = rows.libraries
    if column:
        libraries = libraries.assign(**{column: libraries[PATIENT].map(source.of_patient(column))})
    matrix = indicators(cells(libraries, [*factors, TIMEPOINT]), "cell_")
    require_full_rank(matrix, f"questions: {ask.text}")
    rows = replace(rows, libraries=libraries)
    designs = [_random(source.timepoints, design, matrix, rows, factors) for design in fixed]
    short = [(d.question, f"{counted(n, 'patient')} complete in {level}") for d in designs for level, n in _few(d)]
    if short:
        raise DesignError.of(too_few(question, found) for question, found in short)
    return designs


def _fixed(source: Pairs, ask: Ask) -> list[Design]:
    """Return the designs of the same questions with fixed patients."""
    if not ask.by:
        return overall(source)
    if ask.by == COMPARTMENT:
        return by_compartment(source)
    places = source.compartments if ask.within else [""]
    return [design for place in places for design in by_patient_column(source, ask.by, place)]


def cells(libraries: pd.DataFrame, factors: Sequence[str]) -> pd.Series:
    """Return the cell of each library, e.g. ``male_dermis_week1``."""
    parts = [libraries[factor].astype(str) for factor in factors]
    return pd.Series(["_".join(labels) for labels in zip(*parts, strict=True)], index=libraries.index)


def _few(design: Design) -> list[tuple[str, int]]:
    """Return the levels with fewer patients than a response may rest on."""
    return [(level, n) for level, n in design.n_by_level.items() if n < MIN_PAIRS]


def _weights(question: Question, timepoints: Timepoints, factors: list[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for level, sign in zip(question.levels or ("",), (1.0, -1.0), strict=False):
        place = {question.column: level}
        if question.within:
            place[question.within[0]] = question.within[1]
        labels = [place[factor] for factor in factors]
        weights["_".join(["cell", *labels, timepoints.after])] = sign
        weights["_".join(["cell", *labels, timepoints.before])] = -sign
    return weights


def _pairs(question: Question, rows: Rows) -> pd.DataFrame:
    """Return the pairs a question is about, in its compartments."""
    places = [question.within[1]] if question.within else list(question.levels) * (question.column == COMPARTMENT)
    return rows.pairs[rows.pairs[COMPARTMENT].isin(places)].reset_index(drop=True) if places else rows.pairs


def _sizes(question: Question, rows: Rows, pairs: pd.DataFrame) -> dict[str, int]:
    """Return the patients of each level of a question."""
    patients = pairs[PATIENT].drop_duplicates()
    if not question.of_patients:
        return dict.fromkeys(question.levels, len(patients))
    labels = rows.libraries.drop_duplicates(PATIENT).set_index(PATIENT)[question.column]
    return {level: int((patients.map(labels) == level).sum()) for level in question.levels}


def _random(timepoints: Timepoints, design: Design, matrix: pd.DataFrame, rows: Rows, factors: list[str]) -> Design:
    question = design.question
    pairs = _pairs(question, rows)
    sizes = _sizes(question, rows, pairs)
    return replace(
        design,
        question=replace(question, id=f"{question.id}_{BLOCK}", block=PATIENT),
        fit_id="_".join([BLOCK, *factors]),
        matrix=matrix,
        contrast=contrast_vector(matrix, _weights(question, timepoints, factors)),
        libraries=rows.libraries,
        pairs=pairs,
        n_pairs=sum(sizes.values()) if question.of_patients else int(pairs[PATIENT].nunique()),
        n_by_level=sizes,
        residual_df=matrix.shape[0] - matrix.shape[1],
        left_out=rows.left_out,
        block=tuple(rows.libraries[PATIENT].astype(str)),
    )
