"""Leading edge of a declared gene set: the change of its genes in every patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.enrichment import NOT_ACTIVITY, declared
from dermshift.figures.heatmap import frame_of, pair_changes, panel
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, paper
from dermshift.figures.words import caution, headline, patients, plain, sign, small, symbol_of
from dermshift.names import GENE_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.figures.base import Card, FigureInputs

MOST = 30


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the declared set of smallest p (fry) of every response."""
    for card in inputs.answered:
        if card["kind"] != "difference" and card["id"] in inputs.sets and card["id"] in inputs.running:
            with paper():
                yield _edge(inputs, card)


def edge(running: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one set between the extreme of its running score and the end it leans to, strongest first."""
    rows = running.sort_values("position")
    up, down = rows["score_after"].max(), rows["score_before"].min()
    if up >= -down:
        return rows.iloc[: int(rows["score_after"].to_numpy().argmax()) + 1]
    return rows.iloc[int(rows["score_before"].to_numpy().argmin()) :].iloc[::-1]


def chosen(inputs: FigureInputs, card: Card) -> str:
    """Return the declared set of smallest p that has a running score, "" where there is none."""
    sets = declared(inputs, card)
    known = sets[sets.index.isin(inputs.running[card["id"]]["set_name"]) & sets["fry_p"].notna()]
    return str(known.sort_values("fry_p", kind="stable").index[0]) if len(known) else ""


def _rows(inputs: FigureInputs, card: Card, name: str) -> pd.DataFrame:
    running = inputs.running[card["id"]]
    found = edge(running[running["set_name"] == name]).head(MOST)
    found = found[found[GENE_ID].isin(inputs.expression.columns)]
    labels = [symbol_of(gene, symbol) for gene, symbol in zip(found[GENE_ID], found["gene_symbol"], strict=True)]
    configured = found[GENE_ID].isin(list(inputs.genes)).to_numpy()
    rows = pd.DataFrame({GENE_ID: found[GENE_ID].to_numpy(), "label": labels, "configured": configured})
    return rows.sort_values("configured", ascending=False, kind="stable", ignore_index=True)


def _words(inputs: FigureInputs, card: Card, name: str) -> str:
    row = declared(inputs, card).loc[name].to_dict()
    return f"fry p {small(row['fry_p'])}, FDR {small(row['fry_fdr'])}: {row['verdict']}"


def _edge(inputs: FigureInputs, card: Card) -> Figure:
    name = chosen(inputs, card)
    rows = _rows(inputs, card, name) if name else pd.DataFrame(columns=[GENE_ID, "label", "configured"])
    values = pair_changes(inputs, card)
    words = _words(inputs, card, name) if name else ""
    page = new_page(
        DOUBLE if values.shape[1] > 14 else 0.62 * DOUBLE,
        34 + 3.1 * max(len(rows), 4),
        title=headline(card),
        lines=[
            f"Leading edge of {plain(name)}; {words}" if name else "No declared gene set was tested.",
            patients(card),
        ],
        notes=[
            sign(card),
            "Genes of the declared set of smallest p, up to the extreme of its running score, strongest first.",
            f"Differences of {inputs.unit}. The genes were chosen by these same data. {caution(inputs)}",
        ],
        synthetic=inputs.study.synthetic,
    )
    if len(rows) and values.shape[1]:
        panel(page.add_subplot(), rows, values, inputs, card)
    else:
        say(page.add_subplot(), "No declared gene set was tested in this question.")
    settle(page)
    moved = np.sign(values.loc[rows[GENE_ID]].mean(axis=1)) if len(rows) and values.shape[1] else pd.Series(dtype=float)
    claim = {
        "question": f"Which genes of {plain(name) or 'a declared set'} carry it, and in which patients?",
        "shows": f"{len(rows)} genes, {int((moved > 0).sum())} of them higher on average. {words}".strip(),
        "does_not_show": f"{NOT_ACTIVITY} The colours are no test.",
        "n": patients(card),
        "caution": f"Genes of a leading edge are chosen by these data. {caution(inputs)}",
    }
    return Figure(f"leading_edge_{card['id']}", page, frame_of(rows, values), claim, (card["id"],))


FAMILY = Family(
    "leading_edge",
    "leading edge of a declared gene set in every patient, per response",
    draw,
    kind="heatmap of genes by patients",
    reads=("tables/QUESTION.sets.tsv", "tables/QUESTION.running.tsv", "study.h5ad"),
    made="log2 differences of each patient's own samples, for the leading edge of one declared set",
    model=True,
    sets=("fry", "camera", "prerank"),
)
