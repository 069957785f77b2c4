"""Each change beside its value at a constant score of what the sample is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_names import CONFIGURED, SET, TOP
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import (
    GROUPS,
    MOST_TOP,
    dress,
    intervals,
    judged,
    key_line,
    stacked,
    tall,
    words_beside,
)
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, INK, paper
from dermshift.figures.words import caution, headline, not_cause, patients, plain, sign, signed
from dermshift.palette import ORANGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

AFTER_DRUG = (
    "The score is itself measured after the drug and may be part of the response: neither value replaces the other."
)
NUMBERS = ("estimate", "ci_lower", "ci_upper")
OFFSET = 0.2
COLUMNS = [
    "item", "label", "kind", "score", *NUMBERS, *(f"{name}_adjusted" for name in NUMBERS), "variance_factor",
    "correlation", "tracks", "note", "line",
]  # fmt: skip


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure per question in which a score was adjusted for."""
    for card, table in judged(inputs, inputs.evidence.adjusted):
        with paper():
            yield _figure(inputs, card, table)


def chosen(table: pd.DataFrame) -> pd.DataFrame:
    """Return the configured genes, the declared sets and the first top genes, with ``name`` and ``said``."""
    parts = [
        table[table["kind"] == CONFIGURED],
        table[table["kind"] == SET],
        table[table["kind"] == TOP].head(MOST_TOP),
    ]
    found = pd.concat(parts, ignore_index=True)
    names = [plain(label) for label in found["label"]]
    along = ["NA" if pd.isna(r) else f"{r:.2f}".replace("-", "−") for r in found["correlation"]]
    return found.assign(name=names, along=along, said=[remark(row) for row in found.to_dict("records")])


def remark(row: dict[Any, Any]) -> str:
    """Return what stands beside a row: why there is no adjusted value, or what the item goes along with."""
    said = [str(row[name]) for name in ("note", "tracks") if pd.notna(row[name]) and str(row[name])]
    return "; ".join(said)


def _figure(inputs: FigureInputs, card: Card, table: pd.DataFrame) -> Figure:
    rows, headings = stacked(chosen(table), GROUPS)
    score = plain(str(table["score"].iloc[0])).lower()
    factors = table["variance_factor"].dropna()
    factor = float(factors.median()) if len(factors) else float("nan")
    page = new_page(
        DOUBLE,
        tall(rows),
        title=f"{headline(card)}, beside the {score} score",
        lines=[patients(card)],
        notes=[
            " ".join(
                (
                    f"Both by the patients' own changes (plain t). Adjusted: the change of a patient whose {score}",
                    "score stayed the same. Tracks: correlation with the change of the score of 0.8 or more,",
                    "either sign.",
                )
            ),
            f"Not separable: adjusting would multiply the variance by more than 10. {AFTER_DRUG}",
            f"{sign(card)} {caution(inputs)}",
        ],
        synthetic=inputs.study.synthetic,
        key=[
            key_line("unadjusted, 95 % CI", color=INK, marker="o", ms=4, linewidth=1),
            key_line(f"at constant {score} score", color=ORANGE, marker="D", ms=3.6, linewidth=1),
        ],
    )
    if len(rows):
        remarks = {"said": ("Remark", 48.0)} if rows["said"].any() else {}
        grid = page.add_gridspec(1, 2, width_ratios=[1, 0.75 if remarks else 0.15])
        left, right = page.add_subplot(grid[0]), page.add_subplot(grid[1])
        _panel(left, rows)
        dress(left, rows, headings)
        left.set_xlabel("Difference (log2)" if card["kind"] == "difference" else "log2 fold change")
        words_beside(right, rows, {"along": ("r with score", 18.0)} | remarks, left)
    else:
        say(page.add_subplot(), "No item was judged.")
    settle(page)
    claim = {
        "question": f"{card['title']}: what is left of a change at a constant {score} score?",
        "shows": shows(rows, score, factor),
        "does_not_show": f"{not_cause(inputs)} Cell percentages: a score is a mean of log2 values.",
        "n": patients(card),
        "caution": f"{AFTER_DRUG} {caution(inputs)}",
    }
    return Figure(f"composition_{card['id']}", page, rows[COLUMNS], claim, (card["id"],))


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    intervals(ax, rows.assign(line=rows["line"] - OFFSET), INK)
    adjusted = {name: rows[f"{name}_adjusted"] for name in NUMBERS}
    intervals(ax, rows.assign(line=rows["line"] + OFFSET, **adjusted), ORANGE, "D", ms=3.4)


def shows(rows: pd.DataFrame, score: str, factor: float) -> str:
    """Return one sentence: both values of the configured genes, how many items go along, what adjusting costs."""
    parts = [
        f"{row['name']} {signed(row['estimate'])} log2 unadjusted, "
        + (f"{signed(row['estimate_adjusted'])} adjusted" if pd.notna(row["estimate_adjusted"]) else str(row["said"]))
        for row in rows[rows["kind"] == CONFIGURED].to_dict("records")
        if pd.notna(row["estimate"])
    ]
    along = int((rows["correlation"].abs() >= 0.8).sum())
    parts.append(f"{along} of {len(rows)} items go along with the {score} score")
    if pd.notna(factor):
        parts.append(f"adjusting multiplies the variance by {factor:.1f}")
    return f"{'; '.join(parts)}."


FAMILY = Family(
    "composition",
    "changes at a constant score, per question",
    draw,
    kind="forest plot",
    reads=("evidence/QUESTION.adjusted.tsv",),
    made="plain t of the patients' own changes, with and without the change of a score as covariate",
    fdr="none: p-values are not adjusted",
)
