"""The power card: what these patients could have shown of the items named, and of an ordinary gene."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.evidence.power import exaggeration, mde, pairs_needed
from dermshift.fdr import benjamini_hochberg
from dermshift.paired.changes import item_notes
from dermshift.paired.moderated import Moments, moments, squeeze, total_df, toward, two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dermshift.paired.changes import Changes

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

MEDIAN = "median gene"
NO_SLOPE = "no power is given for a slope"

PLAUSIBLE = (0.5, 1.0, 1.5)
"""Changes (log2) declared plausible beforehand, for patients needed and exaggeration."""

INTEGERS = ("n", "n_a", "n_b", *(f"pairs_for_{effect:g}" for effect in PLAUSIBLE))
NUMBERS = ("sd", "df", "standard_error", "mde", "mde_genome_wide", "alpha_genome_wide")


def power_card(
    changes: Changes,
    items: Sequence[str],
    *,
    family: Sequence[str] | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    median: str = MEDIAN,
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
    family
        Items tested together: the median, what moderation borrows and the genome-wide level are theirs. All by default.
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
    tested = (notes == "") & (True if family is None else notes.index.isin(list(family)))
    reason = (
        changes.reason
        or NO_SLOPE * (changes.covariate is not None)
        or ("" if tested.any() else "no item can be tested")
    )
    known = {} if reason else _variances(changes, (notes == "").to_numpy(), tested.to_numpy(), alpha)
    rows = []
    for item in (MEDIAN, *items):
        note = reason or ("" if item == MEDIAN else str(notes.get(item, "not among the tested items")))
        row = _row({} if note else known[item], changes, alpha, power)
        rows.append(row | {"item": median if item == MEDIAN else item, "note": note})
    columns = ["item", "sd", "n", "n_a", "n_b", *NUMBERS[1:], *INTEGERS[3:], *map(_column, PLAUSIBLE), "note"]
    card = pd.DataFrame(rows, columns=columns)
    kinds = dict.fromkeys(INTEGERS, "Int64") | dict.fromkeys([*NUMBERS, *map(_column, PLAUSIBLE)], "float64")
    return card.astype(kinds)


def _column(effect: float) -> str:
    return f"exaggeration_{effect:g}"


def _variances(changes: Changes, usable: Mask, tested: Mask, alpha: float) -> dict[str, dict[str, float]]:
    """Return sd and df, own and moderated, borrowed df and the genome-wide level, of the items and of the median."""
    family = moments(changes.values.to_numpy(float)[:, tested], changes.first)
    squeezed = squeeze(family.variance, family.df)
    prior, borrowed = float(squeezed.prior_variance), float(squeezed.prior_df)
    total = float(total_df(family.df, borrowed, family.variance.size))
    level = _genome_wide(family, squeezed.variance, total, alpha)
    own = moments(changes.values.to_numpy(float)[:, usable], changes.first).variance
    moderated = toward(own, family.df, prior, borrowed)
    shared = {"df_moderated": total, "alpha": level}
    rows = {
        str(item): {"sd": sqrt(own[i]), "df": family.df, "sd_moderated": sqrt(moderated[i]), "borrowed": 0.0} | shared
        for i, item in enumerate(changes.values.columns[usable])
    }
    middle = float(np.sqrt(np.median(squeezed.variance)))
    return rows | {MEDIAN: {"sd": middle, "df": total, "sd_moderated": middle, "borrowed": total - family.df} | shared}


def _genome_wide(found: Moments, variance: Array, df: float, alpha: float) -> float:
    """Largest p that passes at the false discovery rate, or alpha over the number of tests where none does."""
    p = two_sided(found.estimate / (found.factor * np.sqrt(variance)), df)
    passing = p[benjamini_hochberg(p) < alpha]
    return float(passing.max()) if len(passing) else alpha / len(p)


def _row(known: dict[str, float], changes: Changes, alpha: float, power: float) -> dict[str, object]:
    """Return the numbers of one row; only those of patients where nothing is known."""
    sizes = changes.sizes
    n, groups = sum(sizes), (sizes[0], sizes[1]) if len(sizes) == 2 else None
    row: dict[str, object] = {"n": n} | dict(zip(("n_a", "n_b"), groups or (None, None), strict=True))
    if not known:
        return row
    sd, df, level = known["sd"], known["df"], known["alpha"]
    error = sd * sqrt(sum(1 / size for size in sizes))
    row |= {"sd": sd, "df": df, "standard_error": error, "alpha_genome_wide": level}
    row["mde"] = mde(sd, n, df, alpha, power, groups)
    row["mde_genome_wide"] = mde(known["sd_moderated"], n, known["df_moderated"], level, power, groups)
    for effect in PLAUSIBLE:
        needed = pairs_needed(sd, effect, alpha, power, prior_df=known["borrowed"], groups=len(sizes))
        row |= {f"pairs_for_{effect:g}": needed, _column(effect): exaggeration(effect, error, alpha, df).ratio}
    return row
