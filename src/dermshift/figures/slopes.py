"""Slopes: one gene in every patient, from before to after, by sex and compartment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.estimates import cell_estimate, estimated, overall_estimates, row_estimates, sex_estimate
from dermshift.figures.evidence_base import slugs
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.samples import courses, time_names
from dermshift.figures.style import DOUBLE, INK, QUIET, SINGLE, SIZE_NOTE, SIZE_SMALL, SIZE_TEXT, paper
from dermshift.figures.words import ASIDE, NO_FDR, caution, change, not_cause, plain, signed
from dermshift.figures.wrapping import shorten, wrapped
from dermshift.names import COMPARTMENT, GENE_ID, SET_ASIDE, SEX, TESTED
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

COLUMNS = ["patient", "sex", "compartment", "before", "after", "log2_difference"]


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure per configured gene."""
    names = slugs(inputs)
    for gene, label in inputs.genes.items():
        with paper():
            yield _slopes(inputs, gene, label, names[gene])


def _frame(inputs: FigureInputs, gene: str) -> pd.DataFrame:
    """Return one row per pair: patient, sex, compartment, log2 level before, after and at any further visit."""
    further = list(inputs.study.timepoints.further)
    if gene not in inputs.expression:
        return pd.DataFrame(columns=[*COLUMNS, *further])
    level, sheet = inputs.expression[gene], inputs.study.sheet
    rows = [
        (patient, str(sheet[SEX].get(visits[0])) if SEX in sheet else "", place, *map(level.get, visits))
        for patient, place, visits in courses(inputs.study)
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS[:-1], *further])
    return frame.assign(log2_difference=frame["after"] - frame["before"])


def _levels(frame: pd.DataFrame, column: str) -> list[str]:
    return sorted(frame[column].unique()) or [""]


def _slopes(inputs: FigureInputs, gene: str, label: str, slug: str) -> Figure:
    frame = _frame(inputs, gene)
    sexes, places = _levels(frame, SEX), _levels(frame, COMPARTMENT)
    width = SINGLE if len(sexes) == 1 and len(places) == 1 else (DOUBLE if len(sexes) > 2 else 150.0)
    n = f"n = {frame['patient'].nunique()} patients, {len(frame)} pairs"
    page = new_page(
        width,
        14 + (38 if len(places) < 5 else 32) * len(places),
        title=f"{label} in every patient: {change(inputs)}",
        lines=[n, *overall_estimates(inputs, gene)],
        notes=[
            f"Thin: one patient. Thick black: median. Positive = higher at {plain(inputs.study.timepoints.after)}.",
            "Estimates: log2 fold change of the model with 95 % CI, not the medians. FDR: over all genes.",
            caution(inputs),
            *_untested(inputs, gene, label),
        ],
        synthetic=inputs.study.synthetic,
    )
    if len(frame):
        _panels(page.subplots(len(places), len(sexes), sharey=True, squeeze=False), frame, inputs, gene)
    else:
        say(page.add_subplot(), f"{label} is not in the matrix.")
    settle(page)
    claim = {
        "question": f"How does {label} change in each patient, in each sex and compartment?",
        "shows": _shows(frame, label, inputs),
        "does_not_show": f"{not_cause(inputs)} A difference between panels: its own estimate with interval shows that.",
        "n": n,
        "caution": caution(inputs),
    }
    return Figure(f"slopes_{slug}", page, frame, claim, estimated(inputs, gene))


def _untested(inputs: FigureInputs, gene: str, label: str) -> list[str]:
    tables = [inputs.tables[card["id"]] for card in inputs.answered]
    found = [str(table.loc[table[GENE_ID] == gene, "status"].max()) for table in tables]
    if SET_ASIDE in found:
        return [f"{label}: {NO_FDR}: {ASIDE}."]
    tested = [status == TESTED for status in found]
    if all(tested):
        return []
    which = "any question" if not any(tested) else f"{tested.count(False)} of {len(tested)} questions"
    return [f"{label}: below the detection limit of the filter or not estimable, so not tested in {which}."]


def _shows(frame: pd.DataFrame, label: str, inputs: FigureInputs) -> str:
    if not len(frame):
        return f"{label} is not in the matrix."
    up = int((frame["log2_difference"] > 0).sum())
    median = signed(float(frame["log2_difference"].median()))
    after = plain(inputs.study.timepoints.after)
    return f"{label} is higher at {after} in {up} of {len(frame)} pairs; median difference {median} log2."


def _panels(axes: np.ndarray, frame: pd.DataFrame, inputs: FigureInputs, gene: str) -> None:
    sexes, places = _levels(frame, SEX), _levels(frame, COMPARTMENT)
    palette = colours(sexes, sexes=True) if sexes != [""] else {"": INK}
    for row, place in enumerate(places):
        for column, sex in enumerate(sexes):
            ax = axes[row, column]
            part = frame[(frame[SEX] == sex) & (frame[COMPARTMENT] == place)]
            _panel(ax, part, palette[sex], inputs)
            _heading(ax, [f"n = {len(part)}", *cell_estimate(inputs, gene, sex, place)])
            if row == 0 and sex:
                over = sex_estimate(inputs, gene, sex) if len(places) > 1 else []
                _above(ax, shorten(plain(sex), 40, SIZE_TEXT), over, palette[sex])
        _name_row(axes[row, 0], place, inputs.unit)
        beside = row_estimates(inputs, gene, place) if place and sexes != [""] else []
        if beside:
            text = "\n".join(wrapped(line, 38, SIZE_NOTE) for line in beside)
            axes[row, -1].annotate(
                text, (1.05, 0.5), xycoords="axes fraction", va="center", fontsize=SIZE_NOTE, color=INK
            )


def _panel(ax: Axes, part: pd.DataFrame, colour: str, inputs: FigureInputs) -> None:
    import seaborn as sns

    if len(part):
        visits = ["before", "after", *inputs.study.timepoints.further]
        ends = part.melt("patient", visits, var_name="time", value_name="level").dropna(subset="level")
        ends["time"] = ends["time"].map({name: place for place, name in enumerate(visits)})
        shown: dict[str, Any] = {"data": ends, "x": "time", "y": "level", "ax": ax}
        sns.lineplot(units="patient", estimator=None, color=colour, linewidth=0.9, alpha=0.75, zorder=2, **shown)
        dots = {"facecolor": np.where(ends["time"] > 0, colour, "white"), "edgecolor": colour}
        sns.scatterplot(s=11, linewidth=0.9, zorder=3, **dots, **shown)
        sns.lineplot(estimator="median", errorbar=None, color="black", linewidth=1.8, zorder=4, **shown)
    times = time_names(inputs.study)
    ax.set_xticks(range(len(times)), [wrapped(time, 48 / len(times), SIZE_SMALL) for time in times])
    ax.set(xlim=(-0.25, len(times) - 0.75), xlabel="", ylabel="")
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.6)


def _heading(ax: Axes, lines: list[str]) -> None:
    ax.set_title("\n".join(lines), fontsize=SIZE_NOTE, color=INK, pad=3, linespacing=1.25)


def _above(ax: Axes, sex: str, lines: list[str], colour: str) -> None:
    """Name the column above the heading of its first panel."""
    text = "\n".join(lines)
    ax.annotate(text, (0, 1), xytext=(0, 24), xycoords="axes fraction", textcoords="offset points", fontsize=SIZE_NOTE)
    up = 24 + 8.5 * len(lines)
    ax.annotate(
        sex,
        (0, 1),
        xytext=(0, up),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=SIZE_TEXT,
        fontweight="bold",
        color=colour,
    )


def _name_row(ax: Axes, place: str, unit: str) -> None:
    ax.set_ylabel(unit)
    if place:
        ax.annotate(
            wrapped(plain(place), 34, SIZE_TEXT, weight="bold"),
            (0, 0.5),
            xytext=(-32, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            rotation=90,
            ha="right",
            va="center",
            multialignment="center",
            fontweight="bold",
            color=QUIET,
        )


FAMILY = Family(
    "slopes",
    "a configured gene in every patient, by sex and compartment",
    draw,
    kind="slope chart, one line per patient",
    reads=("tables/QUESTION.tsv", "study.h5ad"),
    made="log2 values of each patient's own samples, with the estimates of the questions' tables",
    model=True,
    of_samples=True,
)
