"""What the count model refuses: values that are no raw counts, and a filter that leaves no gene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.base import need_scale
from dermshift.errors import DesignError, Problem, ScaleError

if TYPE_CHECKING:
    from dermshift.engines.base import EngineMeta
    from dermshift.study import Study

LARGEST_LOG2 = 40
"""No count reaches 2 to the 40th, so a matrix whose largest value is below 40 looks like rounded logarithms."""


def need_counts(meta: EngineMeta, study: Study) -> None:
    """Refuse values that are no raw counts, whatever the study says of its scale.

    Raises
    ------
    ScaleError
        Wrong scale; negative, missing, infinite or fractional values; values that look like rounded log2 values.
    """
    need_scale(meta, study.name, study.scale)
    X = study.values.to_numpy(float)
    valid = np.isfinite(X) & (X >= 0) & (np.floor(X) == X)
    found = []
    if not valid.all():
        found.append(f"{int((~valid).sum())} values that are negative, missing, infinite or not whole numbers")
    elif X.size and X.max() < LARGEST_LOG2:
        found.append(f"a largest value of {X.max():g}, as in rounded log2 values")
    if found:
        raise ScaleError(
            Problem(
                where=f"study '{study.name}', matrix",
                found=found[0],
                expected="raw integer counts",
                action="Give the counts as the quantifier wrote them; never round values to make them counts.",
            )
        )


def need_genes(n_genes: int, min_count: int) -> None:
    """Refuse a fit without genes.

    Raises
    ------
    DesignError
        No gene passes the filter.
    """
    if n_genes == 0:
        raise DesignError(
            Problem(
                where="gene filter, parameter 'min_count'",
                found=f"no gene that varies and passes min_count = {min_count}",
                expected="at least one gene to test",
                action="Check that the matrix holds raw counts, or lower min_count.",
            )
        )
