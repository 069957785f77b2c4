"""Plain and moderated t of the patients' changes, for whole matrices at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import betainc, digamma, polygamma
from scipy.stats import t as student

from dermshift.paired.changes import item_notes

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.paired.changes import Changes

    Array = npt.NDArray[np.float64]

LARGE, SMALL = 1e7, 1e-6
"""Beyond these the inverse of trigamma has its limiting form."""

OFFSET = 1e-5
"""Share of the median below which a variance is taken for that share while the prior is estimated."""

MIN_ITEMS = 3
"""Fewest variances a prior can be estimated from."""


@dataclass(frozen=True)
class Moments:
    """What a t statistic is made of.

    `estimate`, `variance` (items): the mean, or the difference of two means; the variance of one patient's change with
    its residual `df`. ``factor * sqrt(variance)`` is the standard error of the estimate.
    """

    estimate: Array
    variance: Array
    df: int
    factor: float


@dataclass(frozen=True)
class Squeezed:
    """Posterior variances (..., items), and the prior variance and prior df (...) they were squeezed towards."""

    variance: Array
    prior_variance: Array
    prior_df: Array


def trigamma_inverse(x: npt.ArrayLike) -> Array:
    """Return y with trigamma(y) = x, for positive x.

    References
    ----------
    Smyth 2004, appendix, doi:10.2202/1544-6115.1027; R ``limma::trigammaInverse``.
    """
    target = np.asarray(x, dtype=float)
    inner = np.clip(target, SMALL, LARGE)
    y = 0.5 + 1 / inner
    for _ in range(50):
        value = polygamma(1, y)
        step = value * (1 - value / inner) / polygamma(2, y)
        y = y + step
        if not np.any(-step / y >= 1e-8):
            break
    return np.asarray(np.where(target > LARGE, 1 / np.sqrt(target), np.where(target < SMALL, 1 / target, y)))


def squeeze(variances: npt.ArrayLike, df: int) -> Squeezed:
    """Squeeze variances towards a common prior; every row of `variances` is a study of its own.

    Parameters
    ----------
    variances
        Shape (..., items), none missing. With fewer than three items nothing is borrowed (prior df 0).
    df
        Residual degrees of freedom, the same for all.

    References
    ----------
    Smyth 2004, doi:10.2202/1544-6115.1027; R ``limma::squeezeVar``, ``limma::fitFDist`` (no trend, not robust).
    """
    own = np.asarray(variances, dtype=float)
    if own.shape[-1] < MIN_ITEMS:
        return Squeezed(own, np.full(own.shape[:-1], np.nan), np.zeros(own.shape[:-1]))
    offset = _lifted(own)
    logs = np.log(offset) - digamma(df / 2) + np.log(df / 2)
    spread = logs.var(axis=-1, ddof=1) - polygamma(1, df / 2)
    borrows = spread > 0
    half = trigamma_inverse(np.where(borrows, spread, 1))
    scale = np.where(borrows, np.exp(logs.mean(axis=-1) + digamma(half) - np.log(half)), offset.mean(axis=-1))
    prior_df = np.where(borrows, 2 * half, np.inf)
    return Squeezed(toward(own, df, scale[..., None], prior_df[..., None]), scale, prior_df)


def _lifted(own: Array) -> Array:
    """Return the variances, those below a share of their row's median taken for that share."""
    # Where most are within that share of the smallest, the median is so too, and need not be found: none is below.
    least = own.min(axis=-1, keepdims=True)
    if bool(((own * OFFSET <= least).sum(axis=-1) > own.shape[-1] // 2 + 1).all() and (least > 0).all()):
        return own
    median = np.median(own, axis=-1, keepdims=True)
    return np.maximum(own, OFFSET * np.where(median == 0, 1, median))


def toward(variances: npt.ArrayLike, df: int, prior_variance: npt.ArrayLike, prior_df: npt.ArrayLike) -> Array:
    """Return posterior variances: the mean of own and prior variance, weighted by degrees of freedom.

    Without borrowed degrees of freedom the own variance stays; with infinitely many the prior one takes its place.
    """
    own, weight = np.asarray(variances, dtype=float), df / (df + np.asarray(prior_df, dtype=float))
    return np.where(weight == 1, own, weight * own + (1 - weight) * np.asarray(prior_variance, dtype=float))


def total_df(df: int, prior_df: npt.ArrayLike, items: int) -> Array:
    """Degrees of freedom of a moderated t: never more than all items have together (R ``limma::eBayes``)."""
    return np.asarray(np.minimum(df + np.asarray(prior_df, dtype=float), df * items))


def moments(values: Array, first: npt.NDArray[np.bool_] | None = None) -> Moments:
    """Return the moments of one sample (`first` None), or of the difference of two with a common variance.

    Parameters
    ----------
    values
        Patients x items.
    first
        Which rows belong to the first group; the estimate is its mean minus the mean of the others.
    """
    groups = [values] if first is None else [values[first], values[~first]]
    means = [group.mean(axis=0) for group in groups]
    squares = sum(((group - mean) ** 2).sum(axis=0) for group, mean in zip(groups, means, strict=True))
    df = len(values) - len(groups)
    estimate = means[0] if first is None else means[0] - means[1]
    factor = float(np.sqrt(sum(1 / len(group) for group in groups)))
    return Moments(estimate, np.asarray(squares / df), df, factor)


def slope_moments(values: Array, x: Array) -> Moments:
    """Return the moments of the slope of each item on `x`, by least squares with an intercept."""
    centred = x - x.mean()
    spread = float(centred @ centred)
    estimate = centred @ values / spread
    left = values - values.mean(axis=0) - np.outer(centred, estimate)
    df = len(values) - 2
    return Moments(estimate, np.asarray((left**2).sum(axis=0) / df), df, float(1 / np.sqrt(spread)))


def moments_of(changes: Changes, items: npt.NDArray[np.bool_] | None = None) -> Moments:
    """Return the moments of the estimand of the changes, of some items only where asked."""
    values = changes.values.to_numpy(float) if items is None else changes.values.to_numpy(float)[:, items]
    if changes.covariate is not None:
        return slope_moments(values, changes.covariate.to_numpy(float))
    return moments(values, changes.first)


def two_sided(statistic: npt.ArrayLike, df: npt.ArrayLike) -> Array:
    """Two-sided p of a t statistic, at least the smallest double."""
    squared = np.square(np.asarray(statistic, dtype=float))
    degrees = np.asarray(df, dtype=float)
    p = np.where(np.isinf(squared), 0, betainc(degrees / 2, 0.5, degrees / (degrees + squared)))
    return np.maximum(p, np.finfo(float).tiny)


def t_tests(changes: Changes, *, moderated: bool) -> pd.DataFrame:
    """Test every item: whether its mean change, or the difference of its two means, is zero.

    Parameters
    ----------
    moderated
        False for an item that was named in advance: its p-value then uses no other item. True borrows strength from
        all items and understates the error of one that varies far more than the others.

    Returns
    -------
    One row per item, in the order of the items: ``item``, ``estimate``, ``standard_error``, ``df``, ``ci_lower``,
    ``ci_upper`` (95 %, t), ``statistic``, ``p_value``, ``note``. Where `note` says why there is no test, all numbers
    but the estimate are missing, and the estimate too where a value or a whole group is.
    """
    notes = item_notes(changes).to_numpy(object)
    ok = notes == ""
    frame = pd.DataFrame({"item": changes.values.columns.to_numpy(object)})
    frame["estimate"] = _estimate(changes)
    for name in ("standard_error", "df", "ci_lower", "ci_upper", "statistic", "p_value"):
        frame[name] = np.nan
    if changes.reason:
        return frame.assign(note=changes.reason)
    if ok.any():
        found = statistics(moments_of(changes, ok), moderated=moderated)
        frame.loc[ok, list(found)] = pd.DataFrame(found).to_numpy()
    return frame.assign(note=notes)


def _estimate(changes: Changes) -> Array:
    values, first = changes.values.to_numpy(float), changes.first
    known = np.where(np.isfinite(values), values, np.nan)
    if changes.covariate is not None:
        x = changes.covariate.to_numpy(float)
        return slope_moments(known, x).estimate if len(set(x)) > 1 else np.full(values.shape[1], np.nan)
    groups = [known] if first is None else [known[first], known[~first]]
    if not all(len(group) for group in groups):
        return np.full(values.shape[1], np.nan)
    means = [group.mean(axis=0) for group in groups]
    return np.asarray(means[0] if first is None else means[0] - means[1])


def statistics(found: Moments, *, moderated: bool) -> dict[str, Array]:
    """Return the columns of `t_tests` that follow from the moments, ``standard_error`` to ``p_value``."""
    variance, df = found.variance, np.asarray(float(found.df))
    if moderated:
        squeezed = squeeze(found.variance, found.df)
        variance, df = squeezed.variance, total_df(found.df, squeezed.prior_df, variance.shape[-1])
    error = found.factor * np.sqrt(variance)
    width = student.ppf(0.975, df) * error
    return {
        "standard_error": error,
        "df": np.broadcast_to(df, error.shape),
        "ci_lower": found.estimate - width,
        "ci_upper": found.estimate + width,
        "statistic": found.estimate / error,
        "p_value": two_sided(found.estimate / error, df),
    }
