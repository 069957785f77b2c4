"""Exact p-values of items that were named in advance: no other item, no curve, only the patients themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.paired.changes import constant, item_notes, too_few
from dermshift.paired.patterns import floor, patterns, relabellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dermshift.paired.changes import Changes

TIED = 1e-9
"""Relative difference below which two statistics are equal: rounding may not decide a tie."""


def flip_p(values: npt.ArrayLike, first: npt.ArrayLike | None = None, *, seed: int = 0) -> float:
    """Exact two-sided p of one item: share of patterns with a plain |t| at least as large as the observed one.

    Where the patterns are a random sample, (b + 1)/(m + 1) (Phipson and Smyth 2010, doi:10.2202/1544-6115.1585).

    Parameters
    ----------
    values
        Shape (n,), one change per patient.
    first
        Which patients belong to the first of two groups; None for one sample.

    Returns
    -------
    NaN with fewer than three patients in a group, a missing value, or no variation between the patients.
    """
    x = np.asarray(values, dtype=float)
    labels = None if first is None else np.asarray(first, dtype=bool)
    sizes = (len(x),) if labels is None else (int(labels.sum()), int((~labels).sum()))
    if too_few(sizes, [""] * len(sizes)) or not np.isfinite(x).all() or constant(x[:, None], labels)[0]:
        return float("nan")
    # |t| grows with |sum| and with |difference of means|, as the total sum of squares stays; sorting makes the order
    # of the patients irrelevant for a random sample of patterns.
    order = np.argsort(np.abs(x) if labels is None else x, kind="stable")
    x = x[order]
    if labels is None:
        observed, statistic = abs(x.sum()), np.abs(patterns(len(x), seed) @ x)
    else:
        x = x - x.mean()
        dealt = relabellings(labels[order], seed)
        statistic = np.abs(dealt @ x)  # centred, so the mean of either group follows from the sum of one
        observed = statistic[0]
    return float((statistic >= observed * (1 - TIED) - TIED * 1e-3 * np.abs(x).max()).mean())


def flip_tests(changes: Changes, items: Sequence[str] | None = None, *, seed: int = 0) -> pd.DataFrame:
    """Return the exact p of items that were named in advance.

    Returns
    -------
    ``item``, ``p_value``, ``floor`` (smallest p these patients can give), ``n_patterns``, ``exhaustive``, ``note``
    (why there is no p; "" where there is).
    """
    wanted = list(changes.values.columns) if items is None else list(items)
    notes = item_notes(changes)
    least, rows, every = floor(changes.sizes)
    lines = []
    for item in wanted:
        note = changes.no_patterns or (str(notes[item]) if item in notes else "not among the tested items")
        p = np.nan if note else flip_p(changes.values[item], changes.first, seed=seed)
        lines.append((item, p, least, rows, every, note))
    return pd.DataFrame(lines, columns=["item", "p_value", "floor", "n_patterns", "exhaustive", "note"])
