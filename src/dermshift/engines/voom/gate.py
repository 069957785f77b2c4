"""What voom refuses: values that cannot be counts, and too few genes for a trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.base import need_scale
from dermshift.errors import DesignError, Problem, ScaleError

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.engines.base import EngineMeta
    from dermshift.study import Study

LARGEST_LOG2 = 40
"""No count reaches 2 to the 40th, so a matrix whose largest value is below 40 looks like logarithms."""
FEWEST_GENES = 3
"""A trend and a common prior need at least this many genes."""


def need_reads(meta: EngineMeta, study: Study) -> None:
    """Refuse values that cannot be counts; fractional ones, as quantifiers estimate them, are taken as they are.

    Raises
    ------
    ScaleError
        Wrong scale; negative, missing or infinite values; values that look like logarithms.
    """
    need_scale(meta, study.name, study.scale)
    X = study.values.to_numpy(float)
    valid = np.isfinite(X) & (X >= 0)
    found = ""
    if not valid.all():
        found = f"{int((~valid).sum())} values that are negative, missing or infinite"
    elif X.size and X.max() < LARGEST_LOG2:
        found = f"a largest value of {X.max():g}, as in log2 values"
    if found:
        action = "Give the counts as the quantifier wrote them, or say scale: log2 and use 'limma'."
        raise ScaleError(Problem(f"study '{study.name}', matrix", found, "counts, 0 or more", action))


def need_trend(counts: pd.DataFrame, min_count: int) -> None:
    """Refuse a fit with too few genes, or with a library without a count.

    Parameters
    ----------
    counts
        Libraries x genes that pass the filter.

    Raises
    ------
    DesignError
        Naming the filter, or the libraries.
    """
    if counts.shape[1] < FEWEST_GENES:
        found = f"{counts.shape[1]} genes that vary and pass min_count = {min_count}"
        expected = f"at least {FEWEST_GENES} genes"
        action = "Check that the matrix holds raw counts, or lower min_count."
        raise DesignError(Problem("gene filter, parameter 'min_count'", found, expected, action))
    empty = counts.index[counts.sum(axis=1) == 0]
    if len(empty):
        found = f"no count of a tested gene in {', '.join(map(str, empty))}"
        action = "Remove the sample, or give the counts of its whole library."
        raise DesignError(Problem("libraries", found, "counts in every library", action))
