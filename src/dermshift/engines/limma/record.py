"""Facts about a moderated fit, as JSON-able values."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

import dermshift
from dermshift.names import STATUSES

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineMeta, EngineOptions
    from dermshift.engines.limma.linear import Linear
    from dermshift.engines.limma.moderate import Moderated
    from dermshift.tables import DETable

LOW_DF = 3
"""Up to this many residual degrees of freedom the prior carries most of every test."""
INFINITE = "infinite"
FILTER = "every row that varies over the libraries is fitted; rows that stand for no gene of their own get no FDR"
VERSIONS = ("anndata", "numpy", "pandas", "pylimma", "scipy", "statsmodels")


def fit_record(
    meta: EngineMeta, design: Design, options: EngineOptions, found: Moderated, heard: list[str]
) -> dict[str, object]:
    """Return what the fit of one matrix found: prior of the variances, versions, warnings."""
    return {
        "engine": meta.name,
        "fit_id": design.fit_id,
        "coefficients": [str(name) for name in design.matrix.columns],
        "residual_df": int(design.residual_df),
        "low_residual_df": bool(design.residual_df <= LOW_DF),
        "df_prior": summary(found.prior_df),
        "s2_prior": summary(found.prior_variance),
        "trend": options.trend,
        "robust": options.robust,
        "lfc_threshold": float(options.lfc_threshold),
        "n_genes_fitted": len(found.tested),
        "options": options.record(),
        "seed": options.seed,
        "versions": {"dermshift": dermshift.__version__} | {name: version(name) for name in VERSIONS},
        "warnings": list(heard),
    }


def linear_record(design: Design, linear: Linear) -> dict[str, object]:
    """Return what was estimated beside the coefficients: array weights by library, the correlation of a block."""
    weights, shared = linear.weights, linear.correlation
    return {
        "array_weights": None if weights is None else {str(name): weights[str(name)] for name in design.matrix.index},
        "block": "patient" if design.block else "",
        "consensus_correlation": None if shared is None else shared.consensus,
        "n_genes_with_correlation": None if shared is None else int(np.isfinite(shared.atanh).sum()),
        "filter": FILTER,
    }


def question_record(table: DETable, design: Design) -> dict[str, object]:
    """Return what one contrast of the fit found: its weights, and rows by status."""
    return {
        "contrast": [float(weight) for weight in design.contrast],
        "n_by_status": {status: int((table["status"] == status).sum()) for status in STATUSES},
    }


def summary(values: npt.NDArray[np.float64]) -> object:
    """Return one number, or its smallest, median and largest where genes differ; JSON has no infinity."""
    if values.ndim == 0 or len(np.unique(values)) == 1:
        return finite(float(values.flat[0]))
    marks = {"min": values.min(), "median": np.median(values), "max": values.max()}
    return {name: finite(float(value)) for name, value in marks.items()}


def finite(value: float) -> float | str:
    """Return the number, or the word for an infinite one."""
    return value if np.isfinite(value) else INFINITE
