"""Running enrichment score of the declared gene sets, per question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.figures.base import Family, Figure
from dermshift.figures.enrichment import METHODS, NOT_ACTIVITY, declared
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, QUIET, SINGLE, SIZE_NOTE, paper
from dermshift.figures.words import EXPLORATORY, caution, headline, patients, percent, plain, sign, signed, small
from dermshift.figures.wrapping import shorten
from dermshift.names import TESTED
from dermshift.palette import HIGHER, LOWER
from dermshift.set_tables import MORE, MOVED

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

MOST = 8


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the declared sets of every question that has running scores."""
    for card in inputs.answered:
        if card["id"] in inputs.sets and card["id"] in inputs.running:
            with paper():
                yield _running(inputs, card)


def _running(inputs: FigureInputs, card: Card) -> Figure:
    running = inputs.running[card["id"]]
    sets = declared(inputs, card).reset_index()
    sets = sets[sets["set_name"].isin(running["set_name"])].head(MOST)
    across = min(2, max(len(sets), 1))
    down = max(1, -(-len(sets) // 2))
    page = new_page(
        DOUBLE if across == 2 else SINGLE,
        50.0 * down,
        title=headline(card),
        lines=[f"Running score of the declared gene sets; {patients(card)}"],
        notes=[
            f"Genes ranked by test statistic, highest first. {sign(card)}",
            "Ticks: genes of the set. Dotted: where the statistic changes sign.",
            METHODS,
            f"Flips: exact, never below their floor. The normalised score (NES) is exploratory. {caution(inputs)}",
        ],
        synthetic=inputs.study.synthetic,
    )
    if len(sets):
        axes = page.subplots(down, across, squeeze=False)
        for ax, (_, row) in zip(axes.flat, sets.iterrows(), strict=False):
            _panel(ax, running[running["set_name"] == row["set_name"]], row, _turn(inputs, card))
        for ax in axes.flat[len(sets) :]:
            ax.set_axis_off()
    else:
        say(page.add_subplot(), "No declared gene set was tested in this question.")
    settle(page, align=True)
    passing = sets[sets["verdict"].isin([MOVED, MORE])]["set_name"].map(plain)
    claim = {
        "question": f"Where do the genes of the declared sets stand in the ranking? {headline(card)}",
        "shows": f"{len(passing)} of {len(sets)} declared sets move at FDR {percent(inputs.alpha)}"
        + (f": {', '.join(passing)}." if len(passing) else "."),
        "does_not_show": NOT_ACTIVITY,
        "n": patients(card),
        "caution": f"{METHODS} {EXPLORATORY} {caution(inputs)}",
    }
    frame = running[running["set_name"].isin(sets["set_name"])].reset_index(drop=True)
    return Figure(f"running_{card['id']}", page, frame, claim, (card["id"],))


def _turn(inputs: FigureInputs, card: Card) -> int:
    """Return how many tested genes have a positive statistic."""
    table = inputs.tables[card["id"]]
    return int((table.loc[table["status"] == TESTED, "statistic"] > 0).sum())


def curve(hits: pd.DataFrame, n_universe: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole running score from its values at the genes of the set: 0 at both ends, straight between."""
    hits = hits.sort_values("position")
    x = np.repeat(hits["position"].to_numpy(float), 2)
    y = hits[["score_before", "score_after"]].to_numpy(float).ravel()
    return np.concatenate([[0.0], x, [float(n_universe)]]), np.concatenate([[0.0], y, [0.0]])


def _panel(ax: Axes, hits: pd.DataFrame, row: pd.Series, turn: int) -> None:
    ends = hits[["score_before", "score_after"]].to_numpy(float).ravel()
    score = float(ends[np.abs(ends).argmax()])
    colour = HIGHER if score > 0 else LOWER
    n_universe = int(row["n_universe"])
    x, y = curve(hits, n_universe)
    ax.plot(x, y, color=colour, linewidth=1.3, zorder=3)
    ax.axhline(0, color=QUIET, linewidth=0.5, zorder=0)
    ax.axvline(turn, color=QUIET, linewidth=0.7, linestyle=":", zorder=0)
    low, high = min(0.0, float(y.min())), max(0.0, float(y.max()))
    span = max(high - low, 0.2)
    ax.set_ylim(low - 0.22 * span, high + 0.08 * span)
    ax.vlines(hits["position"], 0.02, 0.11, transform=ax.get_xaxis_transform(), color="black", linewidth=0.7)
    ax.set_xlim(0, n_universe)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_ylabel("Running score")
    ax.set_xlabel("Place in the ranking of tested genes")
    name = shorten(plain(row["set_name"]), 70, SIZE_NOTE)
    ax.set_title(f"{name}\n{numbers(row)}", fontsize=SIZE_NOTE, linespacing=1.3)


def numbers(row: pd.Series) -> str:
    """Return the declared p-values of a set, and the exploratory score of the picture."""
    flips = f"flips {small(row['flips_p'])} (floor {small(row['flips_floor'])}), score by flips {small(row['es_p'])}"
    lines = (
        f"p: fry {small(row['fry_p'])} (FDR {small(row['fry_fdr'])}), camera {small(row['camera_p'])}",
        f"p: {flips}",
        f"NES {signed(row['nes'])}; {int(row['n_tested'])} of {int(row['n_genes'])} genes tested",
        f"{row['verdict']}",
    )
    return "\n".join(lines)


FAMILY = Family(
    "running",
    "running score of the declared gene sets, per question",
    draw,
    kind="running-score plot, one panel per gene set",
    reads=("tables/QUESTION.sets.tsv", "tables/QUESTION.running.tsv", "tables/QUESTION.tsv"),
    made="running score of the genes ranked by the statistic of the question's table",
    model=True,
    sets=("fry", "camera", "flips", "prerank"),
)
