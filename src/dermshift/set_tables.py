"""The answers of all methods for one set side by side, and what they allow to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.tables import EnrichmentTable

MOVED, MORE, NOT_SHOWN, NO_TEST = "moves", "moves, and more than other genes", "not shown", "not tested"
"""What may be said of a set: `fry` decides whether it moves, `camera` besides whether it moves more than others."""

COLUMNS = {
    "fry_p": ("fry", "both", "p_value"),
    "fry_fdr": ("fry", "both", "fdr"),
    "mixed_p": ("fry", "mixed", "p_value"),
    "camera_p": ("camera", "both", "p_value"),
    "camera_fdr": ("camera", "both", "fdr"),
    "correlation": ("camera", "both", "correlation"),
    "flips_p": ("flips", "both", "p_value"),
    "flips_floor": ("flips", "both", "floor"),
    "es_p": ("flips_es", "both", "p_value"),
    "scores_p": ("scores_ssgsea", "both", "p_value"),
    "nes": ("prerank", "both", "normalised_enrichment_score"),
    "prerank_p": ("prerank", "both", "p_value"),
}
"""Column of the wide table: method, direction and column of the enrichment table."""


def side_by_side(sets: EnrichmentTable, alpha: float) -> pd.DataFrame:
    """Return one row per set, in the order of the table.

    Returns
    -------
    Index set name; ``collection``, ``family``, ``n_genes``, ``n_tested``, ``n_universe``, ``mean_change``, ``status``,
    the keys of `COLUMNS`, and ``verdict``: what `fry` and `camera` allow to say at a false discovery rate of `alpha`.
    """
    known = ["collection", "family", "n_genes", "n_tested", "n_universe", "mean_change", "status"]
    wide = sets.drop_duplicates("set_name").set_index("set_name")[known].copy()
    said_by = dict(list(sets.set_index("set_name").groupby(["method", "direction"], sort=False)))
    for name, (method, direction, column) in COLUMNS.items():
        rows = said_by.get((method, direction))
        wide[name] = np.nan if rows is None else rows[column].reindex(wide.index).astype(float)
    moves, more = wide["fry_fdr"] < alpha, wide["camera_fdr"] < alpha
    said = np.select([wide["fry_p"].isna(), moves & more, moves], [NO_TEST, MORE, MOVED], NOT_SHOWN)
    return wide.assign(verdict=said)


def declared(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the declared sets."""
    return wide[wide["family"] == "declared"]
