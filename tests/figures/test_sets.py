"""Barcodes and leading edges: what is drawn is what the running table holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.enrich.running import leading_edge
from dermshift.figures import FigureInputs, barcode
from dermshift.figures import leading_edge as edges


def naive_density(hits: list[int], n: int, span: float) -> list[float]:
    """The share of set genes around every place, one place and one gene at a time."""
    half = span * n / 2
    found = []
    for place in range(n):
        weights = [(1 - (abs(place - gene) / half) ** 3) ** 3 if abs(place - gene) < half else 0.0 for gene in range(n)]
        found.append(sum(weights[gene] for gene in hits) / sum(weights) * n / len(hits))
    return found


def test_density_equals_a_walk_place_by_place() -> None:
    hits = [0, 3, 4, 50, 99]
    x, y = barcode.density(hits, 100)
    np.testing.assert_allclose(x, np.arange(100))
    np.testing.assert_allclose(y, naive_density(hits, 100, barcode.SPAN), rtol=1e-12)


def test_density_of_all_genes_is_one_everywhere() -> None:
    assert barcode.density(range(500), 500)[1] == pytest.approx(np.ones(200))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_edge_drawn_is_the_edge_of_the_table(inputs: FigureInputs, sign: int) -> None:
    running = inputs.running["response"]
    rows = running[running["set_name"] == "Apoptosis_intrinsic"]
    if sign < 0:  # the same set seen from the other end of the ranking
        rows = rows.assign(
            position=269 - rows["position"], score_before=-rows["score_after"], score_after=-rows["score_before"]
        ).iloc[::-1]
    extremes = pd.concat([rows["score_before"], rows["score_after"]])
    score = float(extremes.iloc[np.abs(extremes.to_numpy()).argmax()])
    assert edges.edge(rows)["gene_symbol"].tolist() == leading_edge(rows, score)


def test_the_declared_set_of_smallest_p_is_shown(inputs: FigureInputs) -> None:
    card = next(card for card in inputs.cards if card["id"] == "response")
    sets = inputs.sets["response"].copy()
    sets.loc[(sets["set_name"] == "Apoptosis_execution") & (sets["method"] == "fry"), "p_value"] = 1e-5
    chosen = FigureInputs(
        inputs.study, inputs.cards, inputs.tables, inputs.expression, {"response": sets}, inputs.running
    )
    assert edges.chosen(chosen, card) == "Apoptosis_execution"
