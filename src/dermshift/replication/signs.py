"""In how many replication studies an item has the sign of the discovery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import binom

from dermshift.replication.effects import ESTIMATED
from dermshift.replication.verdicts import excludes_zero
from dermshift.replication_names import DISCOVERY, REPLICATION, SIGN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALPHA = 0.05
"""Without a chance to fall below it, no p is given."""


def signs(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the count of equal signs of every item; columns `replication_names.SIGN_COLUMNS`."""
    rows = []
    for (question, kind, item), block in effects.groupby(["question", "kind", "item"], sort=False):
        found = block.to_dict("records")
        others = [row for row in found if row["role"] == REPLICATION and row["status"] == ESTIMATED]
        rows += [
            {"question": question, "kind": kind, "item": item, "discovery": one["study"]} | count(one, others)
            for one in found
            if one["role"] == DISCOVERY
        ]
    return pd.DataFrame(rows, columns=[column.name for column in SIGN_COLUMNS])


def count(discovery: Mapping[Any, Any], others: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """Count signs, and give the exact binomial p of so many equal ones where the number of studies can carry it.

    Under no change every replication study has either sign with probability 1/2, whatever its size; with m studies the
    smallest p is 2^-m, so fewer than five can never fall below .05.
    """
    m, floor = len(others), 0.5 ** len(others)
    settled = discovery["status"] == ESTIMATED and excludes_zero(discovery)
    if discovery["status"] != ESTIMATED or not m:
        missing = pd.NA
        words = f"no estimate in the discovery: {discovery['status']}" if m else "no replication study has an estimate"
        return _row(m, missing, missing, missing, np.nan, np.nan if not m else floor, words)
    upward = discovery["estimate"] > 0
    same = [(row["estimate"] > 0) == upward for row in others]
    sure = [excludes_zero(row) for row in others]
    k = sum(same)
    p = float(binom.sf(k - 1, m, 0.5)) if floor <= ALPHA and settled else np.nan
    both = sum(one and two for one, two in zip(same, sure, strict=True))
    against = sum(two and not one for one, two in zip(same, sure, strict=True))
    return _row(m, k, both, against, p, floor, _words(k, m, floor, settled=settled))


def _row(*values: Any) -> dict[str, Any]:
    return dict(zip([column.name for column in SIGN_COLUMNS[4:]], values, strict=True))


def _words(k: int, m: int, floor: float, *, settled: bool) -> str:
    text = f"same sign in {k} of {m}"
    if not settled:
        return f"{text}; the discovery's interval includes 0, so its sign is not settled"
    return text if floor <= ALPHA else f"{text}; {m} studies cannot give a p below {floor:.2g}, so none is given"
