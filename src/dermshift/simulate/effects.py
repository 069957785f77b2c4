"""Changes planted between the two timepoints, and why each is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.simulate.genes import SEXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.settings import Constants

BACKGROUND_REASON = "background gene that changes, so that there are hits outside the panels"
NULL_REASON = "nothing planted"
LEFT_OUT_REASON = "planted in other studies, left out of this one"
TURNED_REASON = "planted with the opposite sign of other studies"


@dataclass(frozen=True)
class Planted:
    """``change`` log2 fold change and ``reason``, genes x compartments x sexes; ``panel`` of each gene."""

    change: np.ndarray
    reason: np.ndarray
    panel: list[str]


def plant(inputs: Inputs, constants: Constants, genes: pd.DataFrame, layout: str, rng: np.random.Generator) -> Planted:
    """Plant the changes of ``effects.tsv`` and those of the background.

    A gene follows the first panel of the table that names it, and no other; within that panel the first row that fits
    compartment and sex holds. Everything not listed is exactly 0.
    """
    rows = inputs.effects[inputs.effects["layout"].isin(["", layout])]
    follows = inputs.first_panel(rows["panel"])
    member = {gene: panel for panel, named in reversed(inputs.panels.items()) for gene in named}
    compartments = list(inputs.compartments["compartment"])
    change = np.zeros((len(genes), len(compartments), len(SEXES)))
    reason = np.full(change.shape, NULL_REASON, dtype=object)
    panels: list[str] = []
    for i, (gene, background) in enumerate(zip(genes["gene_symbol"], genes["background"], strict=True)):
        panels.append("background" if background else follows.get(gene, member.get(gene, "none")))
        if gene in follows:
            own = rows[rows["panel"] == follows[gene]]
            change[i], reason[i] = _panel_change(own, compartments)
    _plant_background(constants, genes, change, reason, rng)
    return Planted(change, reason, panels)


def unlike(planted: Planted, absent: Sequence[str], turned: Sequence[str]) -> Planted:
    """Return the changes without those of the panels `absent`, and with the opposite sign in the panels `turned`."""
    change, reason = planted.change.copy(), planted.reason.copy()
    left_out, opposite = np.isin(planted.panel, absent), np.isin(planted.panel, turned)
    moved = change != 0
    reason[moved & left_out[:, None, None]] = LEFT_OUT_REASON
    reason[moved & opposite[:, None, None]] = TURNED_REASON
    change[left_out], change[opposite] = 0, -change[opposite]
    return Planted(change, reason, planted.panel)


def _panel_change(rows: pd.DataFrame, compartments: list[str]) -> tuple[np.ndarray, np.ndarray]:
    change = np.zeros((len(compartments), len(SEXES)))
    reason = np.full(change.shape, NULL_REASON, dtype=object)
    # Later rows first, so that the first row that fits is written last and holds.
    for row in rows[::-1].to_dict("records"):
        for c, compartment in enumerate(compartments):
            for s, sex in enumerate(SEXES):
                if row["compartment"] in ("", compartment) and row["sex"] in ("", sex):
                    change[c, s], reason[c, s] = row["log2_fold_change"], row["reason"]
    return change, reason


def _plant_background(
    constants: Constants,
    genes: pd.DataFrame,
    change: np.ndarray,
    reason: np.ndarray,
    rng: np.random.Generator,
) -> None:
    """Change a share of the background genes, up or down, in one compartment each; in place."""
    pool = np.flatnonzero(genes["background"])
    chosen = rng.choice(pool, size=round(constants.background_share * len(pool)), replace=False)
    place = rng.integers(change.shape[1], size=len(chosen))
    sign = rng.choice([-1.0, 1.0], size=len(chosen))
    change[chosen, place] = (sign * constants.background_log2_fold_change)[:, None]
    reason[chosen, place] = BACKGROUND_REASON
