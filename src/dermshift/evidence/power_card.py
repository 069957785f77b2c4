"""The power card: what these patients could have shown of the items named, and of an ordinary gene."""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.evidence.changes import item_notes
from dermshift.evidence.moderated import Moments, moments, squeeze, total_df, two_sided
from dermshift.evidence.power import exaggeration, mde, pairs_needed
from dermshift.fdr import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.evidence.changes import Changes

MEDIAN = "median gene"

PLAUSIBLE = (0.5, 1.0, 1.5)
"""Changes (log2) declared plausible beforehand, for patients needed and exaggeration."""

INTEGERS = ("n", "n_a", "n_b", *(f"pairs_for_{effect:g}" for effect in PLAUSIBLE))
NUMBERS = ("sd", "df", "standard_error", "mde", "mde_genome_wide", "alpha_genome_wide")


def power_card(
    changes: Changes, items: Sequence[str], *, alpha: float = 0.05, power: float = 0.8, median: str = MEDIAN
) -> pd.DataFrame:
    """Say what change of each item these patients would have shown.

    An item named in advance is judged by its own variance alone, the median gene by the median of the moderated
    variances with the degrees of freedom they borrow. The genome-wide column is about the moderated test of the table
    of all genes: moderated variance and degrees of freedom, and the largest p that passes there (alpha divided by the
    number of tested items where none does).

    Parameters
    ----------
    items
        Names among the items of `changes`; others get a note.
    median
        What to call the median item.

    Returns
    -------
    The median gene, then one row per item: ``item``, ``sd`` (log2, of one patient's change), ``n``, ``n_a``, ``n_b``
    (patients; of each group for a difference), ``df``, ``standard_error`` (log2), ``mde``, ``mde_genome_wide`` (log2,
    found with probability `power`), ``alpha_genome_wide``, ``pairs_for_0.5``, ``pairs_for_1``, ``pairs_for_1.5``
    (patients for a change of so many log2, per group for a difference; missing above 1,000), ``exaggeration_0.5``,
    ``exaggeration_1``, ``exaggeration_1.5`` (how many times too large a significant estimate is on average if that is
    the true change), ``note`` (why there are no numbers).
    """
    notes = item_notes(changes)
    usable = (notes == "").to_numpy()
    reason = changes.reason or ("" if usable.any() else "no item can be tested")
    known = {} if reason else _variances(changes, usable, alpha)
    rows = []
    for item in (MEDIAN, *items):
        note = reason or ("" if item == MEDIAN else notes.get(item, "not among the tested items"))
        rows.append(
            _row(median if item == MEDIAN else item, known.get(item) if not note else None, changes, alpha, power)
        )
        rows[-1]["note"] = note
    columns = ["item", "sd", "n", "n_a", "n_b", *NUMBERS[1:], *INTEGERS[3:], *map(_column, PLAUSIBLE), "note"]
    card = pd.DataFrame(rows, columns=columns)
    kinds = dict.fromkeys(INTEGERS, "Int64") | dict.fromkeys([*NUMBERS, *map(_column, PLAUSIBLE)], "float64")
    return card.astype(kinds)


def _column(effect: float) -> str:
    return f"exaggeration_{effect:g}"


class _Variance(dict[str, float]):
    """sd and df, own and moderated, borrowed df and the genome-wide level of one row."""


def _variances(changes: Changes, usable: np.ndarray, alpha: float) -> dict[str, _Variance]:
    found = moments(changes.values.to_numpy(float)[:, usable], changes.first)
    squeezed = squeeze(found.variance, found.df)
    total = float(total_df(found.df, squeezed.prior_df, found.variance.size))
    level = _genome_wide(found, squeezed.variance, total, alpha)
    own, moderated = np.sqrt(found.variance), np.sqrt(squeezed.variance)
    shared = {"df_moderated": total, "alpha": level}
    rows = {
        str(item): _Variance(sd=own[i], df=found.df, sd_moderated=moderated[i], borrowed=0.0, **shared)
        for i, item in enumerate(changes.values.columns[usable])
    }
    middle = float(np.sqrt(np.median(squeezed.variance)))
    rows[MEDIAN] = _Variance(sd=middle, df=total, sd_moderated=middle, borrowed=total - found.df, **shared)
    return rows


def _genome_wide(found: Moments, variance: np.ndarray, df: float, alpha: float) -> float:
    """Largest p that passes at the false discovery rate, or alpha over the number of tests where none does."""
    p = two_sided(found.estimate / (found.factor * np.sqrt(variance)), df)
    passing = p[benjamini_hochberg(p) < alpha]
    return float(passing.max()) if len(passing) else alpha / len(p)


def _row(item: str, known: _Variance | None, changes: Changes, alpha: float, power: float) -> dict[str, object]:
    sizes = changes.sizes
    groups = (sizes[0], sizes[1]) if len(sizes) == 2 else None
    row: dict[str, object] = {"item": item, "n": sum(sizes)}
    row |= dict(zip(("n_a", "n_b"), groups or (None, None), strict=True))
    row |= dict.fromkeys(NUMBERS, nan) | dict.fromkeys(INTEGERS[3:]) | dict.fromkeys(map(_column, PLAUSIBLE), nan)
    if known is None:
        return row
    error = known["sd"] * sqrt(sum(1 / size for size in sizes))
    row |= {"sd": known["sd"], "df": known["df"], "standard_error": error, "alpha_genome_wide": known["alpha"]}
    row["mde"] = mde(known["sd"], sum(sizes), known["df"], alpha, power, groups)
    row["mde_genome_wide"] = mde(
        known["sd_moderated"], sum(sizes), known["df_moderated"], known["alpha"], power, groups
    )
    for effect in PLAUSIBLE:
        row[f"pairs_for_{effect:g}"] = pairs_needed(
            known["sd"], effect, alpha, power, prior_df=known["borrowed"], groups=len(sizes)
        )
        row[_column(effect)] = exaggeration(effect, error, alpha, known["df"]).ratio
    return row
