"""Barcodes and leading edges: what is drawn is what the running table holds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.text import Text

from dermshift.enrich.running import leading_edge
from dermshift.figures import FigureInputs, barcode, heatmap, set_overlaps
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
    places = leading_edge(rows["score_before"], rows["score_after"])
    assert edges.edge(rows)["gene_symbol"].tolist() == rows["gene_symbol"].iloc[places].tolist()


def test_the_declared_set_of_smallest_p_is_shown(inputs: FigureInputs) -> None:
    card = next(card for card in inputs.cards if card["id"] == "response")
    sets = inputs.sets["response"].copy()
    sets.loc[(sets["set_name"] == "Apoptosis_execution") & (sets["method"] == "fry"), "p_value"] = 1e-5
    chosen = FigureInputs(
        inputs.study, inputs.cards, inputs.tables, inputs.expression, {"response": sets}, inputs.running
    )
    assert edges.chosen(chosen, card) == "Apoptosis_execution"


def test_the_map_holds_every_pair_and_puts_neighbours_together(inputs: FigureInputs) -> None:
    names, declared = set_overlaps.names_of(inputs)
    assert names[:3] == ["Apoptosis_extrinsic", "Apoptosis_intrinsic", "Apoptosis_execution"]
    assert declared == set(names[:3])
    matrix = set_overlaps.matrix_of(inputs.overlaps, names, "overlap")
    assert matrix.loc["Apoptosis_intrinsic", "Other"] == matrix.loc["Other", "Apoptosis_intrinsic"] == 0.75
    assert matrix.loc["Apoptosis_execution"].drop("Apoptosis_execution").eq(0).all()
    assert np.isnan(np.diag(matrix)).all()
    order = set_overlaps.ordered(matrix)
    assert sorted(order) == sorted(names)
    assert abs(order.index("Apoptosis_intrinsic") - order.index("Other")) == 1


def test_without_shared_genes_the_map_says_so(inputs: FigureInputs) -> None:
    alone = dataclasses.replace(
        inputs, sets={"response": inputs.sets["response"].head(0)}, overlaps=inputs.overlaps.head(0)
    )
    figure = next(iter(set_overlaps.draw(alone)))
    assert "no two gene sets" in " ".join(text.get_text() for text in figure.figure.findobj(Text))
    assert figure.frame.empty


@pytest.mark.parametrize(("length", "rotation"), [(2, 0), (12, 90)])
def test_names_of_many_columns_stand_upright(inputs: FigureInputs, length: int, rotation: int) -> None:
    card = next(card for card in inputs.cards if card["id"] == "response")
    pairs = [pair | {"patient": f"{i:0{length}d}"} for i, pair in enumerate(card["pairs"])]
    figure = next(heatmap.draw(dataclasses.replace(inputs, cards=[card | {"pairs": pairs}])))
    assert {tick.get_rotation() for tick in figure.figure.axes[0].get_xticklabels()} == {float(rotation)}
