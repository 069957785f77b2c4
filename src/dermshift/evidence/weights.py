"""Quality weights: what the result is when noisy libraries count less. A sensitivity run, never the headline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.design.model import Design

COLUMNS = ("item", "estimate", "standard_error", "df", "ci_lower", "ci_upper", "p_value", "note")
WEIGHT_COLUMNS = ("library", "patient", "timepoint", "weight")
LEVEL = 0.95
MIN_DF = 2
MIN_ITEMS = 2
CONSTANT = 1e-12
"""Residual variance, relative to the mean square, below which a gene does not vary."""


@dataclass(frozen=True)
class Weighted:
    """A weighted fit.

    Parameters
    ----------
    table
        One row per gene, columns `COLUMNS`; log2; intervals hold 95 %; ``df`` is residual plus prior.
    weights
        One row per library, columns `WEIGHT_COLUMNS`; unitless, geometric mean 1, smaller = noisier.
    reason
        Why there are no weights, "" where there are.
    """

    table: pd.DataFrame
    weights: pd.DataFrame
    reason: str


def weighted(design: Design, expression: pd.DataFrame) -> Weighted:
    """Fit the design with one weight per library, estimated from the residuals of all genes.

    R ``limma::arrayWeights`` (REML, prior of ten genes), ``lmFit``, ``contrasts.fit`` and ``eBayes`` through pylimma;
    Ritchie et al. 2006, doi:10.1186/1471-2105-7-261. Patient columns leave only differences between a patient's
    libraries, so all libraries of a patient get the same weight: it says whose change is out of line, not which
    library is at fault.

    Parameters
    ----------
    expression
        Libraries x genes, log2; the index holds every library of the design.

    Returns
    -------
    Weighted
        A gene with a missing value, or without residual variance, is listed with the reason in ``note`` and takes no
        part. With fewer than 2 residual degrees of freedom or 2 genes nothing is estimated and ``reason`` says so.
    """
    matrix = design.matrix
    values = expression.reindex(matrix.index).to_numpy(float).T
    notes = _notes(values, matrix.to_numpy(float))
    items = list(expression.columns)
    table = pd.DataFrame({"item": items}).reindex(columns=list(COLUMNS)).assign(note=notes)
    table = table.astype(dict.fromkeys(COLUMNS[1:-1], float))
    weights = design.libraries.reindex(matrix.index)[["patient", "timepoint"]].rename_axis("library").reset_index()
    used = notes == ""
    reason = _reason(design, int(used.sum()), sorted(set(matrix.index) - set(expression.index)))
    if reason:
        note = np.where(used, f"cannot be answered: {reason}", notes)
        return Weighted(table.assign(note=note), weights.assign(weight=np.nan), reason)
    found, numbers = _fit(values[used], matrix.to_numpy(float), design.contrast)
    table.loc[used, list(COLUMNS[1:-1])] = numbers
    return Weighted(table, weights.assign(weight=found), "")


def _reason(design: Design, n_items: int, missing: list[str]) -> str:
    if missing:
        return f"no values of {', '.join(missing)}"
    if design.block:
        return "patients are a random block"
    if design.residual_df < MIN_DF:
        return f"{design.residual_df} residual degrees of freedom, at least {MIN_DF} needed"
    if n_items < MIN_ITEMS:
        return f"{n_items} genes that vary, at least {MIN_ITEMS} needed"
    return ""


def _notes(values: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Say of each gene (row) why it takes no part, else ""."""
    whole = np.asarray(np.isfinite(values).all(axis=1))
    filled = np.where(whole[:, None], values, 0.0)
    q, _ = np.linalg.qr(matrix)
    left = filled - (filled @ q) @ q.T
    flat = (left**2).mean(axis=1) <= CONSTANT * np.maximum((filled**2).mean(axis=1), CONSTANT)
    notes = np.full(len(values), "", dtype=object)
    notes[flat] = "no variation beyond the design"
    notes[~whole] = "a value is missing"
    return notes


def _fit(
    values: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64], contrast: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the weights and, genes x 6, the numbers of the table; `values` are genes x libraries."""
    from pylimma import array_weights, contrasts_fit, e_bayes, lm_fit
    from scipy.stats import t as student

    weights = np.asarray(array_weights(values, design=matrix), dtype=float)
    fit = e_bayes(contrasts_fit(lm_fit(values, design=matrix, weights=weights), contrasts=contrast[:, None]))
    estimate = np.asarray(fit["coefficients"], dtype=float)[:, 0]
    error = np.asarray(fit["stdev_unscaled"], dtype=float)[:, 0] * np.sqrt(np.asarray(fit["s2_post"], dtype=float))
    df = np.broadcast_to(np.asarray(fit["df_total"], dtype=float), estimate.shape)
    half = student.ppf((1 + LEVEL) / 2, df) * error
    p = np.asarray(fit["p_value"], dtype=float)[:, 0]
    return weights, np.column_stack([estimate, error, df, estimate - half, estimate + half, p])
