"""Every configured gene and declared set over studies: discovery apart, replication studies, and their summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.board import NO_CAUSE, heading, patients, sign
from dermshift.figures.evidence_base import dress, interval, key_dot, key_line, stacked, tall, words_beside
from dermshift.figures.page import new_page, settle
from dermshift.figures.style import DOUBLE, INK, QUIET, SIZE_SMALL, paper
from dermshift.figures.words import plain, signed
from dermshift.figures.wrapping import shorten
from dermshift.palette import BLUE, ORANGE
from dermshift.replication_names import DISCOVERY, GENE, REPLICATION, SET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

    from dermshift.figures.board import BoardInputs

MOST_ITEMS = 8
"""Genes or sets on one page."""
WIDEST = 20.0
"""Width of a study's label, mm."""
POOLED = "pooled"
TITLES = {GENE: "genes named in the configuration", SET: "declared gene sets"}
COLUMNS = [
    "item", "role", "study", "platform", "status", "estimate", "ci_lower", "ci_upper", "pi_lower", "pi_upper", "words",
    "verdict", "line",
]  # fmt: skip
OWN = "Plain paired t of the patients' own changes, no other gene enters; a set is the mean change of its tested genes."
POOLING = " ".join(
    (
        "Pooled: random effects over replication studies of one kind of measurement (Paule-Mandel; Hartung-Knapp",
        "interval with k − 1 degrees of freedom). The discovery never enters: its estimate was chosen, and chosen",
        "estimates are too large on average.",
    )
)


def draw(inputs: BoardInputs) -> Iterator[Figure]:
    """Draw genes and sets of every question, a page for every `MOST_ITEMS` of them."""
    for question in inputs.questions:
        for kind in (GENE, SET):
            rows = rows_of(inputs, question["id"], kind)
            items = list(dict.fromkeys(rows["item"]))
            for start in range(0, len(items), MOST_ITEMS):
                page = rows[rows["item"].isin(items[start : start + MOST_ITEMS])]
                with paper():
                    yield _figure(inputs, question, kind, page, start // MOST_ITEMS)


def rows_of(inputs: BoardInputs, question: str, kind: str) -> pd.DataFrame:
    """Return one row per item and study, and per item and summary, in the order they are drawn."""
    table, name = ("genes", "gene_symbol") if kind == GENE else ("sets", "set_name")
    own = inputs.tables[table]
    own = own[own["question"] == question].rename(columns={name: "item"})
    if kind == GENE:
        own = own[own["stands"] == "yes"]
    pooled = inputs.tables["meta"]
    pooled = pooled[(pooled["question"] == question) & (pooled["kind"] == kind) & (pooled["k"] > 1)]
    pooled = pooled.assign(role=POOLED, status="estimated", study=[f"pooled, {k} studies" for k in pooled["k"]])
    both = pd.concat([own, pooled], ignore_index=True).reindex(columns=COLUMNS[:-3])
    place = {role: number for number, role in enumerate((DISCOVERY, REPLICATION, POOLED))}
    both = both.assign(at=both["role"].map(place)).sort_values(["item", "at", "study"], kind="stable")
    verdicts = inputs.tables["verdicts"]
    verdicts = verdicts[(verdicts["question"] == question) & (verdicts["kind"] == kind)]
    known = verdicts.drop_duplicates(["item", "replication"]).set_index(["item", "replication"])["verdict"]
    said = [known.get((row["item"], row["study"]), "") for row in both.to_dict("records")]
    return both.drop(columns="at").assign(verdict=said, words=[_numbers(row) for row in both.to_dict("records")])


def _numbers(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["ci_lower"]):
        return str(row["status"])
    lower, upper = (f"{row[end]:.2f}".replace("-", "−") for end in ("ci_lower", "ci_upper"))
    return f"{signed(row['estimate'])} [{lower}, {upper}]"


def _figure(inputs: BoardInputs, question: Mapping[str, Any], kind: str, found: pd.DataFrame, number: int) -> Figure:
    rows, headings = stacked(
        found.assign(name=[_name(row) for row in found.to_dict("records")]),
        {item: plain(item) for item in dict.fromkeys(found["item"])},
        "item",
    )
    page = new_page(
        DOUBLE,
        tall(rows),
        title=f"{heading(question)}, over studies: {TITLES[kind]}",
        lines=[patients(question)],
        notes=[OWN, POOLING, f"{sign(question)} {inputs.caution}"],
        synthetic=bool(inputs.facts["synthetic"]),
        key=_key(rows),
        key_columns=5,
    )
    grid = page.add_gridspec(1, 2, width_ratios=[0.72, 1.28])
    left, right = page.add_subplot(grid[0]), page.add_subplot(grid[1])
    _panel(left, rows)
    dress(left, rows, headings, width=36.0)
    left.set_xlabel("Difference (log2)" if question["kind"] == "difference" else "log2 fold change")
    shown = {"words": ("Estimate [95 % CI]", 29.0), "verdict": ("Beside the discovery", 67.0)}
    words_beside(right, rows, shown, left)
    settle(page)
    claim = {
        "question": f"{question['title']}: do other studies show what the discovery shows?",
        "shows": shows(found),
        "does_not_show": NO_CAUSE,
        "n": patients(question),
        "caution": f"With few studies a summary says little; look at the studies. {inputs.caution}",
    }
    again = f"_{number + 1}" if number else ""
    return Figure(f"forest_{kind}s_{question['id']}{again}", page, rows[COLUMNS], claim)


def _name(row: Mapping[Any, Any]) -> str:
    if row["role"] == POOLED:
        return str(row["study"])
    return f"{shorten(plain(row['study']), WIDEST, SIZE_SMALL)} ({row['role']})"  # the role is never cut


def _key(rows: pd.DataFrame) -> list[Any]:
    """Return the legend of what is drawn on this page."""
    roles = set(rows["role"])
    handles = [key_dot("discovery, 95 % CI", ORANGE, "s")] * (DISCOVERY in roles)
    handles += [key_dot("replication, 95 % CI", BLUE)] * (REPLICATION in roles)
    handles += [key_dot("pooled replication, 95 % CI", INK, "D")] * (POOLED in roles)
    if rows["pi_lower"].notna().any():
        handles.append(key_line("prediction interval of a further study", color=QUIET, linestyle=(0, (1, 1))))
    reach = _reach(rows)
    if (rows["ci_lower"] < -reach).any() or (rows["ci_upper"] > reach).any():
        handles.append(key_line("passes the edge", color=QUIET, linestyle="none", marker=">", ms=4))
    return handles


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    reach = _reach(rows)
    ax.set_xlim(-reach, reach)
    for row in rows.to_dict("records"):
        line = row["line"]
        if row["role"] == DISCOVERY:
            ax.axhspan(line - 0.5, line + 0.5, color=ORANGE, alpha=0.12, linewidth=0, zorder=-1)
        if pd.notna(row["pi_lower"]):
            ax.plot([row["pi_lower"], row["pi_upper"]], [line, line], color=QUIET, linestyle=(0, (1, 1)), zorder=1)
        colour, marker = {DISCOVERY: (ORANGE, "s"), REPLICATION: (BLUE, "o")}.get(row["role"], (INK, "D"))
        interval(ax, row, line, colour, marker)
        _edges(ax, row, reach, colour)


def _reach(rows: pd.DataFrame) -> float:
    """Return the end of the axis: every study fits, of a summary the estimate."""
    own = rows[rows["role"] != POOLED][["ci_lower", "ci_upper"]].abs().max().max()
    pooled = rows[rows["role"] == POOLED]["estimate"].abs().max()
    known = [float(value) for value in (own, pooled) if pd.notna(value)]
    return 1.12 * max([*known, 0.5])


def _edges(ax: Axes, row: Mapping[Any, Any], reach: float, colour: str) -> None:
    """Mark an interval that passes an end of the axis."""
    inside = 0.985 * reach
    if row["ci_lower"] < -reach:
        ax.plot(-inside, row["line"], marker="<", ms=4, color=colour, zorder=4)
    if row["ci_upper"] > reach:
        ax.plot(inside, row["line"], marker=">", ms=4, color=colour, zorder=4)


def shows(found: pd.DataFrame) -> str:
    """Return one sentence: the verdicts of every item."""
    said = [f"{plain(item)}: {_verdicts(block)}" for item, block in found.groupby("item", sort=False)]
    return f"{'; '.join(said)}."


def _verdicts(block: pd.DataFrame) -> str:
    rows: Sequence[Any] = block[block["role"] == REPLICATION].to_dict("records")
    told = [f"{plain(row['study'])} {row['verdict'] or row['status']}" for row in rows]
    return ", ".join(told) or "no replication study"


FAMILY = Family(
    "forest",
    "estimates over studies, discovery apart, with the summary of the replication studies",
    draw,
    kind="forest plot",
    reads=("genes.tsv", "sets.tsv", "meta.tsv", "verdicts.tsv"),
    made="plain paired t per study; random effects over replication studies (Paule-Mandel, Hartung-Knapp)",
    packages=("statsmodels", "scipy"),
    fdr="none: items named in advance, intervals are not adjusted",
)
