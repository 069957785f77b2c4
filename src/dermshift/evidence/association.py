"""Two changes side by side in the same patients: how they go together, and what chance alone pairs up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ALL_PAIRINGS = 8
"""Up to this many patients every pairing is tried (8! = 40,320)."""
DRAWN = 20_000
FEWEST = 4
WORDS = "association only: both changes follow the same visit, and nothing here says that one acts on the other"


@dataclass(frozen=True)
class Association:
    """Correlation of two changes over patients.

    Parameters
    ----------
    correlation
        Pearson, NaN where it cannot be answered.
    chance_lower, chance_upper
        The range 95 % of pairings by chance lie in.
    p_value
        Share of pairings at least as far from zero.
    n
        Patients.
    exhaustive
        Whether every pairing was tried.
    note
        The words that go with it, or why there is no answer.
    """

    correlation: float
    chance_lower: float
    chance_upper: float
    p_value: float
    n: int
    exhaustive: bool
    note: str


def associate(change: pd.Series[float], score: pd.Series[float], *, seed: int = 0) -> Association:
    """Correlate the change of a gene with the change of a score, against all pairings of patients.

    Parameters
    ----------
    change, score
        One value per patient (log2), same index.
    seed
        Of the pairings drawn where there are too many to try.
    """
    x, y = change.to_numpy(float), score.reindex(change.index).to_numpy(float)
    seen = np.isfinite(x) & np.isfinite(y)
    x, y = x[seen], y[seen]
    n = len(x)
    if n < FEWEST or np.ptp(x) == 0 or np.ptp(y) == 0:
        reason = f"cannot be answered: {n} patients" if n < FEWEST else "cannot be answered: one of the two is constant"
        return Association(np.nan, np.nan, np.nan, np.nan, n, exhaustive=False, note=reason)
    u, v = _unit(x), _unit(y)
    observed = float(u @ v)
    exhaustive = n <= ALL_PAIRINGS
    chance = v[_orders(n, seed)] @ u
    beyond = int((np.abs(chance) >= abs(observed) - 1e-12).sum())
    p = beyond / len(chance) if exhaustive else (beyond + 1) / (len(chance) + 1)
    low, high = np.quantile(chance, [0.025, 0.975])
    return Association(observed, float(low), float(high), p, n, exhaustive, WORDS)


def _unit(values: NDArray[np.floating[Any]]) -> Floats:
    centred = values - values.mean()
    return np.asarray(centred / np.sqrt(centred @ centred))


def _orders(n: int, seed: int) -> NDArray[np.int64]:
    """Return ways to pair n patients with n patients, one per row."""
    if n <= ALL_PAIRINGS:
        return np.array(list(permutations(range(n))))
    rng = np.random.default_rng(seed)
    return rng.permuted(np.tile(np.arange(n), (DRAWN, 1)), axis=1)
