"""What is refused before a fit: the library answers these with a wrong table or an obscure error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.base import need_scale
from dermshift.errors import DesignError, Problem, ScaleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineMeta
    from dermshift.study import Study

LARGEST_LOG2 = 40
"""No count reaches 2 to the 40th, so a matrix whose largest value is below 40 looks like rounded logarithms."""


def need_counts(meta: EngineMeta, study: Study) -> None:
    """Refuse values that are no raw counts, whatever the study says of its scale.

    Raises
    ------
    ScaleError
        Wrong scale; negative, missing, infinite or fractional values; values that look like rounded log2 values.
    """
    need_scale(meta, study.name, study.scale)
    X = study.values.to_numpy(float)
    valid = np.isfinite(X) & (X >= 0) & (np.floor(X) == X)
    found = []
    if not valid.all():
        found.append(f"{int((~valid).sum())} values that are negative, missing, infinite or not whole numbers")
    elif X.size and X.max() < LARGEST_LOG2:
        found.append(f"a largest value of {X.max():g}, as in rounded log2 values")
    if found:
        raise ScaleError(
            Problem(
                where=f"study '{study.name}', matrix",
                found=found[0],
                expected="raw integer counts",
                action="Give the counts as the quantifier wrote them; never round values to make them counts.",
            )
        )


def need_one_fit(designs: Sequence[Design]) -> None:
    """Refuse designs that one fit cannot serve.

    Raises
    ------
    DesignError
        No design, different ``fit_id`` or libraries, a rank-deficient matrix, or a contrast of the wrong length.
    """
    problems = [problem for design in designs for problem in _design_problems(design, designs[0])]
    if not designs:
        problems = [Problem("engine 'deseq2'", "no design", "at least one design", "Ask at least one question.")]
    if problems:
        raise DesignError(*problems)


def _design_problems(design: Design, first: Design) -> list[Problem]:
    where = f"question '{design.question.id}'"
    ask = "Report this as a fault of dermshift, with the sample sheet."
    matrix = design.matrix
    problems = []
    if design.fit_id != first.fit_id or not matrix.equals(first.matrix):
        found = f"fit '{design.fit_id}' beside fit '{first.fit_id}'"
        problems.append(Problem(where, found, "questions that share one matrix", ask))
    if not matrix.index.equals(design.libraries.index):
        problems.append(Problem(where, "matrix and libraries in different order", "the same libraries", ask))
    if design.contrast.shape != (matrix.shape[1],):
        found = f"a contrast of shape {design.contrast.shape}"
        problems.append(Problem(where, found, f"one weight for each of {matrix.shape[1]} coefficients", ask))
    return problems + _rank_problems(where, matrix)


def _rank_problems(where: str, matrix: pd.DataFrame) -> list[Problem]:
    X = matrix.to_numpy(float)
    if np.isfinite(X).all() and np.linalg.matrix_rank(X) == X.shape[1] < X.shape[0]:
        return []
    rank = int(np.linalg.matrix_rank(X)) if np.isfinite(X).all() else 0
    return [
        Problem(
            where=f"{where}, design matrix",
            found=f"rank {rank} with {X.shape[0]} libraries and the columns {', '.join(map(str, matrix.columns))}",
            expected=f"full column rank {X.shape[1]} and fewer columns than libraries",
            action="Ask for a difference between levels instead of a column that is constant within patients.",
        )
    ]


def need_genes(n_genes: int, min_count: int) -> None:
    """Refuse a fit without genes.

    Raises
    ------
    DesignError
        No gene passes the filter.
    """
    if n_genes == 0:
        raise DesignError(
            Problem(
                where="gene filter, parameter 'min_count'",
                found=f"no gene that varies and passes min_count = {min_count}",
                expected="at least one gene to test",
                action="Check that the matrix holds raw counts, or lower min_count.",
            )
        )
