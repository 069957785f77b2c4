"""The change of every shared gene in the discovery against that in each replication study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures import changes
from dermshift.figures.base import Family, Figure
from dermshift.figures.board import NO_CAUSE, heading, patients, sign
from dermshift.figures.evidence_base import key_dot
from dermshift.figures.labels import label_points
from dermshift.figures.page import new_page, settle
from dermshift.figures.style import DOUBLE, PALE, QUIET, SIZE_SMALL, paper
from dermshift.figures.words import percent, plain, small
from dermshift.figures.wrapping import wrapped
from dermshift.palette import HIGHER, LOWER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes

    from dermshift.figures.board import BoardInputs

ACROSS = 3
MOST_PANELS = 6
SQUARE = 66.0
CALLED = "called in the discovery"
NOTES = (
    "Mean of the patients' own changes. Genes go together, so neither the share of equal signs nor rho has a p-value;",
    "p is that of one number per patient, the mean change along the discovery's signs, over signs (labels) of whole",
    "patients of the replication study. Called genes were chosen in the discovery: there they are too large on",
    "average.",
)


def draw(inputs: BoardInputs) -> Iterator[Figure]:
    """Draw one figure per question and discovery study, a page for every `MOST_PANELS` replication studies."""
    for question in inputs.questions:
        own = inputs.pairs[inputs.pairs["question"] == question["id"]]
        for place, (one, block) in enumerate(own.groupby("discovery", sort=False)):
            others = list(dict.fromkeys(block["replication"]))
            for start in range(0, len(others), MOST_PANELS):
                shown = others[start : start + MOST_PANELS]
                part = block[block["replication"].isin(shown)]
                name = "_".join(str(number + 1) for number in (place, start // MOST_PANELS) if number)
                with paper():
                    yield _figure(inputs, question, str(one), part, name)


def _figure(inputs: BoardInputs, question: Mapping[str, Any], one: str, block: pd.DataFrame, name: str) -> Figure:
    genes = _placed(block)
    panels = dict(list(genes.groupby("replication", sort=False)))
    table = inputs.tables["agreement"]
    table = table[(table["question"] == question["id"]) & (table["discovery"] == one) & (table["genes"] == CALLED)]
    found = table.set_index("replication")
    across = min(ACROSS, max(2, len(panels)))
    deep = -(-len(panels) // across)
    page = new_page(
        DOUBLE,
        (SQUARE + 10) * deep,
        title=f"{heading(question)}: each replication study against the discovery",
        lines=[patients(question)],
        notes=[" ".join(NOTES), f"{sign(question)} {inputs.caution}"],
        synthetic=bool(inputs.facts["synthetic"]),
        key=_key(inputs, genes),
        key_columns=2,
    )
    grid = page.add_gridspec(deep, across)
    reach = changes.reach(genes[["x", "y"]].abs().max(axis=1), genes["capped"], 0.5, 1.15)
    axes = [page.add_subplot(grid[place // across, place % across]) for place in range(len(panels))]
    for ax, (other, part) in zip(axes, panels.items(), strict=True):
        _panel(ax, part, reach, one, str(other), _numbers(found.loc[other]))
    settle(page)
    for ax, part in zip(axes, panels.values(), strict=True):
        label_points(
            ax, part[part["configured"]], "x", "y", avoid=part[part["change"] != changes.NOT_PASSING].head(400)
        )
    claim = {
        "question": f"{question['title']}: do genes change in other studies as they do in {plain(one)}?",
        "shows": " ".join(f"{plain(other)}: {_numbers(found.loc[other])}." for other in panels),
        "does_not_show": f"{NO_CAUSE} That sizes are alike: arrays compress them.",
        "n": patients(question),
        "caution": inputs.caution,
    }
    frame = genes.drop(columns=["label", "question", "discovery"]).reset_index(drop=True)
    return Figure(f"agreement_{question['id']}{f'_{name}' if name else ''}", page, frame, claim)


def _placed(block: pd.DataFrame) -> pd.DataFrame:
    """Add class, label and where each gene is drawn."""
    upward = (block["x"] > 0).to_numpy()
    called = block["called"].to_numpy(bool)
    limit = changes.cap(block[["x", "y"]].abs().max(axis=1).to_numpy(float), 2.0)
    return block.assign(
        change=np.where(called, np.where(upward, changes.UP, changes.DOWN), changes.NOT_PASSING),
        label=block["gene_symbol"],
        capped=(block["x"].abs() > limit) | (block["y"].abs() > limit),
        x=block["x"].clip(-limit, limit),
        y=block["y"].clip(-limit, limit),
    )


def _numbers(row: pd.Series) -> str:
    if not row["n_genes"]:
        return "none of them called in the discovery"
    rho = "" if pd.isna(row["rho"]) else f", rho {row['rho']:.2f}".replace("-", "−")
    same = f"{row['n_same_sign']:,} of {row['n_genes']:,} called genes with the same sign{rho}"
    return (
        same
        if pd.isna(row["p_value"])
        else f"{same}; p {small(row['p_value'])} (smallest possible {small(row['floor'])})"
    )


def _key(inputs: BoardInputs, genes: pd.DataFrame) -> list[Any]:
    level = f"FDR < {percent(inputs.facts['alpha'])} in the discovery"
    handles = [
        key_dot(f"{level}, positive there", HIGHER, ms=3.5),
        key_dot(f"{level}, negative there", LOWER, ms=3.5),
        key_dot("other genes tested in both", PALE, ms=3.5),
        key_dot("named in the configuration", face="none"),
    ]
    return handles + changes.capped_key(genes)


def _panel(ax: Axes, genes: pd.DataFrame, reach: float, one: str, other: str, numbers: str) -> None:
    changes.scatter(ax, genes, "x", "y")
    ax.axline((0, 0), slope=1, color=QUIET, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
    ax.axhline(0, color=PALE, linewidth=0.5, zorder=0)
    ax.axvline(0, color=PALE, linewidth=0.5, zorder=0)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set_xlabel(wrapped(f"log2, discovery: {plain(one)}", 46))
    ax.set_ylabel(wrapped(f"log2, replication: {plain(other)}", 46))
    ax.set_title(wrapped(f"{plain(other)}: {len(genes):,} genes; {numbers}", 50, SIZE_SMALL), fontsize=SIZE_SMALL)


FAMILY = Family(
    "agreement",
    "changes of shared genes, discovery against replication",
    draw,
    kind="scatter plot of genes",
    reads=("agreement.tsv",),
    made="mean of the patients' own changes of every gene both studies tested",
    fdr="genes called in the discovery: Benjamini-Hochberg within its question",
)
