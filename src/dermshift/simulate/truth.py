"""The truth table: what was planted, gene by gene, and what composition alone brings about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.simulate.effects import NULL_REASON
from dermshift.simulate.genes import SEXES
from dermshift.simulate.libraries import shares
from dermshift.simulate.settings import BULK_LAYOUT

if TYPE_CHECKING:
    from dermshift.simulate.effects import Planted
    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.settings import Constants, Settings

COLUMNS = ["gene_id", "gene_symbol", "panel", "compartment", "sex", "log2_fold_change", "kind", "reason"]
ALL = "all"
"""Stands for every compartment or for both sexes where the row holds for all of them."""


def truth_table(
    settings: Settings,
    constants: Constants,
    inputs: Inputs,
    genes: pd.DataFrame,
    levels: np.ndarray,
    planted: Planted,
) -> pd.DataFrame:
    """Return the assumed changes with the columns `COLUMNS`.

    A gene that changes nowhere has one row (``all``, ``all``). ``kind`` is ``regulation`` where the gene itself
    changes, ``composition`` where only the mixture of compartments does, else ``none``. In bulk the figure is that of a
    biopsy of median composition.
    """
    if settings.layout == BULK_LAYOUT:
        change, kind, reason = _whole_biopsy(constants, inputs, levels, planted)
        places = [ALL]
    else:
        places = list(inputs.compartments["compartment"])
        keep = [i for i, place in enumerate(places) if place in (settings.compartments or places)]
        places = [places[i] for i in keep]
        change, reason = planted.change[:, keep], planted.reason[:, keep]
        kind = np.where(change != 0, "regulation", "none").astype(object)
    rows = []
    for i, (gene, symbol) in enumerate(zip(genes["gene_id"], genes["gene_symbol"], strict=True)):
        for place, sex, at in _cells(change[i], places):
            values = (planted.panel[i], place, sex, change[i][at], kind[i][at], reason[i][at])
            rows.append((gene, symbol, *values))
    return pd.DataFrame(rows, columns=COLUMNS)


def _cells(change: np.ndarray, places: list[str]) -> list[tuple[str, str, tuple[int, int]]]:
    """Return the fewest (compartment, sex, position) that tell the whole story of a gene."""
    if not change.any():
        return [(ALL, ALL, (0, 0))]
    cells: list[tuple[str, str, tuple[int, int]]] = []
    for p, place in enumerate(places):
        if len(set(change[p])) == 1:
            cells.append((place, ALL, (p, 0)))
        else:
            cells += [(place, sex, (p, s)) for s, sex in enumerate(SEXES)]
    return cells


def _whole_biopsy(
    constants: Constants, inputs: Inputs, levels: np.ndarray, planted: Planted
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    before = shares(inputs, 0, constants.bulk_median, bulk=True)[None, :, None]
    after = shares(inputs, 0, constants.bulk_median * constants.bulk_after, bulk=True)[None, :, None]
    total = (levels * before).sum(axis=1)
    later = (levels * 2**planted.change * after).sum(axis=1)
    ratio = np.divide(later, total, out=np.ones_like(total), where=total > 0)
    change = np.round(np.log2(ratio), 4)[:, None, :]
    regulated = (planted.change != 0).any(axis=1)[:, None, :]
    kind = np.where(regulated, "regulation", np.where(change != 0, "composition", "none")).astype(object)
    words = {"composition": "the mixture of compartments shifts", "none": NULL_REASON}
    first = np.take_along_axis(planted.reason, (planted.change != 0).argmax(axis=1)[:, None, :], axis=1)
    reason = np.where(kind == "regulation", first, np.vectorize(words.get)(kind, ""))
    return change, kind, reason
