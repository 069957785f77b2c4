"""Dispersion as a function of the mean count, fitted over all genes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from dermshift.engines.deseq2.gamma import gamma_identity
from dermshift.engines.deseq2.local import locfit
from dermshift.errors import DesignError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

Kind = Literal["parametric", "local", "mean"]
USED = 100
"""Genes enter the fit when their dispersion is above this many times the smallest one allowed."""

USED_FOR_MEAN, TRIMMED = 10, 0.001
START = (0.1, 1.0)
WINDOW = (1e-4, 15)
"""Dispersion over trend: genes outside are left out of a pass, and may come back in the next."""

SETTLED, MOST_PASSES = 1e-6, 10


@dataclass(frozen=True)
class Trend:
    """A fitted trend; call it with mean counts to get dispersions.

    Parameters
    ----------
    kind
        What was fitted: ``local`` also stands for a parametric fit that failed.
    coefficients
        Asymptotic dispersion and extra-Poisson noise of ``a + b / mean``; None for the other kinds.
    n_genes
        Genes that entered the fit.
    """

    kind: Kind
    coefficients: tuple[float, float] | None
    n_genes: int
    curve: Callable[[Array], Array] = field(repr=False, compare=False)

    def __call__(self, means: npt.ArrayLike) -> Array:
        """Return the dispersion at each mean count, in the shape of `means`."""
        return self.curve(np.asarray(means, float))


def fit_trend(
    means: npt.ArrayLike, dispersions: npt.ArrayLike, *, min_dispersion: float = 1e-8, kind: Kind = "parametric"
) -> Trend:
    """Return the dispersion trend; a parametric fit that fails is replaced by a local one.

    Parameters
    ----------
    means
        Shape (n,), mean normalised counts, above zero.
    dispersions
        Shape (n,), gene-wise dispersions; genes without one (NaN) are left out.
    min_dispersion
        Smallest dispersion the gene-wise step can give.

    Raises
    ------
    DesignError
        Every dispersion is within 100 times the smallest one: there is no trend to fit.

    References
    ----------
    Love, Huber and Anders 2014, doi:10.1186/s13059-014-0550-8; R ``DESeq2::estimateDispersionsFit``.
    """
    m, d = np.asarray(means, float), np.asarray(dispersions, float)
    used = d > USED * min_dispersion
    if not used.any():
        raise DesignError(_no_trend(min_dispersion))
    n = int(used.sum())
    if kind == "mean":
        average = trimmed_mean(d[d > USED_FOR_MEAN * min_dispersion], TRIMMED)
        return Trend("mean", None, n, lambda q: np.full(q.shape, average))
    pair = parametric(m[used], d[used]) if kind == "parametric" else None
    if pair is None:
        return Trend("local", None, n, local(m[used], d[used]))
    return Trend("parametric", pair, n, lambda q: pair[0] + pair[1] / q)


def parametric(means: Array, dispersions: Array) -> tuple[float, float] | None:
    """Return a, b of ``a + b / mean`` by gamma regression, None where R gives up.

    Genes far from the trend are left out, and chosen again from all genes at every pass.

    References
    ----------
    R ``DESeq2:::parametricDispersionFit``.
    """
    coefficients = np.array(START)
    X = np.column_stack([np.ones_like(means), 1 / means])
    for _ in range(MOST_PASSES + 1):
        ratio = dispersions / (X @ coefficients)
        near = (ratio > WINDOW[0]) & (ratio < WINDOW[1])
        fit = gamma_identity(dispersions[near], X[near], coefficients)
        if fit is None or not (fit.coefficients > 0).all():
            return None
        step = np.sum(np.log(fit.coefficients / coefficients) ** 2)
        coefficients = fit.coefficients
        if step < SETTLED and fit.converged:
            return float(coefficients[0]), float(coefficients[1])
    return None


def local(means: Array, dispersions: Array) -> Callable[[Array], Array]:
    """Return a local regression of log dispersion on log mean, genes weighted by their mean.

    References
    ----------
    R ``DESeq2:::localDispersionFit``.
    """
    curve = locfit(np.log(means), np.log(dispersions), means)
    return lambda q: np.exp(curve(np.log(q)))


def trimmed_mean(values: Array, share: float) -> float:
    """Return the mean without this share of the values at each end (R ``mean(trim = )``)."""
    drop = int(len(values) * share)
    return float(np.mean(np.sort(values)[drop : len(values) - drop]))


def _no_trend(min_dispersion: float) -> Problem:
    return Problem(
        where="dispersion trend",
        found=f"no gene with a dispersion above {USED * min_dispersion:g}",
        expected="genes that vary more between libraries than Poisson counts do",
        action="Check that the matrix holds raw counts and that its samples are no copies of each other.",
    )
