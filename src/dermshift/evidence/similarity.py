"""How alike samples of two timepoints are, and whether that can tell patients apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

N_GENES = 2000
MIN_GENES = 50
FLOOR = 3.0
"""Smallest separation that lets patients be told apart, whatever their number."""
TINY = 1e-9
"""Below this the samples are copies of each other and their correlations say nothing."""
SMALL = 8
"""From this many samples per timepoint on, chance stays below `FLOOR` in 999 of 1,000 studies without patients."""


@dataclass(frozen=True)
class Likeness:
    """Similarities of the samples before (rows) and after (columns) and what their best matching says.

    Parameters
    ----------
    values
        Pearson correlations, NaN where fewer than `MIN_GENES` genes vary.
    separation
        (mean of the matched - mean of the others) / `spread`; NaN with fewer than 3 samples at a timepoint.
    spread
        Standard deviation of the correlations that are not matched.
    needed
        Separation it takes to tell patients apart.
    """

    values: npt.NDArray[np.float64]
    n_genes: int
    separation: float
    spread: float
    needed: float

    @property
    def distinguishable(self) -> bool:
        """Whether the matching stands out from what samples without patients give."""
        return bool(self.separation >= self.needed)


def stable_genes(before: pd.DataFrame, after: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mark the genes that vary most between samples at both timepoints, blind to who is whose partner.

    Ordered by the smaller of the two median absolute deviations: large for a gene that parts the samples into two
    groups and for one that varies widely, not for one that is off in a single sample or at one timepoint only.

    Parameters
    ----------
    before, after
        Samples x genes, log2; the same genes.

    Returns
    -------
    Booleans, one per gene; `N_GENES` at most are true.
    """
    if not len(before) or not len(after):
        return np.zeros(before.shape[1], dtype=bool)
    spread = np.minimum(*(_deviation(part.to_numpy(float)) for part in (before, after)))
    spread = np.where(np.isfinite(spread), spread, 0.0)
    chosen = np.zeros(len(spread), dtype=bool)
    chosen[np.argsort(-spread, kind="stable")[:N_GENES]] = True
    return chosen & (spread > 0)


def _deviation(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    deviation: npt.NDArray[np.float64] = np.median(np.abs(values - np.median(values, axis=0)), axis=0)
    return deviation


def likeness(before: pd.DataFrame, after: pd.DataFrame) -> Likeness:
    """Correlate every sample before with every sample after, each gene standardised within its timepoint.

    Standardising takes out what all patients share, the change between the visits above all. Partners and strangers
    are told apart by the one-to-one matching with the largest sum (``scipy.optimize.linear_sum_assignment``), not by
    the sheet.
    """
    x, y = before.to_numpy(float), after.to_numpy(float)
    varies = np.ones(x.shape[1], dtype=bool)
    for part in (x, y):
        varies &= np.isfinite(part).all(axis=0) & (np.ptp(part, axis=0) > 0 if len(part) else False)
    n_genes = int(varies.sum())
    if n_genes < MIN_GENES:
        return Likeness(np.full((len(x), len(y)), np.nan), n_genes, np.nan, np.nan, np.nan)
    values = _unit_rows(x[:, varies]) @ _unit_rows(y[:, varies]).T
    separation, spread = separate(values)
    return Likeness(values, n_genes, separation, spread, needed(*values.shape))


def _unit_rows(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    centred = standard - standard.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit: npt.NDArray[np.float64] = centred / np.maximum(length, TINY)
    return unit


def separate(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return separation and spread of the best matching; NaN with fewer than 3 rows or columns or without spread."""
    from scipy.optimize import linear_sum_assignment

    if min(values.shape) < 3:
        return float("nan"), float("nan")
    matched = np.zeros(values.shape, dtype=bool)
    matched[linear_sum_assignment(-values)] = True
    spread = float(values[~matched].std(ddof=1))
    if not spread > TINY:
        return float("nan"), float("nan")
    return float(values[matched].mean() - values[~matched].mean()) / spread, spread


@lru_cache(maxsize=32)
def needed(n_before: int, n_after: int) -> float:
    """Return the separation 1 in 1,000 studies without any patient in them reaches, `FLOOR` at least.

    Simulated with independent normal similarities, centred by rows and columns as standardised genes centre them:
    1,999 matrices, a fixed seed.
    """
    if min(n_before, n_after) < 3:
        return float("nan")
    if min(n_before, n_after) >= SMALL:
        return FLOOR
    rng = np.random.default_rng(0)
    found = []
    for _ in range(1999):
        noise = rng.standard_normal((n_before, n_after))
        noise += noise.mean() - noise.mean(axis=0) - noise.mean(axis=1, keepdims=True)
        found.append(separate(noise)[0])
    return max(FLOOR, float(np.quantile(found, 0.999)))
