"""Least squares of all genes on one matrix, with what libraries share and how much each is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.limma.duplicate_correlation import Correlation, duplicate_correlation
from dermshift.engines.limma.gate import need_correlation, need_every_coefficient
from dermshift.engines.order import canonical_order

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.limma.moderate import LinearFit

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ordered:
    """Values and design in canonical order.

    Parameters
    ----------
    libraries
        Names of the libraries in this order.
    values
        Genes x libraries.
    matrix
        Libraries x coefficients.
    columns
        Position of each coefficient in the design's own matrix.
    block
        One label per library, or empty.
    """

    libraries: list[str]
    values: Floats
    matrix: Floats
    columns: list[int]
    block: tuple[str, ...]

    def contrast(self, design: Design) -> Floats:
        """Return the weights of a design of this fit, coefficients x 1."""
        return np.asarray(design.contrast, dtype=float)[self.columns][:, None]


@dataclass(frozen=True)
class Linear:
    """One fit of all genes, its array weights by library and its correlation within blocks."""

    fit: LinearFit
    weights: dict[str, float] | None
    correlation: Correlation | None


def ordered(values: pd.DataFrame, design: Design) -> Ordered:
    """Put libraries (rows of `values`, as the design's matrix) and coefficients in canonical order."""
    X = values.to_numpy("float64")
    rows, columns = canonical_order(X, design.matrix)
    return Ordered(
        libraries=[str(design.matrix.index[i]) for i in rows],
        values=np.ascontiguousarray(X[rows].T),
        matrix=design.matrix.to_numpy("float64")[np.ix_(rows, columns)],
        columns=columns,
        block=tuple(design.block[i] for i in rows) if design.block else (),
    )


def least_squares(data: Ordered, *, array_weights: bool = False) -> Linear:
    """Fit the matrix to every gene: weights first, then the correlation, then the coefficients.

    Raises
    ------
    DesignError
        No gene has a correlation within blocks, or the library would drop a coefficient.

    References
    ----------
    R ``limma::arrayWeights`` (REML, prior of ten genes), ``limma::duplicateCorrelation``, ``limma::lmFit``.
    """
    import pylimma

    weights = correlation = None
    if array_weights:
        weights = np.asarray(pylimma.array_weights(data.values, design=data.matrix), dtype=float)
    if data.block:
        correlation = duplicate_correlation(data.values, data.matrix, data.block, weights)
        need_correlation(correlation.consensus)
        codes = np.array([data.block.index(label) for label in data.block])
        fit = pylimma.lm_fit(
            data.values, design=data.matrix, block=codes, correlation=correlation.consensus, weights=weights
        )
    else:
        fit = pylimma.lm_fit(data.values, design=data.matrix, weights=weights)
    need_every_coefficient(int(fit["rank"]), data.matrix.shape[1])
    named = None if weights is None else dict(zip(data.libraries, weights.tolist(), strict=True))
    return Linear(fit, named, correlation)


def of_contrast(linear: Linear, weights: Floats) -> LinearFit:
    """Return the fit of one contrast, given as coefficients x 1: never by index, which counts from 0 here.

    References
    ----------
    R ``limma::contrasts.fit``; exact because no weight differs between genes.
    """
    from pylimma import contrasts_fit

    found: LinearFit = contrasts_fit(linear.fit, contrasts=weights)
    return found
