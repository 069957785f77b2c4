"""Scores of what a sample is made of, before and after, in every patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import heading, key_line
from dermshift.figures.page import new_page, settle
from dermshift.figures.samples import courses, time_names
from dermshift.figures.style import DOUBLE, INK, SIZE_NOTE, SIZE_SMALL, paper
from dermshift.figures.words import caution, change, everyone, not_cause, plain, signed
from dermshift.figures.wrapping import shorten, wrapped
from dermshift.names import SEX
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

WIDE, HIGH = 44.0, 33.0
COLUMNS = ["score", "compartment", "patient", "sex", "before", "after"]


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure of all scores, where there are any."""
    if len(inputs.evidence.scores) and inputs.evidence.scores["value"].notna().any():
        with paper():
            yield _figure(inputs)


def frame_of(inputs: FigureInputs) -> pd.DataFrame:
    """Return one row per score and pair."""
    wide = inputs.evidence.scores.pivot_table(index="sample", columns="score", values="value")
    sheet = inputs.study.sheet
    rows = [
        (
            score,
            place,
            patient,
            str(sheet.loc[visits[0], SEX]) if SEX in sheet else "",
            *(wide[score].get(sample) for sample in visits),
        )
        for score in dict.fromkeys(inputs.evidence.scores["score"])
        for patient, place, visits in courses(inputs.study)
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *inputs.study.timepoints.further])


def _figure(inputs: FigureInputs) -> Figure:
    frame = frame_of(inputs)
    scores, places = list(dict.fromkeys(frame["score"])), sorted(frame["compartment"].unique())
    sexes = inputs.study.levels(SEX) or [""]
    palette = colours(sexes, sexes=True) if sexes != [""] else {"": INK}
    counted = inputs.evidence.scores.drop_duplicates("score")
    found = [f"{plain(r.score).lower()} {r.n_found} of {r.n_genes}" for r in counted.itertuples()]
    page = new_page(
        min(DOUBLE, max(89.0, 22 + WIDE * len(places))),
        HIGH * len(scores) + 6,
        title=f"What the samples are made of: {change(inputs)}",
        lines=[everyone(inputs)],
        notes=[
            " ".join(
                (
                    f"Score: mean log2 value of a set's genes (found: {'; '.join(found)}). Scores compare samples",
                    "of one compartment; they are no percentages of cells. Above each panel: mean change of the",
                    "pairs.",
                )
            ),
            caution(inputs),
        ],
        synthetic=inputs.study.synthetic,
        key=[key_line(plain(sex), color=palette[sex], marker="o", ms=3.5, linewidth=0.9) for sex in sexes if sex],
    )
    axes = page.subplots(len(scores), len(places), squeeze=False, sharex=True)
    for row, score in enumerate(scores):
        for column, place in enumerate(places):
            part = frame[(frame["score"] == score) & (frame["compartment"] == place)]
            _panel(axes[row, column], part, palette, ["before", "after", *inputs.study.timepoints.further])
            mean = signed(float((part["after"] - part["before"]).mean()))
            title = f"{plain(place)}: {mean}" if place else mean
            heading(axes[row, column], title, WIDE - 6)
        axes[row, 0].set_ylabel(wrapped(f"{plain(score).lower()} (log2)", HIGH - 8, SIZE_NOTE), fontsize=SIZE_NOTE)
    times = time_names(inputs.study)
    for ax in axes[-1]:
        ax.set_xticks(range(len(times)), [shorten(time, 40 / len(times), SIZE_SMALL) for time in times])
    settle(page, align=True)
    claim = {
        "question": "Does what the samples are made of change between the visits?",
        "shows": shows(frame),
        "does_not_show": f"{not_cause(inputs)} Whether cells left or their transcripts changed.",
        "n": everyone(inputs),
        "caution": f"A score is measured in the same samples as the genes beside it. {caution(inputs)}",
    }
    return Figure("scores", page, frame, claim)


def _panel(ax: Axes, part: pd.DataFrame, palette: dict[str, str], visits: list[str]) -> None:
    places = range(len(visits))
    for row in part.to_dict("records"):
        colour, levels = palette.get(row["sex"], INK), [row[visit] for visit in visits]
        ax.plot(places, levels, color=colour, linewidth=0.8, alpha=0.75, zorder=2)
        for x, y in enumerate(levels):
            ax.plot(x, y, marker="o", ms=3, mfc=colour if x else "white", mec=colour, mew=0.8, zorder=3)
    ax.plot(places, [part[visit].mean() for visit in visits], color="black", linewidth=1.8, zorder=4)
    ax.set_xlim(-0.25, len(visits) - 0.75)
    ax.margins(y=0.12)
    ax.locator_params(axis="y", nbins=4)


def shows(frame: pd.DataFrame) -> str:
    """Return the mean change of every score, and in how many pairs it rises."""
    parts = []
    for score, part in frame.groupby("score", sort=False):
        change_ = part["after"] - part["before"]
        up = f"higher in {(change_ > 0).sum()} of {change_.notna().sum()} pairs"
        parts.append(f"{plain(score).lower()} {signed(float(change_.mean()))} log2 ({up})")
    return f"Mean change: {'; '.join(parts)}."


FAMILY = Family(
    "scores",
    "scores of what the samples are made of",
    draw,
    kind="slope chart, one line per patient",
    reads=("evidence/scores.tsv",),
    made="mean log2 value of the genes of a set, per sample",
    of_samples=True,
)
