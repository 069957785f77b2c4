"""What the kernels are given: arrays by gene, and a refusal of arrays they cannot answer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.errors import DesignError, FormatError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SHAPES = {
    "counts": "libraries x genes",
    "means": "libraries x genes",
    "inverse_means": "genes",
    "size_factors": "libraries",
    "dispersions": "genes",
    "start": "genes",
    "coefficients": "genes x columns",
    "contrast": "columns",
    "ridge": "columns x columns",
    "prior_variance": "",
    "prior_scale": "",
    "prior_width": "",
}
OF_ANY_SIGN = ("coefficients", "contrast")
FROM_ZERO = ("counts", "ridge")
OF_THE_FIT = ("coefficients", "dispersions", "means")
"""Missing for the genes that could not be fitted; all others of `SHAPES` are above zero."""


def by_gene(array: ArrayLike) -> Floats:
    """Return the transpose of a libraries x genes array as floating-point numbers that lie together by gene."""
    return np.ascontiguousarray(np.asarray(array).T, dtype=float)


def need_arrays(
    step: str, matrix: ArrayLike | None, *, column: int = 0, unfitted: bool = False, **arrays: ArrayLike
) -> None:
    """Refuse arrays a kernel would answer with nonsense or an obscure error.

    Parameters
    ----------
    step
        Name of the step, for the message.
    matrix
        Design matrix, libraries x columns; None where the step has none.
    column
        Index of a column of the matrix.
    unfitted
        Coefficients, dispersions and means may be missing (NaN) for genes that were not fitted.
    **arrays
        Any of the names of `SHAPES`.

    Raises
    ------
    FormatError
        Shapes that do not agree; missing, infinite or impossible values.
    DesignError
        Nothing of that, but a matrix with missing values, not of full column rank, or without a library to spare.
    """
    where = f"engine 'deseq2', step '{step}'"
    values = {name: np.asarray(array, dtype=float) for name, array in arrays.items()}
    design = None if matrix is None else np.asarray(matrix, dtype=float)
    problems = [*_shape_problems(where, design, values), *_value_problems(where, values, unfitted=unfitted)]
    of_matrix = [] if design is None else [*_column_problems(where, design, column), *_rank_problems(where, design)]
    if problems:
        raise FormatError(*problems, *of_matrix)
    if of_matrix:
        raise DesignError(*of_matrix)


def _shape_problems(where: str, matrix: Floats | None, values: dict[str, Floats]) -> Iterator[Problem]:
    sizes = {} if matrix is None else dict(zip(("libraries", "columns"), matrix.shape, strict=False))
    for name, array in values.items():
        expected = SHAPES[name].split(" x ") if SHAPES[name] else []
        sizes |= {axis: n for axis, n in zip(expected, array.shape, strict=False) if axis not in sizes}
        if array.ndim != len(expected) or array.shape != tuple(sizes[axis] for axis in expected):
            wanted = " x ".join(f"{sizes.get(axis, '?')} {axis}" for axis in expected) or "one number"
            found = f"{name} of shape {array.shape}"
            yield Problem(where, found, wanted, "Give every array the same libraries and genes, in one order.")


def _value_problems(where: str, values: dict[str, Floats], *, unfitted: bool) -> Iterator[Problem]:
    for name, array in values.items():
        least, expected = float(np.finfo(float).tiny), "numbers above zero"
        if name in OF_ANY_SIGN:
            least, expected = -np.inf, "finite numbers"
        elif name in FROM_ZERO:
            least, expected = 0.0, "numbers that are not negative"
        sound = np.isfinite(array) & (array >= least)
        if unfitted and name in OF_THE_FIT:
            sound |= np.isnan(array)
        wrong = int((~sound).sum())
        if wrong:
            found = f"{wrong} values of {name} that are missing, infinite or too small"
            yield Problem(where, found, expected, "Leave such genes or libraries out before the fit.")


def _column_problems(where: str, matrix: Floats, column: int) -> Iterator[Problem]:
    if matrix.ndim == 2 and not 0 <= column < max(matrix.shape[1], 1):
        expected = f"a column of the design matrix, from 0 to {matrix.shape[1] - 1}"
        yield Problem(where, f"column {column}", expected, "Name a coefficient of the fit.")


def _rank_problems(where: str, matrix: Floats) -> Iterator[Problem]:
    finite = bool(np.isfinite(matrix).all())
    rank = int(np.linalg.matrix_rank(matrix)) if finite and matrix.ndim == 2 and matrix.size else 0
    if matrix.ndim == 2 and 0 < rank == matrix.shape[1] < matrix.shape[0]:
        return
    yield Problem(
        where=f"{where}, design matrix",
        found=f"shape {matrix.shape}, {f'rank {rank}' if finite else 'missing or infinite values'}",
        expected="full column rank and more libraries than columns",
        action="Drop the columns that are sums of others, such as a sex column beside patient columns.",
    )
