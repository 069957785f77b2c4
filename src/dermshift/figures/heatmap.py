"""Heat map: the change of the top genes in every patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures import changes
from dermshift.figures.base import Family, Figure
from dermshift.figures.cells import cells
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DIVERGING, DOUBLE, MM, SIZE_NOTE, SIZE_SMALL, paper
from dermshift.figures.words import caution, headline, not_cause, patients, percent, plain, question, sign
from dermshift.figures.wrapping import shorten
from dermshift.names import GENE_ID, PATIENT, SEX, TIMEPOINT
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

MOST = 30
ROOM = 0.76
"""Share of the page's width that the columns have."""


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one heat map per response."""
    for card in inputs.answered:
        if card["kind"] != "difference":
            with paper():
                yield _heatmap(inputs, card)


def pair_changes(inputs: FigureInputs, card: Card) -> pd.DataFrame:
    """Return genes x pairs, log2 after minus before; columns (sex, patient, compartment), sorted.

    A library made of several samples is the mean of their log2 values.
    """
    members = {entry["library"]: list(entry["members"]) for entry in card["libraries"]}
    values = inputs.expression

    def level(library: str) -> pd.Series:
        return values.loc[members[library]].mean(axis=0)

    columns = {
        (str(pair["sex"]), str(pair["patient"]), str(pair["compartment"])): level(pair["after"]) - level(pair["before"])
        for pair in card["pairs"]
        if _belongs(inputs, card, pair)
    }
    return pd.DataFrame({key: columns[key] for key in sorted(columns)})


def _belongs(inputs: FigureInputs, card: Card, pair: dict[str, str]) -> bool:
    """Tell whether a pair is of the level in question: one fit serves all levels, so its pairs are of all of them."""
    column = card["column"]
    if not card["levels"] or column == TIMEPOINT:
        return True
    sheet = inputs.study.sheet
    level = pair[column] if column in pair else sheet.loc[sheet[PATIENT] == pair["patient"], column].iloc[0]
    return str(level) in card["levels"]


def _rows(genes: pd.DataFrame, inputs: FigureInputs) -> pd.DataFrame:
    """Return the rows to draw: configured genes, then the top genes from highest to lowest change."""
    measured = genes[genes[GENE_ID].isin(inputs.expression.columns)]
    top = measured[~measured["configured"]].sort_values(["p_value", GENE_ID]).head(MOST)
    top = top.sort_values(["effect", GENE_ID], ascending=[False, True])
    return pd.concat([measured[measured["configured"]], top], ignore_index=True)


def _heatmap(inputs: FigureInputs, card: Card) -> Figure:
    genes = changes.tested_genes(inputs, card)
    rows = _rows(genes, inputs)
    values = pair_changes(inputs, card)
    passing = int((rows.loc[~rows["configured"], "change"] != changes.NOT_PASSING).sum())
    top = int((~rows["configured"]).sum())
    page = new_page(
        DOUBLE if values.shape[1] > 14 else 0.62 * DOUBLE,
        34 + 3.1 * max(len(rows), 4),
        title=headline(card),
        lines=[
            f"Per-patient difference of the {top} genes of smallest p ({passing} pass FDR {percent(inputs.alpha)})",
            patients(card),
        ],
        notes=[
            sign(card),
            f"Differences of {inputs.unit}; several samples of a patient and timepoint are averaged.",
            f"Genes were chosen by these same data: expect smaller changes elsewhere. {caution(inputs)}",
        ],
        synthetic=inputs.study.synthetic,
    )
    if len(rows) and values.shape[1]:
        panel(page.add_subplot(), rows, values, inputs, card)
    else:
        say(page.add_subplot(), "No tested gene to show.")
    settle(page)
    claim = {
        "question": f"{question(card)} Do all patients move alike?",
        "shows": f"{top} genes of smallest p in {values.shape[1]} pairs; {passing} pass FDR {percent(inputs.alpha)}.",
        "does_not_show": f"{not_cause(inputs)} The colours are no test.",
        "n": patients(card),
        "caution": "Top genes are chosen by these data, so their changes are overestimated.",
    }
    return Figure(f"heatmap_{card['id']}", page, frame_of(rows, values), claim, (card["id"],))


def frame_of(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return what a heat map draws, one row per gene and pair."""
    if not len(rows) or not values.shape[1]:
        return pd.DataFrame(columns=[GENE_ID, "label", "sex", "patient", "compartment", "log2_difference"])
    columns = [tuple(map(str, key)) for key in values.columns.to_list()]
    parts = [
        pd.DataFrame(
            {GENE_ID: rows[GENE_ID], "label": rows["label"], "sex": sex, "patient": patient, "compartment": place}
        ).assign(log2_difference=values.loc[rows[GENE_ID], (sex, patient, place)].to_numpy())
        for sex, patient, place in columns
    ]
    return pd.concat(parts, ignore_index=True)


def panel(ax: Axes, rows: pd.DataFrame, values: pd.DataFrame, inputs: FigureInputs, card: Card) -> None:
    """Draw the changes of `rows` (``gene_id``, ``label``, ``configured``) in every pair."""
    matrix = values.loc[rows[GENE_ID]].to_numpy(float)
    limit = max(0.5, float(np.quantile(np.abs(matrix), 0.98)))
    ax.tick_params(length=0)
    ax.tick_params(axis="x", labelsize=SIZE_NOTE)
    names = [shorten(label, 26, SIZE_SMALL) for label in rows["label"]]
    colour: dict[str, Any] = {"cmap": DIVERGING, "vmin": -limit, "vmax": limit}
    cells(ax, matrix, _pair_names(values), names, _scale(matrix, limit, card), **colour)
    for tick, configured in zip(ax.get_yticklabels(), rows["configured"], strict=True):
        tick.set(
            fontweight="bold" if configured else "normal", fontstyle="normal" if configured else "italic", rotation=0
        )
    _turn_crowded(ax, _pair_names(values))
    gap = int(rows["configured"].sum())
    if gap and gap < len(rows):
        ax.axhline(gap, color="white", linewidth=2.5)
    _groups(ax, list(values.columns.get_level_values(0)), inputs)


def _turn_crowded(ax: Axes, names: list[str]) -> None:
    """Turn the names of the columns upright where they would run into each other."""
    from dermshift.figures.paper import text_width

    room = ROOM * ax.figure.get_figwidth() / MM / len(names)  # type: ignore[union-attr]
    upright = max(text_width(name, SIZE_NOTE) for name in names) > room
    for tick in ax.get_xticklabels():
        tick.set_rotation(90 if upright else 0)


def _pair_names(values: pd.DataFrame) -> list[str]:
    """Name each column: the patient, and the compartment where there are several."""
    several = len(set(values.columns.get_level_values(2))) > 1
    columns = [tuple(map(str, key)) for key in values.columns.to_list()]
    names = [f"{patient} {plain(place)}" if several else patient for _, patient, place in columns]
    return [shorten(name, 24, SIZE_NOTE) for name in names]


def _groups(ax: Axes, sexes: list[str], inputs: FigureInputs) -> None:
    """Write the sex above its columns and part the groups."""
    palette = colours(inputs.study.levels(SEX), sexes=True)
    for sex in sorted(set(sexes) - {""}):
        own = [place for place, name in enumerate(sexes) if name == sex]
        ends = (own[0] + 0.1, own[-1] + 0.9)
        top = ax.get_xaxis_transform()
        ax.plot(ends, (1.012, 1.012), color=palette.get(sex, "black"), linewidth=2.5, clip_on=False, transform=top)
        ax.text(sum(ends) / 2, 1.022, f"{plain(sex)}, n = {len(own)}", ha="center", va="bottom", transform=top)
        if own[0] > 0:
            ax.axvline(own[0], color="white", linewidth=2.5)


def _scale(matrix: np.ndarray, limit: float, card: Card) -> dict[str, Any]:
    """Return the settings of the colour scale; its ends are pointed where values lie beyond."""
    low, high = bool((matrix < -limit).any()), bool((matrix > limit).any())
    ends = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[low, high]
    label = f"log2 difference, {plain(card['after'])} − {plain(card['before'])}"
    return {"extend": ends, "shrink": 0.6, "aspect": 18, "pad": 0.02, "label": label}


FAMILY = Family(
    "heatmap",
    "top genes in every patient, per response",
    draw,
    kind="heatmap of genes by patients",
    reads=("tables/QUESTION.tsv", "study.h5ad"),
    made="log2 differences of each patient's own samples, for the first genes of the question's table",
    model=True,
)
