"""Facts about a fit, as JSON-able values."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import dermshift
from dermshift.engines.deseq2.reference import prior_df
from dermshift.names import FILTERED, STATUSES

if TYPE_CHECKING:
    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.engines.deseq2.dataset import RDeseqDataSet
    from dermshift.tables import DETable

LOW_DF = 3
"""Up to this many residual degrees of freedom the dispersion prior is rough."""


def fit_record(dds: RDeseqDataSet, design: Design, options: EngineOptions, heard: list[str]) -> dict[str, object]:
    """Return what the fit of one matrix found: size factors, dispersion trend and prior, filter, versions, warnings."""
    factors = dds.obs["size_factors"]
    return {
        "engine": "deseq2",
        "fit_id": design.fit_id,
        "coefficients": [str(name) for name in design.matrix.columns],
        "residual_df": int(design.residual_df),
        "low_residual_df": bool(design.residual_df <= LOW_DF),
        "size_factors": {str(name): float(factors[name]) for name in design.matrix.index},
        "dispersion_trend": _trend(dds),
        "dispersion_prior_variance": float(dds.uns["prior_disp_var"]),
        "dispersion_prior_df": prior_df(float(dds.uns["prior_disp_var"])),
        "n_genes_fitted": int(dds.n_vars),
        "n_genes_not_converged": int((~dds.var["_LFC_converged"].fillna(value=True).astype(bool)).sum()),
        "n_genes_with_replaced_counts": int(dds.var["replaced"].sum()),
        "filter": _filter_words(options),
        "options": options.record(),
        "seed": options.seed,
        "versions": {"dermshift": dermshift.__version__}
        | {name: version(name) for name in ("anndata", "numba", "numpy", "pandas", "pydeseq2", "scipy")},
        "warnings": list(heard),
    }


def question_record(table: DETable, design: Design, sign_changed: list[str]) -> dict[str, object]:
    """Return what one contrast of the fit found: rows by status, the filter threshold, failed shrinkage."""
    return {
        "contrast": [float(weight) for weight in design.contrast],
        "n_by_status": {status: int((table["status"] == status).sum()) for status in STATUSES},
        "independent_filter_threshold": _threshold(table),
        "shrunken_coefficient": design.coefficient,
        "shrinkage_changed_sign": sign_changed,
    }


def _trend(dds: RDeseqDataSet) -> dict[str, object]:
    facts: dict[str, object] = {"type": dds.trend.kind, "n_genes": dds.trend.n_genes}
    if dds.trend.coefficients is not None:
        facts |= dict(zip(("asymptotic", "extra_poisson"), dds.trend.coefficients, strict=True))
    return facts


def _filter_words(options: EngineOptions) -> str:
    if options.independent_filtering:
        start = (
            "every gene with a read is fitted; per question, genes below the mean that gives most discoveries at FDR"
        )
        return f"{start} {options.alpha:g} are left out of the FDR"
    start = f"genes need a count of {options.min_count} in as many samples as the smallest timepoint (and compartment)"
    return f"{start} group; one filter for all questions, applied before size factors"


def _threshold(table: DETable) -> float | None:
    """Return the smallest mean the independent filter kept; None where every gene with a p-value was kept."""
    removed = (table["status"] == FILTERED) & table["p_value"].notna()
    kept = table["fdr"].notna()
    return float(table.loc[kept, "base_mean"].min()) if removed.any() and kept.any() else None
