"""Fixed words for one replication study beside the discovery, each by a written rule; no p-value is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.replication.effects import ESTIMATED
from dermshift.replication_names import DISCOVERY, REPLICATION, VERDICT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[Any, Any]

SAME = "same sign, interval excludes 0"
OPPOSITE = "opposite sign, interval excludes 0"
SAME_OPEN = "same sign, interval includes 0: these data cannot tell"
OPPOSITE_OPEN = "opposite sign, interval includes 0: these data cannot tell"
NO_SIGN = "the discovery's interval includes 0: no sign to compare"
VERDICTS = (SAME, SAME_OPEN, OPPOSITE_OPEN, OPPOSITE, NO_SIGN)

HOLDS = "interval holds the discovery's estimate"
NEARER = "interval lies nearer to 0 than the discovery's estimate"
FURTHER = "interval lies further from 0 than the discovery's estimate"
BEYOND = "interval lies on the other side of 0"
SIZES = (HOLDS, NEARER, FURTHER, BEYOND)


def excludes_zero(row: Row) -> bool:
    """Tell whether an interval lies on one side of 0."""
    return bool(row["ci_lower"] > 0 or row["ci_upper"] < 0)


def verdict(discovery: Row, replication: Row) -> str:
    """Return the fixed words on the sign; the status of a study that has no estimate."""
    for role, row in ((DISCOVERY, discovery), (REPLICATION, replication)):
        if row["status"] != ESTIMATED:
            return f"{role}: {row['status']}"
    if not excludes_zero(discovery):
        return NO_SIGN
    same = (discovery["estimate"] > 0) == (replication["estimate"] > 0)
    if excludes_zero(replication):
        return SAME if same else OPPOSITE
    return SAME_OPEN if same else OPPOSITE_OPEN


def size(discovery: Row, replication: Row) -> str | float:
    """Return where the interval lies beside the discovery's estimate; NaN where the two cannot be compared.

    An estimate that was chosen for its size is too large on average, so an interval nearer to 0 is no contradiction.
    """
    known = discovery["status"] == replication["status"] == ESTIMATED
    if not known or discovery["platform"] != replication["platform"]:
        return float("nan")
    sign = 1 if discovery["estimate"] > 0 else -1
    ends = sorted(sign * replication[end] for end in ("ci_lower", "ci_upper"))
    target = abs(discovery["estimate"])
    if ends[0] <= target <= ends[1]:
        return HOLDS
    if ends[1] < 0:
        return BEYOND
    return NEARER if ends[1] < target else FURTHER


def verdicts(effects: pd.DataFrame) -> pd.DataFrame:
    """Return one row per item, discovery and replication study; columns `replication_names.VERDICT_COLUMNS`."""
    rows = []
    for (question, kind, item), block in effects.groupby(["question", "kind", "item"], sort=False):
        found = block.to_dict("records")
        rows += [
            {
                "question": question, "kind": kind, "item": item,
                "discovery": one["study"], "replication": other["study"],
                "discovery_estimate": one["estimate"], "estimate": other["estimate"],
                "ci_lower": other["ci_lower"], "ci_upper": other["ci_upper"],
                "verdict": verdict(one, other), "size": size(one, other),
            }
            for one in found if one["role"] == DISCOVERY
            for other in found if other["role"] == REPLICATION
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=[column.name for column in VERDICT_COLUMNS])
