"""What every engine refuses before a fit: a library answers these with a wrong table or an obscure error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.errors import DesignError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineMeta

RANDOM_BLOCK_ENGINE = "limma"
"""The engine that models patients as a random block."""


def need_one_fit(meta: EngineMeta, designs: Sequence[Design]) -> None:
    """Refuse designs that one fit cannot serve.

    Raises
    ------
    DesignError
        No design, different ``fit_id`` or libraries, a rank-deficient matrix, a contrast of the wrong length, or
        patients as a random block where the engine knows none.
    """
    problems = [problem for design in designs for problem in _design_problems(meta, design, designs[0])]
    if not designs:
        problems = [Problem(f"engine '{meta.name}'", "no design", "at least one design", "Ask at least one question.")]
    if problems:
        raise DesignError(*problems)


def _design_problems(meta: EngineMeta, design: Design, first: Design) -> list[Problem]:
    where = f"question '{design.question.id}'"
    ask = "Report this as a fault of dermshift, with the sample sheet."
    matrix = design.matrix
    problems = []
    if design.fit_id != first.fit_id or design.block != first.block or not matrix.equals(first.matrix):
        found = f"fit '{design.fit_id}' beside fit '{first.fit_id}'"
        problems.append(Problem(where, found, "questions that share one matrix", ask))
    if not matrix.index.equals(design.libraries.index):
        problems.append(Problem(where, "matrix and libraries in different order", "the same libraries", ask))
    if design.contrast.shape != (matrix.shape[1],):
        found = f"a contrast of shape {design.contrast.shape}"
        problems.append(Problem(where, found, f"one weight for each of {matrix.shape[1]} coefficients", ask))
    return problems + _block_problems(meta, where, design) + _rank_problems(where, matrix)


def _block_problems(meta: EngineMeta, where: str, design: Design) -> list[Problem]:
    if not design.block:
        return []
    if meta.name != RANDOM_BLOCK_ENGINE:
        expected = f"patients as columns of the matrix; a random block is modelled by '{RANDOM_BLOCK_ENGINE}'"
        action = f"Choose engine '{RANDOM_BLOCK_ENGINE}' for log2 data, or ask for the paired question."
        return [Problem(f"{where}, engine '{meta.name}'", "patients as a random block", expected, action)]
    if len(design.block) != len(design.matrix):
        found = f"{len(design.block)} block labels"
        action = "Report this as a fault of dermshift, with the sample sheet."
        return [Problem(where, found, f"one for each of {len(design.matrix)} libraries", action)]
    return []


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
