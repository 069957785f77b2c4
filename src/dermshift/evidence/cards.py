"""Difference cards: the change in each level, their difference with its interval, and one sentence from the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALL = 0.5
"""A difference (log2) below which two changes count as alike, if the whole interval lies below it."""
DIFFERS, ALIKE, OPEN, NONE = "differ", "alike", "cannot tell", "cannot be answered"
WORDS = {
    DIFFERS: "the changes differ",
    ALIKE: f"no difference beyond {SMALL:g} log2",
    OPEN: "these data cannot tell",
    NONE: "cannot be answered",
}
LEVEL_COLUMNS = ("estimate", "ci_lower", "ci_upper")
COLUMNS = [
    "item", "method", "level_a", "n_a", "estimate_a", "ci_lower_a", "ci_upper_a", "level_b", "n_b", "estimate_b",
    "ci_lower_b", "ci_upper_b", "difference", "ci_lower", "ci_upper", "p_value", "fdr", "verdict", "sentence",
]  # fmt: skip


def difference_cards(
    card: Mapping[str, Any], method: str, levels: Mapping[str, pd.DataFrame], difference: pd.DataFrame, *, alpha: float
) -> pd.DataFrame:
    """Return one card per item of a difference question.

    Only the difference decides: two levels of which one passes and the other does not are no difference.

    Parameters
    ----------
    card
        Design card of a question of kind ``difference``: ``levels`` and ``n_by_level``.
    method
        What the numbers come from, e.g. ``engine`` or ``paired_t``.
    levels
        Level to a frame with ``estimate``, ``ci_lower``, ``ci_upper`` (log2), index item; a level may be absent.
    difference
        The same with ``p_value`` and ``fdr`` (NaN for items named in advance, which are judged by p).
    alpha
        Below which p (or, where there is one, the FDR) counts.
    """
    a, b = card["levels"]
    parts = {"item": difference.index, "method": method}
    for side, level in (("a", a), ("b", b)):
        rows = levels.get(level, pd.DataFrame(columns=list(LEVEL_COLUMNS))).reindex(difference.index)
        parts |= {f"level_{side}": level, f"n_{side}": card["n_by_level"].get(level)}
        parts |= {f"{name}_{side}": rows[name].to_numpy(float) for name in LEVEL_COLUMNS}
    numbers = difference[["ci_lower", "ci_upper", "p_value", "fdr"]].astype(float)
    frame = pd.DataFrame(parts | {"difference": difference["estimate"].to_numpy(float)}, index=difference.index)
    frame = frame.join(numbers)
    frame["verdict"] = verdicts(frame["ci_lower"], frame["ci_upper"], frame["fdr"].fillna(frame["p_value"]), alpha)
    frame["sentence"] = [sentence(row) for row in frame.to_dict("records")]
    return frame[COLUMNS].reset_index(drop=True)


def verdicts(
    lower: pd.Series[float], upper: pd.Series[float], decisive: pd.Series[float], alpha: float
) -> pd.Series[str]:
    """Return ``differ``, ``alike`` (the whole interval is small), ``cannot tell`` or ``cannot be answered``."""
    known = lower.notna() & upper.notna() & decisive.notna()
    alike = known & (lower > -SMALL) & (upper < SMALL)
    found = np.select([~known, decisive < alpha, alike], [NONE, DIFFERS, ALIKE], default=OPEN)
    return pd.Series(found, index=lower.index)


def sentence(row: Mapping[Any, Any]) -> str:
    """Return e.g. ``male - female: +1.20 log2, 95 % CI -0.40 to 2.80, 4 and 3 patients: these data cannot tell``."""
    who = f"{row['level_a']} - {row['level_b']}".replace("_", " ")
    verdict = WORDS[str(row["verdict"])]
    n = f"{row['n_a']} and {row['n_b']} patients" if row["n_a"] != row["n_b"] else f"{row['n_a']} patients each"
    if row["verdict"] == NONE:
        return f"{who}: {verdict}, {n}"
    numbers = f"{row['difference']:+.2f} log2, 95 % CI {row['ci_lower']:.2f} to {row['ci_upper']:.2f}"
    if pd.notna(row["fdr"]):
        numbers = f"{numbers}, FDR {row['fdr']:.2g} among all genes"
    return f"{who}: {numbers}, {n}: {verdict}"
