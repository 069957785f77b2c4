"""Width of the prior around the dispersion trend, from the log residuals of the genes."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.local import loess
from dermshift.errors import DesignError, Problem

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

FLOOR = 0.25
FEW_DF = 3
"""Up to this many residual df the distribution of the residuals is matched, not their variance alone."""

MAD_CONSTANT = 1.4826
EDGES = np.arange(-20, 21) / 2
FUZZ = 1e-7
"""R's ``hist`` moves each edge up by this share of a bin, the first one down."""

VARIANCES = np.linspace(0, 8, 200)
FINE_VARIANCES = np.linspace(0, 8, 1000)
SPAN = 0.2


def mad_variance(log_residuals: npt.ArrayLike) -> float:
    """Return the square of the median absolute deviation, scaled to a normal distribution; NaN is left out.

    References
    ----------
    R ``stats::mad``; ``DESeq2`` calls its square ``varLogDispEsts``.
    """
    r = _present(log_residuals)
    return float((MAD_CONSTANT * np.median(np.abs(r - np.median(r)))) ** 2)


def prior_variance(log_residuals: npt.ArrayLike, residual_df: int, var_log_residuals: float) -> float:
    """Return the variance of log dispersions around their trend that is no sampling noise, at least .25.

    With more than 3 residual df: the variance of the residuals minus that of a log chi-square over its df. With 1 to
    3: the variance of the normal distribution whose sum with the log chi-square looks most like the residuals.
    Without residual df: `var_log_residuals` unchanged.

    Parameters
    ----------
    log_residuals
        Shape (n,), log gene-wise dispersion minus log trend, of genes with dispersion >= 100 x the smallest one.
    residual_df
        Libraries minus coefficients.
    var_log_residuals
        `mad_variance` of the same residuals.

    Raises
    ------
    DesignError
        No gene is left to estimate it from.

    References
    ----------
    R ``DESeq2:::estimateDispersionsPriorVar``.
    """
    from scipy.special import polygamma

    residuals = _present(log_residuals)
    if residual_df <= 0:
        return float(var_log_residuals)
    if residual_df > FEW_DF:
        return max(float(var_log_residuals - polygamma(1, residual_df / 2)), FLOOR)
    return max(matched_variance(residuals, residual_df), FLOOR)


def matched_variance(log_residuals: Array, residual_df: int) -> float:
    """Return the variance whose simulated histogram is nearest (Kullback-Leibler) to that of the residuals.

    The distances over a grid of 200 variances are smoothed by `loess`; the answer is the lowest of 1,000 points.
    """
    observed = density(histogram(log_residuals))
    simulated = simulated_histograms(residual_df)
    distances = [divergence(observed, density(counts)) for counts in simulated]
    smooth = loess(VARIANCES, distances, SPAN)(FINE_VARIANCES)
    return float(FINE_VARIANCES[np.argmin(smooth)])


def histogram(log_residuals: Array) -> Array:
    """Return the counts per bin as R's ``hist`` counts: bins are closed on the right."""
    inside = _present(log_residuals[(log_residuals > EDGES[0]) & (log_residuals < EDGES[-1])])
    edges = EDGES + FUZZ * 0.5 * np.where(np.arange(len(EDGES)) == 0, -1, 1)
    bins = np.searchsorted(edges, inside) - 1  # the edge itself belongs to the bin before it
    return np.asarray(np.bincount(bins, minlength=len(EDGES) - 1), float)


def density(counts: Array) -> Array:
    """Return counts as a density over the bins of width .5."""
    return np.asarray(counts / (counts.sum() * 0.5), float)


def divergence(observed: Array, simulated: Array) -> float:
    """Return the Kullback-Leibler distance, with the smallest positive density added to all."""
    both = np.concatenate([observed, simulated])
    small = both[both > 0].min()
    return float(np.sum(observed * (np.log(observed + small) - np.log(simulated + small))))


@cache
def simulated_histograms(residual_df: int) -> Array:
    """Return R's simulated counts, shape (200 variances, 40 bins), for 1, 2 or 3 residual df.

    Log chi-square over its df plus normal noise, 10,000 draws each; made by tests/reference/prior_histograms/make.R.
    """
    packed = files("dermshift.engines.deseq2").joinpath("prior_histograms.csv.gz").read_bytes()
    table = np.loadtxt(gzip.decompress(packed).decode().splitlines(), delimiter=",", skiprows=1)
    return np.asarray(table[table[:, 0] == residual_df, 1:], float)


def _present(log_residuals: npt.ArrayLike) -> Array:
    r = np.asarray(log_residuals, float)
    r = r[~np.isnan(r)]
    if not r.size:
        raise DesignError(
            Problem(
                where="prior of the dispersions",
                found="no gene with a dispersion to compare with the trend",
                expected="at least one gene that varies more than a Poisson count, and not e^10 times more",
                action="Check that the matrix holds raw counts and that its samples are no copies of each other.",
            )
        )
    return np.asarray(r, float)
