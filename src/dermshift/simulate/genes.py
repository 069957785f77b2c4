"""The genes of a synthetic study and the level of each in every compartment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.settings import Constants

SEXES = ("female", "male")

QUANTILES = (0.0, 0.05, 0.25, 0.50, 0.75, 0.95, 1.0)
LOG10_COUNTS = (0.0, 0.415, 1.477, 2.375, 2.917, 3.567, 4.4)
"""Gene means (normalised counts) of 49 skin biopsies, GSE193309; the two ends are assumed."""


def gene_table(inputs: Inputs, n_genes: int) -> pd.DataFrame:
    """Return ``gene_id``, ``gene_symbol`` and ``background``: panel genes first, then plainly synthetic names."""
    panel = inputs.calibration
    names = [f"SYN{number:05d}" for number in range(1, n_genes - len(panel) + 1)]
    return pd.DataFrame(
        {
            "gene_id": [*panel["ensembl_id"], *names],
            "gene_symbol": [*panel["gene_symbol"], *names],
            "background": [False] * len(panel) + [True] * len(names),
        }
    )


def base_levels(inputs: Inputs, constants: Constants, genes: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Return CPM before any change, genes x compartments x sexes.

    Panel genes start from the calibration table; the first row of ``levels.tsv`` that names a gene and a compartment
    replaces or shifts its level. Background genes are drawn from the distribution of gene means.
    """
    spread = rng.standard_normal(len(genes))
    background = 10 ** np.interp(rng.random(len(genes)), QUANTILES, LOG10_COUNTS) / constants.depth * 1e6
    known = inputs.calibration["cpm"].fillna(0).to_numpy(float)
    start = np.where(genes["background"], background, np.pad(known, (0, len(genes) - len(known))))
    compartments = list(inputs.compartments["compartment"])
    level = np.repeat(start[:, None], len(compartments), axis=1)
    for c, compartment in enumerate(compartments):
        rows = inputs.levels[inputs.levels["compartment"].isin(["", compartment])]
        panel = genes["gene_symbol"].map(inputs.first_panel(rows["panel"]))
        rule = rows.drop_duplicates("panel").set_index("panel").reindex(panel)
        value, spreads = rule["value"].to_numpy(float), rule["spread"].to_numpy(float)
        shifted, replaced = rule["kind"] == "log2_shift", rule["kind"] == "cpm"
        level[shifted, c] *= 2 ** value[shifted]
        level[replaced, c] = (value * 2 ** (spreads * spread))[replaced]
    return _by_sex(inputs, constants, genes, level)


def _by_sex(inputs: Inputs, constants: Constants, genes: pd.DataFrame, level: np.ndarray) -> np.ndarray:
    sex_of = dict(zip(inputs.sex_genes["gene_symbol"], inputs.sex_genes["sex"], strict=True))
    by_sex = np.repeat(level[:, :, None], len(SEXES), axis=2)
    for i, gene in enumerate(genes["gene_symbol"]):
        if gene in sex_of:
            by_sex[i, :, 1 - SEXES.index(sex_of[gene])] *= constants.opposite_sex
    return by_sex
