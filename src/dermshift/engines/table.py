"""From tested genes to the table of all genes of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import t

from dermshift.engines.base import RERUN_COLUMNS, rank_by_p
from dermshift.fdr import benjamini_hochberg
from dermshift.names import FILTERED, NOT_ESTIMABLE, OUTLIER, SET_ASIDE, TESTED
from dermshift.tables import require_de

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dermshift.design.model import Design
    from dermshift.tables import DETable


def statuses(tested: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the status of each gene of the fit, from its numbers and its booleans."""
    values = tested[["estimate", "error", "statistic"]].to_numpy(float)
    sound = np.isfinite(values).all(axis=1) & (values[:, 1] > 0) & tested["converged"].to_numpy(bool)
    status = np.full(len(tested), TESTED, dtype=object)
    status[~tested["kept"].to_numpy(bool)] = FILTERED
    status[tested["outlier"].to_numpy(bool)] = OUTLIER
    status[~sound] = NOT_ESTIMABLE
    return status


def numbers(
    ids: pd.Index, tested: pd.DataFrame, residual_df: float
) -> tuple[dict[str, npt.NDArray[np.float64]], npt.NDArray[np.object_]]:
    """Return the numbers of a table of genes by column, and the status of each gene.

    Parameters
    ----------
    ids
        Gene ids wanted, in their order.
    tested
        As for `assemble`.
    residual_df
        Of the design; shown where the curve is normal.
    """
    place = tested.index.get_indexer(ids)
    known = place >= 0
    status = np.where(known, statuses(tested)[place], FILTERED) if len(tested) else np.full(len(ids), FILTERED, object)
    hidden = ~known | (status == NOT_ESTIMABLE)

    def shown(name: str) -> npt.NDArray[np.float64]:
        values = tested[name].to_numpy(float)
        return np.where(hidden, np.nan, values[place] if len(values) else np.nan)

    estimate, error, curve = shown("estimate"), shown("error"), shown("df")
    half_width = error * t.ppf(0.975, curve)  # the curve the p-value uses, so that interval and p agree
    found = {
        "log2_fold_change": estimate,
        "standard_error": error,
        "ci_lower": estimate - half_width,
        "ci_upper": estimate + half_width,
        "statistic": shown("statistic"),
        "df": np.where(np.isfinite(curve), curve, residual_df),
        "p_value": np.where(status == OUTLIER, np.nan, np.maximum(shown("p"), np.finfo(float).tiny)),
    }
    return found, status


def rows_again(ids: Sequence[str], tested: pd.DataFrame, design: Design) -> pd.DataFrame:
    """Return `RERUN_COLUMNS` of a few genes of a fit, without the columns that take the whole table."""
    found, _ = numbers(pd.Index(ids), tested, design.residual_df)
    return pd.DataFrame({"gene_id": list(ids)} | found)[list(RERUN_COLUMNS)]


def assemble(
    genes: pd.DataFrame, base_mean: pd.Series[float], tested: pd.DataFrame, shrunk: pd.Series[float], design: Design
) -> DETable:
    """Return one row per gene of the study, in its order.

    Parameters
    ----------
    genes
        Gene annotation of the study, index gene id, column ``gene_symbol``; a row with a reason in ``set_aside`` keeps
        its numbers and stays outside the false discovery rate and the rank.
    base_mean
        Mean value of every gene of the study.
    tested
        Genes of the fit, index gene id: ``estimate`` and ``error`` in log2, ``statistic``, ``p`` and ``df`` of its
        reference curve, and the booleans ``outlier`` (p withheld), ``converged`` and ``kept`` (passes the gene filter).
        All other genes are filtered.
    shrunk
        Shrunken log2 estimates, index gene id; may be empty.
    """
    found, status = numbers(genes.index, tested, design.residual_df)
    if SET_ASIDE in genes:
        status[(status == TESTED) & (genes[SET_ASIDE] != "").to_numpy()] = SET_ASIDE
    symbols = genes["gene_symbol"].astype(object)
    frame = pd.DataFrame(
        {
            "gene_id": genes.index.astype(str),
            "gene_symbol": symbols.where(symbols.notna() & (symbols != ""), None),
            "base_mean": base_mean.reindex(genes.index),
        }
        | found
        | {
            "fdr": benjamini_hochberg(np.where(status == TESTED, found["p_value"], np.nan)),
            "log2_fold_change_shrunken": shrunk.reindex(genes.index).mask(status == NOT_ESTIMABLE),
            "n_pairs": design.n_pairs,
            "flag": None,
            "status": status,
        },
        index=genes.index,
    )
    frame["rank"] = rank_by_p(frame["p_value"], frame["statistic"], frame["status"])
    return require_de(frame.reset_index(drop=True), f"table of question '{design.question.id}'")
