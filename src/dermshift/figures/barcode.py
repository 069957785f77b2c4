"""Barcodes of the declared gene sets: where their genes stand among all tested genes, and how dense they are there."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from dermshift.figures.base import Family, Figure
from dermshift.figures.enrichment import METHODS, NOT_ACTIVITY, declared
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import INK, PALE, QUIET, SINGLE, SIZE_NOTE, SIZE_SMALL, paper
from dermshift.figures.words import caution, headline, patients, plain, sign, small
from dermshift.figures.wrapping import shorten
from dermshift.names import TESTED
from dermshift.palette import HIGHER, LOWER

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

MOST = 8
SPAN = 0.45
"""Share of the ranking behind each point of the density, as in R ``limma::barcodeplot``."""
POINTS = 200
COLUMNS = ["set_name", "position", "gene_symbol", "statistic"]


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure per question that has running scores."""
    for card in inputs.answered:
        if card["id"] in inputs.sets and card["id"] in inputs.running:
            with paper():
                yield _barcodes(inputs, card)


def _barcodes(inputs: FigureInputs, card: Card) -> Figure:
    running = inputs.running[card["id"]]
    sets = declared(inputs, card).reset_index()
    sets = sets[sets["set_name"].isin(running["set_name"])].head(MOST)
    page = new_page(
        SINGLE,
        17.0 * max(len(sets), 1) + 9,
        title=headline(card),
        lines=[f"Genes of the declared sets in the ranking; {patients(card)}"],
        notes=[
            f"All tested genes by test statistic, highest left. {sign(card)}",
            "Bars: genes of the set. Line: how dense they are there, 1 = as among all tested genes.",
            f"{METHODS} {caution(inputs)}",
        ],
        synthetic=inputs.study.synthetic,
    )
    if len(sets):
        axes = page.subplots(len(sets), 1, squeeze=False, sharex=True)[:, 0]
        for ax, (_, row) in zip(axes, sets.iterrows(), strict=True):
            _panel(ax, running[running["set_name"] == row["set_name"]], row, _turn(inputs, card))
        axes[-1].set_xlabel("Place in the ranking of tested genes")
    else:
        say(page.add_subplot(), "No declared gene set was tested in this question.", 40)
    settle(page)
    frame = running.loc[running["set_name"].isin(sets["set_name"]), COLUMNS].reset_index(drop=True)
    claim = {
        "question": f"Are the genes of the declared sets dense at one end of the ranking? {headline(card)}",
        "shows": _shows(sets),
        "does_not_show": NOT_ACTIVITY,
        "n": patients(card),
        "caution": f"{METHODS} {caution(inputs)}",
    }
    return Figure(f"barcode_{card['id']}", page, frame, claim, (card["id"],))


def _shows(sets: pd.DataFrame) -> str:
    said = [f"{plain(row['set_name'])}: fry p {small(row['fry_p'])}, {row['verdict']}" for _, row in sets.iterrows()]
    return f"{'; '.join(said)}." if said else "No declared gene set was tested."


def _turn(inputs: FigureInputs, card: Card) -> int:
    """Return how many tested genes have a positive statistic."""
    table = inputs.tables[card["id"]]
    return int((table.loc[table["status"] == TESTED, "statistic"] > 0).sum())


def density(positions: npt.ArrayLike, n_genes: int, span: float = SPAN) -> tuple[np.ndarray, np.ndarray]:
    """Return places along the ranking, and the share of set genes around each relative to that among all genes.

    Neighbours weigh by a tricube over `span` of the ranking, cut at its ends (R ``limma::tricubeMovingAverage``).

    Parameters
    ----------
    positions
        Places of the set's genes, 0 to n_genes - 1.
    """
    hits = np.asarray(positions, dtype=float)
    x = np.linspace(0, n_genes - 1, min(POINTS, n_genes))
    share = _mass(x, hits, n_genes, span) / _mass_of_all(n_genes, span)
    return x, share * n_genes / max(len(hits), 1)


def _mass(x: np.ndarray, places: np.ndarray, n_genes: int, span: float) -> np.ndarray:
    distance = np.abs(x[:, None] - places[None, :]) / max(span * n_genes / 2, 1.0)
    weights: np.ndarray = np.where(distance < 1, (1 - np.minimum(distance, 1) ** 3) ** 3, 0).sum(axis=1)
    return weights


@lru_cache(maxsize=8)
def _mass_of_all(n_genes: int, span: float) -> np.ndarray:
    x = np.linspace(0, n_genes - 1, min(POINTS, n_genes))
    return _mass(x, np.arange(n_genes, dtype=float), n_genes, span)


def _panel(ax: Axes, hits: pd.DataFrame, row: pd.Series, turn: int) -> None:
    n_genes = int(row["n_universe"])
    positions = hits["position"].to_numpy(float)
    x, y = density(positions, n_genes)
    top = max(2.0, float(y.max()) * 1.1)
    ax.axvspan(0, turn, ymax=0.38, color=HIGHER, alpha=0.12, linewidth=0)
    ax.axvspan(turn, n_genes, ymax=0.38, color=LOWER, alpha=0.12, linewidth=0)
    ax.vlines(positions, 0, 0.38, transform=ax.get_xaxis_transform(), color=INK, linewidth=0.6)
    floor = -0.38 / 0.62 * top
    ax.plot(x, y, color=INK, linewidth=1.1)
    ax.axhline(1, color=PALE, linewidth=0.6, zorder=0)
    ax.set(xlim=(0, n_genes), ylim=(floor, top))
    highest = int(y.max())
    ax.set_yticks([1, highest] if highest > 1 else [0, 1])
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel("Density", loc="top", color=QUIET, fontsize=SIZE_NOTE)
    name = shorten(plain(row["set_name"]), 44, SIZE_NOTE)
    ax.set_title(f"{name}: fry p {small(row['fry_p'])}, camera p {small(row['camera_p'])}", fontsize=SIZE_SMALL)


FAMILY = Family(
    "barcode",
    "genes of the declared gene sets in the ranking, per question",
    draw,
    kind="barcode plot, one panel per gene set",
    reads=("tables/QUESTION.sets.tsv", "tables/QUESTION.running.tsv", "tables/QUESTION.tsv"),
    made="places of the sets' genes in the ranking by the statistic of the question's table",
    model=True,
    sets=("fry", "camera"),
)
