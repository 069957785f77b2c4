"""What these patients could have shown: detectable changes, patients needed, and how much a finding exaggerates."""

from __future__ import annotations

from functools import lru_cache
from math import inf, isfinite, log, nan, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammainc, ndtr
from scipy.stats import chi2, norm
from scipy.stats import t as student

from dermshift.design.build import MIN_PAIRS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

MAX_PAIRS = 1000
"""Where more patients would be needed no number is given."""

NODES = 1601
"""Points at which a normal distribution is taken."""

RANGE = 8.0
"""Standard deviations they reach out to."""

NORMAL_PAIRS = 7.85
"""Patients that find a change of one standard deviation at p .05 with a power of .8, were the deviation known."""

SPREAD_PAIRS = 1.92
"""How many more it takes because it is estimated, with as many degrees of freedom as patients: half of 1.96 squared.

Guenther 1981, The American Statistician 35, 243.
"""

FEW_DF = 50
"""Up to so many degrees of freedom the estimated standard error varies more than the estimate."""


def power_of(delta: float, standard_error: float, df: float, alpha: float = 0.05) -> float:
    """Probability that a two-sided t test finds a true change.

    Parameters
    ----------
    delta, standard_error
        True change and true standard error of its estimate, in the same unit.
    df
        Degrees of freedom of the t curve; infinite for the normal one.

    Returns
    -------
    P(|t'| > t_(1 - alpha/2, df)), t' non-central t with non-centrality delta / standard_error; NaN for a standard error
    that is not positive, or fewer than one degree of freedom.
    """
    if not (standard_error > 0 and df >= 1 and isfinite(delta)):
        return nan
    return _power(abs(delta) / standard_error, float(df), alpha)


def _power(noncentrality: float, df: float, alpha: float) -> float:
    """Average over the normal estimate (few df) or over the estimated standard error (many), whichever is smooth.

    scipy's non-central t is NaN far in the lower tail, and takes seconds or does not converge far in the upper one.
    """
    if df <= FEW_DF:
        x, weight = _normal_grid()
        cut = _cut(df, alpha)
        return float(weight @ gammainc(df / 2, df / 2 * ((x + noncentrality) / cut) ** 2))
    cuts, weight = _critical(df, alpha)
    return float(weight @ (ndtr(noncentrality - cuts) + ndtr(-cuts - noncentrality)))


@lru_cache(maxsize=4096)
def _cut(df: float, alpha: float) -> float:
    """Return the smallest significant t."""
    return float(student.isf(alpha / 2, df))


@lru_cache(maxsize=1)
def _normal_grid() -> tuple[Array, Array]:
    """Points of a standard normal variable and their weights (trapezium rule, exact far beyond double precision)."""
    x = np.linspace(-RANGE, RANGE, NODES)
    weight = np.exp(-(x**2) / 2)
    return x, weight / weight.sum()


@lru_cache(maxsize=256)
def _critical(df: float, alpha: float) -> tuple[Array, Array]:
    """Return smallest significant estimates in true standard errors, over the distribution of the estimated one."""
    if not isfinite(df):
        return np.array([norm.isf(alpha / 2)]), np.ones(1)
    x, weight = _normal_grid()
    low = x < 0
    spread = np.concatenate([chi2.ppf(ndtr(x[low]), df), chi2.isf(ndtr(-x[~low]), df)])
    return student.isf(alpha / 2, df) * np.sqrt(spread / df), weight


@lru_cache(maxsize=4096)
def detectable(df: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the true change, in standard errors, that a two-sided t test finds with the given power."""
    if not (df >= 1 and 0 < alpha < power < 1):
        return nan
    upper = 1.0
    while _power(upper, df, alpha) < power:
        upper *= 2
    return float(brentq(lambda x: _power(x, df, alpha) - power, 0, upper, xtol=1e-10))


def mde(
    sd: float, n: int, df: float, alpha: float = 0.05, power: float = 0.8, groups: tuple[int, int] | None = None
) -> float:
    """Minimum detectable change, in the unit of `sd` (log2).

    Parameters
    ----------
    sd
        Standard deviation of one patient's change.
    n
        Patients.
    df
        Degrees of freedom of `sd` (n - 1, or n - 2 for two groups), and those borrowed where it is moderated.
    groups
        Patients in each of two groups: the change is then the difference of their means.

    Returns
    -------
    NaN with fewer than three patients in a group, or an `sd` that is not positive.
    """
    sizes = groups or (n,)
    if min(sizes) < MIN_PAIRS or not (sd > 0 and isfinite(sd)):
        return nan
    return detectable(float(df), alpha, power) * sd * sqrt(sum(1 / size for size in sizes))


def mde_counts(mean: float, dispersion: float, n: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Minimum detectable log2 change of n pairs of counts, normal quantiles.

    The standard error is sqrt(2 (1/mean + dispersion) / n) / ln 2.

    `mean` is the mean normalised count, `dispersion` that of the negative binomial (variance mean + dispersion mean^2).
    """
    if n < MIN_PAIRS or not (mean > 0 and dispersion >= 0):
        return nan
    return detectable(inf, alpha, power) * sqrt(2 * (1 / mean + dispersion) / n) / log(2)


def pairs_needed(
    sd: float, delta: float, alpha: float = 0.05, power: float = 0.8, *, prior_df: float = 0.0, groups: int = 1
) -> int | None:
    """Fewest patients with a pair that find a change `delta` with the given power.

    Parameters
    ----------
    prior_df
        Degrees of freedom borrowed from other genes, the same for any number of patients.
    groups
        2 for a difference of two groups; the number is then that of each group.

    Returns
    -------
    At least three, the fewest a question may rest on; None above 1,000, or for an `sd` that is not positive.
    """
    if not (sd > 0 and isfinite(sd) and abs(delta) > 0):
        return None

    def enough(n: int) -> bool:
        return power_of(delta, sd * sqrt(groups / n), groups * (n - 1) + prior_df, alpha) >= power

    known = min(max(groups * (sd / delta) ** 2 * NORMAL_PAIRS, 1), MAX_PAIRS)
    low, high = _bracket(enough, known + SPREAD_PAIRS * known / (groups * known + prior_df))
    if high > MAX_PAIRS:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _bracket(enough: Callable[[int], bool], guess: float) -> tuple[int, int]:
    """Return too few and enough patients, close around a guess; enough beyond `MAX_PAIRS` where that is too few."""
    n = int(min(max(guess, MIN_PAIRS), MAX_PAIRS))
    step = 1
    if enough(n):
        while n - step >= MIN_PAIRS and enough(n - step):
            n, step = n - step, 2 * step
        return max(n - step, MIN_PAIRS - 1), n
    while n < MAX_PAIRS and not enough(min(n + step, MAX_PAIRS)):
        n, step = n + step, 2 * step
    return (n, min(n + step, MAX_PAIRS)) if n < MAX_PAIRS else (MAX_PAIRS, MAX_PAIRS + 1)


class Exaggeration(NamedTuple):
    """What the significant ones among many repeats of a study would say.

    `ratio`: their mean absolute estimate over the true change; `wrong_sign`: share of them with the wrong sign;
    `power`: share of all repeats that are significant.
    """

    ratio: float
    wrong_sign: float
    power: float


def exaggeration(theta: float, standard_error: float, alpha: float = 0.05, df: float = inf) -> Exaggeration:
    """Exaggeration of significant estimates of a declared change `theta`.

    `theta` is what one holds plausible beforehand, never the estimate at hand: that would be circular.

    Parameters
    ----------
    df
        Degrees of freedom of the t curve; infinite where the standard error is known (normal curve).

    References
    ----------
    van Zwet and Gelman, arXiv:2011.15037; with df, averaged over the distribution of the estimated standard error.
    """
    if not (standard_error > 0 and df >= 1 and theta != 0 and isfinite(theta)):
        return Exaggeration(nan, nan, nan)
    size = abs(theta) / standard_error
    c, weight = _critical(float(df), alpha)
    right, wrong = ndtr(size - c), ndtr(-c - size)
    magnitude = size * right + norm.pdf(c - size) - size * wrong + norm.pdf(c + size)
    power = float(weight @ (right + wrong))
    return Exaggeration(float(weight @ magnitude) / (power * size), float(weight @ wrong) / power, power)
