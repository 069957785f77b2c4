"""Random-effects summary of the replication studies; the discovery never enters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import chi2
from scipy.stats import t as student

from dermshift.replication.effects import ESTIMATED
from dermshift.replication_names import META_COLUMNS, REPLICATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

TOLERANCES = (1e-6, 1e-5, 1e-4)
"""Of the equation for tau2. Where rounding passes its root, statsmodels answers tau2 = 0 in silence: of studies that
differ, in a third of draws at 1e-15, in 8 % at 1e-9, in none of 20,000 at 1e-6. There the next one is taken."""
STEPS = 1000
LEAST_FOR_PREDICTION = 3


@dataclass(frozen=True)
class Pooled:
    """A random-effects summary of k studies; units log2, tau2 log2 squared."""

    k: int
    estimate: float
    standard_error: float
    df: int
    ci_lower: float
    ci_upper: float
    tau2: float
    q: float

    @property
    def q_p(self) -> float:
        """p-value of Cochran's Q."""
        return float(chi2.sf(self.q, self.df))

    @property
    def i2(self) -> float:
        """Share of the scatter that is not sampling error."""
        return max(0.0, 1 - self.df / self.q) if self.q > 0 else 0.0

    @property
    def prediction(self) -> tuple[float, float]:
        """95 % prediction interval of the true change in a further study; NaN below three studies."""
        if self.k < LEAST_FOR_PREDICTION:
            return float("nan"), float("nan")
        half = float(student.isf(0.025, self.k - 2)) * np.sqrt(self.tau2 + self.standard_error**2)
        return self.estimate - half, self.estimate + half


def pool(estimates: npt.ArrayLike, standard_errors: npt.ArrayLike) -> Pooled:
    """Pool two or more estimates.

    Variance between studies by Paule and Mandel; interval by Hartung and Knapp with k - 1 degrees of freedom, never
    narrower than without their factor. With this variance the factor is 1 where studies differ, and below 1 where they
    agree better than chance, so the interval is that of the usual standard error with the t curve.

    References
    ----------
    Paule and Mandel 1982, doi:10.6028/jres.087.022; Hartung and Knapp 2001, doi:10.1002/sim.791; the floor: Roever et
    al. 2015, doi:10.1186/s12874-015-0091-1; prediction: Higgins et al. 2009, doi:10.1111/j.1467-985X.2008.00552.x.
    """
    effect, variance = np.asarray(estimates, float), np.asarray(standard_errors, float) ** 2
    df = len(effect) - 1
    found = combined(effect, variance, TOLERANCES[0])
    for tolerance in TOLERANCES[1:]:
        if found.tau2 == 0 and found.q > df + tolerance:
            found = combined(effect, variance, tolerance)
    estimate = float(found.mean_effect_re)
    error = float(found.sd_eff_w_re * np.sqrt(max(1.0, found.scale_hksj_re)))
    half = float(student.isf(0.025, df)) * error
    return Pooled(
        len(effect), estimate, error, df, estimate - half, estimate + half, float(found.tau2), max(0.0, float(found.q))
    )


def combined(effect: Array, variance: Array, tolerance: float) -> Any:
    """Return what statsmodels makes of the studies, tau2 by Paule and Mandel to a tolerance."""
    from statsmodels.stats.meta_analysis import combine_effects

    with np.errstate(divide="ignore"):  # of its own I2, which equal estimates leave without a value
        return combine_effects(effect, variance, method_re="iterated", use_t=True, atol=tolerance, maxiter=STEPS)


def groups(
    effects: pd.DataFrame, pools: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """Yield what may be pooled: replication studies with an estimate, of one item and one kind of measurement.

    Parameters
    ----------
    pools
        Study to what it must have in common with the others (`Results.pool`).
    """
    known = effects[(effects["role"] == REPLICATION) & (effects["status"] == ESTIMATED)]
    known = known.assign(pool=known["study"].map(pools))
    for (question, kind, item), block in known.groupby(["question", "kind", "item"], sort=False):
        for _, part in block.groupby("pool", sort=True):
            yield {"question": question, "kind": kind, "item": item, "platform": part["platform"].iloc[0]}, part


def meta(effects: pd.DataFrame, pools: Mapping[str, tuple[str, str]], visits: Mapping[str, str]) -> pd.DataFrame:
    """Return the summary of every item; columns `replication_names.META_COLUMNS`. One study alone is not pooled.

    Parameters
    ----------
    visits
        Study to the later visit: where they differ, the note says so.
    """
    rows = []
    for key, part in groups(effects, pools):
        key |= {"studies": ";".join(part["study"]), "k": len(part), "note": note(part, visits)}
        rows.append(key | (summary(part) if len(part) > 1 else {}))
    return pd.DataFrame(rows, columns=[column.name for column in META_COLUMNS])


def summary(part: pd.DataFrame) -> dict[str, Any]:
    """Return the numbers of a summary by column."""
    found = pool(part["estimate"], part["standard_error"])
    names = ("k", "estimate", "standard_error", "df", "ci_lower", "ci_upper", "tau2", "i2", "q", "q_p")
    lower, upper = found.prediction
    return {name: getattr(found, name) for name in names} | {"pi_lower": lower, "pi_upper": upper}


def note(part: pd.DataFrame, visits: Mapping[str, str]) -> str:
    """Say why nothing is pooled, or what a reader has to keep in mind."""
    k = len(part)
    if k < 2:
        return "one study: not pooled"
    said = [f"{k} studies: Q and I2 find little, and tau2 is hardly known"] if k < 10 else []
    if k == 2:
        said.append("the interval has 1 degree of freedom and is wide; no prediction interval")
    different = sorted({visits[study] for study in part["study"]})
    said += [f"visits differ: {', '.join(different)}"] * (len(different) > 1)
    return "; ".join(said) or "NA"
