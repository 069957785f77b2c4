"""Dossier: all that is known of one named gene on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_tables import main_cards
from dermshift.figures import dossier_parts as parts
from dermshift.figures import evidence_base
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import ROW, key_line, slugs
from dermshift.figures.left_out import BAND
from dermshift.figures.page import new_page, settle
from dermshift.figures.style import DOUBLE, INK, paper
from dermshift.figures.words import caution, change, everyone, not_cause, plain, signed, small
from dermshift.names import COMPARTMENT, SEX
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.figures.base import FigureInputs

SLOPES, FOOT = 40.0, 46.0


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one page per dossier."""
    known = slugs(inputs)
    for dossier in inputs.evidence.dossiers.values():
        if dossier["gene_id"] in known:
            with paper():
                yield _figure(inputs, dossier, known[dossier["gene_id"]])


def _figure(inputs: FigureInputs, dossier: parts.Dossier, slug: str) -> Figure:
    label = inputs.genes[dossier["gene_id"]]
    pairs, rows = parts.slope_frame(dossier, inputs), parts.question_frame(dossier)
    rows = rows.assign(line=range(1, len(rows) + 1))
    main = [card["id"] for card in main_cards(inputs.answered)]
    middle = 12 + ROW * (len(rows) + 2)
    foot = FOOT + ROW * max(0, len(dossier["sources"]) * (len(main) + 1) - 8)
    page = new_page(
        DOUBLE,
        SLOPES + middle + foot,
        title=f"{label}: {change(inputs)}",
        lines=[everyone(inputs), shows(rows, label)],
        notes=[
            " ".join(
                (
                    "Estimates, intervals and the first p: plain t of the patients' own changes; no other gene",
                    f"enters. Flips: exact p over all patterns, never below its floor ({floors(rows)}). Model:",
                    "from the genome-wide table, which understates the error of a gene far more variable than",
                    "others of its level.",
                )
            ),
            " ".join(
                (
                    f"Positive = higher at {plain(inputs.study.timepoints.after)}; a difference is the first level",
                    f"minus the second. Receptors: {main_title(rows, main)}. {caution(inputs)}",
                )
            ),
            *evidence_base.reasons(rows["badge"]),
            "Association only: both changes follow the same visit. The gene was named because of data like these.",
        ],
        synthetic=inputs.study.synthetic,
        key=_key(inputs),
        key_columns=6,
    )
    frames = _panels(page, inputs, dossier, pairs, rows, main, (SLOPES, middle, foot))
    settle(page)
    claim = {
        "question": f"What do these patients show of {label}?",
        "shows": shows(rows, label),
        "does_not_show": f"{not_cause(inputs)} Which cells the transcripts come from; protein; benefit or harm.",
        "n": everyone(inputs),
        "caution": f"Named because of data like these: a small p is no independent support. {caution(inputs)}",
    }
    return Figure(f"dossier_{slug}", page, frames, claim, tuple(dict.fromkeys(rows["question"])))


def _panels(
    page: Any, inputs: FigureInputs, dossier: parts.Dossier, pairs: pd.DataFrame, rows: pd.DataFrame, main: list[str],
    heights: tuple[float, float, float],
) -> pd.DataFrame:  # fmt: skip
    """Draw everything and return it as one frame, ``panel`` tells what a row is of."""
    outer = page.add_gridspec(3, 1, height_ratios=heights)
    places = max(1, pairs[COMPARTMENT].nunique())
    top = outer[0].subgridspec(1, max(places, 2))
    first = page.add_subplot(top[0, 0])
    axes = [first, *(page.add_subplot(top[0, k], sharey=first) for k in range(1, places))]
    parts.slopes(axes, pairs, inputs)
    centre = outer[1].subgridspec(1, 2, width_ratios=[0.95, 1])
    parts.questions(page.add_subplot(centre[0, 0]), page.add_subplot(centre[0, 1]), rows)
    foot = outer[2].subgridspec(1, 3, width_ratios=[1.2, 0.8, 0.9])
    panel = parts.sources(page.add_subplot(foot[0, 0]), dossier, main)
    dots = parts.association(page.add_subplot(foot[0, 1]), dossier, inputs)
    parts.receptors(page.add_subplot(foot[0, 2]), dossier, main[0] if main else "")
    named = {"slopes": pairs, "questions": rows, "sources": panel, "association": dots}
    return pd.concat([frame.assign(drawn=name) for name, frame in named.items() if len(frame)], ignore_index=True)


def _key(inputs: FigureInputs) -> list[Any]:
    sexes = inputs.study.levels(SEX)
    palette = colours(sexes, sexes=True)
    handles = [key_line(plain(sex), color=palette[sex], marker="o", ms=3.4, linewidth=1) for sex in sexes]
    return [
        *handles,
        key_line("change", color=INK, marker="o", ms=4, linewidth=1),
        key_line("difference", color=INK, marker="D", mfc="white", ms=3.6, linewidth=1),
        key_line("range without one patient", **BAND),
    ]


def floors(rows: pd.DataFrame) -> str:
    """Return the floors of the flip p-values."""
    return (
        ", ".join(small(value) for value in sorted(rows.loc[rows["p_sign_flip"].notna(), "floor"].dropna().unique()))
        or "none"
    )


def main_title(rows: pd.DataFrame, main: list[str]) -> str:
    """Return the title of the first main question."""
    titles = rows.set_index("question")["name"]
    return str(titles[main[0]]) if main else ""


def shows(rows: pd.DataFrame, label: str) -> str:
    """Return the first question's estimate with its p-values in their order, and its badge."""
    known = rows[rows["ci_lower"].notna()]
    if not len(known):
        return f"{label}: no question can be answered."
    row = known.iloc[0]
    ends = f"{row['ci_lower']:.2f} to {row['ci_upper']:.2f}".replace("-", "−")
    p = f"p {small(row['p_paired_t'])} (plain t), {small(row['p_sign_flip'])} (flips), {small(row['p_engine'])} (model)"
    return f"{label}, {row['name']}: {signed(row['estimate'])} log2, 95 % CI {ends}, {p}; {row['badge']}."


FAMILY = Family(
    "dossier",
    "everything of a configured gene",
    draw,
    kind="page of plots",
    reads=("dossier/GENE.json", "study.h5ad"),
    made="plain t, exact flips and refits of the patients' own changes, beside the p-value of the model",
    model=True,
    fdr="none: one gene named in advance; the model's p-values are not adjusted here",
)
