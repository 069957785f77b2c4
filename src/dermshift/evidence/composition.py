"""Scores of what a sample is made of, and each change beside its value at a constant score. Scores, no percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.evidence.regression import correlations, group_means, least_squares, residuals
from dermshift.paired.changes import NEARLY_CONSTANT, item_notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from dermshift.paired.changes import Changes

COLUMNS = (
    *("item", "estimate", "ci_lower", "ci_upper", "p_value", "df"),
    *("estimate_adjusted", "ci_lower_adjusted", "ci_upper_adjusted", "p_value_adjusted", "df_adjusted"),
    *("variance_factor", "correlation", "tracks", "note"),
)
COVERAGE_COLUMNS = ("panel", "n_found", "n_genes")
TRACKS = 0.8
"""Absolute correlation with the change of the score from which an item is said to track it; a judgement."""
MAX_FACTOR = 10.0
"""Above this factor on the variance an adjusted value is withheld; a judgement."""
MIN_PATIENTS = 4
NOT_SEPARABLE = "not separable"
TOO_FEW = "too few patients"


def scores(expression: pd.DataFrame, panels: Mapping[str, Sequence[str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the mean log2 value of the genes of each panel, per sample, and how many of its genes were found.

    Parameters
    ----------
    expression
        Samples x genes, log2.
    panels
        Gene ids of each panel; each counts once, those without a value in every sample do not.

    Returns
    -------
    scores
        Samples x panels, log2; NaN throughout where no gene of a panel is found. No share of cells or tissue.
    coverage
        `COVERAGE_COLUMNS`: panel, genes of it in `expression`, genes of it.
    """
    found = {name: _present(expression, genes) for name, genes in panels.items()}
    means = {name: expression[genes].mean(axis=1) for name, genes in found.items()}
    rows = [(name, len(found[name]), len(set(genes))) for name, genes in panels.items()]
    frame = pd.DataFrame(means, index=expression.index, columns=list(panels), dtype=float)
    return frame, pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))


def score_changes(changes: Changes, panel: Sequence[str]) -> pd.Series:
    """Return the change of a panel's score in each patient: the mean change of its genes; NaN where it has none."""
    return changes.values[_present(changes.values, panel)].mean(axis=1).astype(float)


def adjusted(
    changes: Changes,
    score: pd.Series,
    items: Sequence[str],
    *,
    panel: Sequence[str] = (),
    name: str = "gland",
) -> pd.DataFrame:
    """Set the estimate of each item beside the one at a constant score.

    Unadjusted is the plain t of the patients' changes d (of two groups: pooled variance). Adjusted is the intercept of
    d on the change of the score dS, for two groups the difference of their intercepts with one slope: the change of a
    patient whose score stayed the same. The score is measured after the drug and may be part of the response, so
    neither column replaces the other.

    Parameters
    ----------
    score
        Change of the score, index patient (`score_changes`).
    items
        Items to report, in this order.
    panel
        Genes the score is made of. One of them is held against the score of the others.
    name
        What the score is of, for the words in ``tracks``.

    Returns
    -------
    pandas.DataFrame
        One row per item, columns `COLUMNS`; intervals hold 95 %. ``variance_factor`` is what adjusting multiplies the
        variance of the estimate by at the same noise, one patient: 1 + n mean(dS)^2 / SS(dS). ``correlation`` is that
        of d and dS, within the groups where there are two. ``note`` says why a value is missing.
    """
    values, wanted = changes.values, list(dict.fromkeys(items))
    members = set(_present(values, panel))
    own = [item for item in wanted if item in members]
    rest = [item for item in wanted if item in values.columns and item not in members]
    parts = [_block(changes, rest, score, name)] if rest else []
    for item in own:
        others = [gene for gene in members if gene != item]
        parts.append(_block(changes, [item], score_changes(changes, sorted(others)), name))
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS[1:]))
    table = table.reindex(wanted).rename_axis("item").reset_index()
    absent = ~table["item"].isin(values.columns)
    return table.assign(
        note=table["note"].where(~absent, "not among the genes tested"), tracks=table["tracks"].where(~absent, "")
    )


def _present(frame: pd.DataFrame, genes: Sequence[str]) -> list[str]:
    """Return the genes that are columns with a value in every row, once each."""
    here = frame.columns.intersection(pd.Index(dict.fromkeys(genes), dtype=object))
    return [str(gene) for gene in here if np.isfinite(frame[gene].to_numpy(float)).all()]


def _block(changes: Changes, items: list[str], score: pd.Series, name: str) -> pd.DataFrame:
    """Compare items that share one score."""
    table = pd.DataFrame(np.nan, index=pd.Index(items), columns=list(COLUMNS[1:]))
    table = table.astype({"tracks": object, "note": object}).assign(tracks="", note="")
    if changes.reason:
        return table.assign(note=f"cannot be answered: {changes.reason}")
    d, s = changes.values[items].to_numpy(float), score.reindex(changes.values.index).to_numpy(float)
    means, contrast = group_means(changes)
    fit = least_squares(means, contrast, d)
    inside = residuals(means, np.column_stack([d, s]))
    notes = item_notes(changes)[items].to_numpy(object)
    usable = notes == ""
    table[list(COLUMNS[1:5])] = np.where(usable, fit.numbers, np.nan).T
    table["df"], table["note"] = fit.df, notes
    table["correlation"] = np.where(usable, correlations(inside[:, :-1], inside[:, -1]), np.nan)
    table.loc[table["correlation"].abs() >= TRACKS, "tracks"] = f"tracks the {name} score"
    reason = _score_reason(len(d), s, inside[:, -1])
    if reason:
        return table.assign(note=np.where(usable, reason, notes))
    wide = least_squares(np.column_stack([means, s]), np.append(contrast, 0.0), d)
    factor = wide.unscaled / fit.unscaled
    # A set that is the score itself leaves nothing to adjust, whatever the spread of the score.
    apart = (table["correlation"].abs() <= 1 - 1e-12).to_numpy() & (factor <= MAX_FACTOR)
    table[list(COLUMNS[6:10])] = np.where(usable & apart, wide.numbers, np.nan).T
    table["variance_factor"], table["df_adjusted"] = factor, wide.df
    return table.assign(note=np.where(usable & ~apart, NOT_SEPARABLE, notes))


def _score_reason(n: int, score: npt.NDArray[np.float64], residual: npt.NDArray[np.float64]) -> str:
    """Say why nothing can be adjusted for this score; "" where it can."""
    if n < MIN_PATIENTS:
        return TOO_FEW
    if not np.isfinite(score).all():
        return "no score in every patient"
    if (residual**2).sum() <= NEARLY_CONSTANT * (score**2).sum():
        return NOT_SEPARABLE
    return ""
