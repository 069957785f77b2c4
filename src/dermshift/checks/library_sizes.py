"""A library far out of proportion: other units, a sum over samples, or a file that is nearly empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import Problem
from dermshift.names import COMPARTMENT

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.checks.views import MatrixView

CHECK = "library_sizes"
IMPOSSIBLE = 100.0
"""Times the median of its compartment that no library reaches: of 30 million reads it would be three thousand million.

Measured: 0.26 to 3.8 times in 97 libraries of five public studies (airway, atopic skin and three of the examples of the
readers). Pools of single cells follow the number of cells and may be ten times larger or smaller.
"""
ODD = 10.0
"""Times (or one n-th of) the median that is worth a look."""


def check_library_sizes(view: MatrixView) -> Finding:
    """No sample holds a hundred times as many reads as the others; ten times more or fewer is said."""
    if view.scale != "counts" or len(view.values) < 3:
        return Finding(CHECK, "ok", "libraries are compared in counts of three samples or more")
    sizes = view.values.sum(axis=1)
    shares = sizes / _typical(view, sizes)
    problems = [
        Problem(
            f"{view.path}, sample {name}",
            f"a sum of {size:.4g}, {share:.0f} times the median of the others",
            f"less than {IMPOSSIBLE:.0f} times: no sequencing makes such a difference",
            "Give its raw counts in the units of the others, or leave the sample out.",
        )
        for name, size, share in zip(sizes.index, sizes, shares, strict=True)
        if share > IMPOSSIBLE
    ]
    low, high = float(shares.min()), float(shares.max())
    evidence = f"libraries of {low:.2g} to {high:.2g} times the median"
    if problems:
        return Finding(CHECK, "error", evidence, tuple(capped(problems)))
    odd = shares[(shares > ODD) | (shares < 1 / ODD)].index
    if len(odd):
        return Finding(CHECK, "warning", f"{evidence}; beyond {ODD:.0f} times or a tenth: {listed(odd)}")
    return Finding(CHECK, "ok", evidence)


def _typical(view: MatrixView, sizes: pd.Series[float]) -> pd.Series[float]:
    """Return the median size of the other libraries of the same compartment, at least one read."""
    groups = view.sheet[COMPARTMENT].reindex(sizes.index) if COMPARTMENT in view.sheet else sizes * 0
    typical = sizes.copy()
    for _, part in sizes.groupby(groups.to_numpy()):
        for name in part.index:
            others = part.drop(name)
            typical[name] = max((others if len(others) else part).median(), 1.0)
    return typical
