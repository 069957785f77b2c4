"""What the kernels are given: arrays by gene, and a refusal of arrays they cannot answer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.errors import DesignError, FormatError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHAPES = {
    "counts": "libraries x genes",
    "means": "libraries x genes",
    "size_factors": "libraries",
    "dispersions": "genes",
}
POSITIVE = ("size_factors", "dispersions", "means")


def by_gene(array: Floats) -> Floats:
    """Return the transpose of a libraries x genes array as floating-point numbers that lie together by gene."""
    return np.ascontiguousarray(np.asarray(array).T, dtype=float)


def need_arrays(step: str, matrix: Floats | None, **arrays: Floats) -> None:
    """Refuse arrays a kernel would answer with nonsense or an obscure error.

    Parameters
    ----------
    step
        Name of the step, for the message.
    matrix
        Design matrix, libraries x columns; None where the step has none.
    **arrays
        Any of ``counts``, ``means``, ``size_factors``, ``dispersions``.

    Raises
    ------
    FormatError
        Shapes that do not agree; missing, infinite or impossible values.
    DesignError
        A matrix with missing values, not of full column rank, or without a library to spare.
    """
    where = f"engine 'deseq2', step '{step}'"
    values = {name: np.asarray(array, dtype=float) for name, array in arrays.items()}
    problems = [*_shape_problems(where, matrix, values), *_value_problems(where, values)]
    if problems:
        raise FormatError(*problems)
    if matrix is not None:
        _need_full_rank(where, np.asarray(matrix, dtype=float))


def _shape_problems(where: str, matrix: Floats | None, values: dict[str, Floats]) -> Iterator[Problem]:
    sizes: dict[str, int] = {} if matrix is None else {"libraries": len(matrix)}
    for name, array in values.items():
        expected = SHAPES[name].split(" x ")
        sizes |= {axis: n for axis, n in zip(expected, array.shape, strict=False) if axis not in sizes}
        if array.ndim != len(expected) or array.shape != tuple(sizes[axis] for axis in expected):
            wanted = " x ".join(f"{sizes.get(axis, '?')} {axis}" for axis in expected)
            found = f"{name} of shape {array.shape}"
            yield Problem(where, found, wanted, "Give every array the same libraries and genes, in one order.")


def _value_problems(where: str, values: dict[str, Floats]) -> Iterator[Problem]:
    for name, array in values.items():
        least = np.finfo(float).tiny if name in POSITIVE else 0.0
        wrong = int((~(np.isfinite(array) & (array >= least))).sum())
        if wrong:
            expected = "numbers above zero" if name in POSITIVE else "numbers that are not negative"
            found = f"{wrong} values of {name} that are missing, infinite or too small"
            yield Problem(where, found, expected, "Leave such genes or libraries out before the fit.")


def _need_full_rank(where: str, matrix: Floats) -> None:
    finite = bool(np.isfinite(matrix).all())
    rank = int(np.linalg.matrix_rank(matrix)) if finite and matrix.ndim == 2 else 0
    if matrix.ndim == 2 and rank == matrix.shape[1] <= matrix.shape[0]:
        return
    raise DesignError(
        Problem(
            where=f"{where}, design matrix",
            found=f"shape {matrix.shape}, {f'rank {rank}' if finite else 'missing or infinite values'}",
            expected="full column rank and at least as many libraries as columns",
            action="Drop the columns that are sums of others, such as a sex column beside patient columns.",
        )
    )
