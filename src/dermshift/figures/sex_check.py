"""Sex-linked genes against the recorded sex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.checks.sex_gap import INDETERMINATE, SEX_WORDS
from dermshift.figures.base import Family, Figure
from dermshift.figures.labels import label_points
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import PALE, QUIET, SINGLE, paper
from dermshift.figures.words import everyone, plain
from dermshift.figures.wrapping import wrapped
from dermshift.names import SEX
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import FigureInputs
    from dermshift.study import Scale


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the check, where the levels of sex-linked genes were read."""
    if "sex_gene_levels" in inputs.quality:
        with paper():
            yield _check(inputs)


def _check(inputs: FigureInputs) -> Figure:
    levels = inputs.quality["sex_gene_levels"]
    sexes = sorted(levels["gene_sex"].unique())
    frame = _frame(levels, sexes, inputs) if len(sexes) == 2 else pd.DataFrame()
    page = new_page(
        SINGLE,
        72,
        title="Sex-linked genes and recorded sex",
        lines=[everyone(inputs)],
        notes=[
            _limits_note(levels, inputs.study.scale),
            "An expression pattern is not a recorded sex; labels are never changed by it.",
        ],
        synthetic=inputs.study.synthetic,
        key=_key(frame, inputs) if len(frame) else (),
    )
    ax = page.add_subplot()
    if len(frame):
        _panel(ax, frame, levels, sexes, inputs)
        settle(page)
        label_points(ax, frame[frame["label"] != ""], "x", "y", avoid=frame, italic=False)
    else:
        say(ax, "The matrix lacks the sex-linked genes of one sex: no check is possible.")
    claim = {
        "question": "Does the expression of sex-linked genes fit the recorded sex of every sample?",
        "shows": _shows(frame),
        "does_not_show": "Which label is wrong where the two disagree: a swapped sample looks the same.",
        "n": everyone(inputs),
        "caution": "Low expression or mixed tissue leaves a sample indeterminate.",
    }
    return Figure("sex_check", page, frame, claim)


def _frame(levels: pd.DataFrame, sexes: list[str], inputs: FigureInputs) -> pd.DataFrame:
    """One row per sample: mean level of the genes of each sex, the pattern, and how it fits the sheet."""
    means = levels.pivot_table(index="sample", columns="gene_sex", values="log2_level", observed=True)
    frame = pd.DataFrame({"x": means[sexes[0]], "y": means[sexes[1]]}).reindex(inputs.study.sheet.index)
    frame["pattern"] = levels.groupby("sample")["call"].first().reindex(frame.index)
    frame["recorded"] = inputs.study.sheet[SEX].astype(str) if SEX in inputs.study.sheet else ""
    said = frame["recorded"].str.strip().str.lower().map(SEX_WORDS)
    unsure = (frame["pattern"] == INDETERMINATE) | said.isna()
    wrong = ~unsure & (frame["pattern"] != said)
    frame["verdict"] = np.where(wrong, "discordant", np.where(unsure, INDETERMINATE, "concordant"))
    if SEX not in inputs.study.sheet:
        frame["verdict"] = "not recorded"
    frame["label"] = np.where(wrong, frame.index, "")
    frame["configured"] = wrong
    return frame.rename_axis("sample").reset_index()


def _shows(frame: pd.DataFrame) -> str:
    if not len(frame):
        return "Nothing: the sex-linked genes of one sex are not in the matrix."
    if (frame["verdict"] == "not recorded").all():
        found = ", ".join(f"{n} {name}" for name, n in frame["pattern"].value_counts().sort_index().items())
        return f"No sex is recorded; by expression: {found}."
    number = frame["verdict"].value_counts()
    names = ", ".join(frame.loc[frame["verdict"] == "discordant", "sample"])
    text = f"{number.get('concordant', 0)} concordant, {number.get('discordant', 0)} discordant, "
    return f"{text}{number.get(INDETERMINATE, 0)} indeterminate" + (f"; discordant: {names}." if names else ".")


def _limits_note(levels: pd.DataFrame, scale: Scale) -> str:
    if levels["log2_high"].isna().all():
        return "No limits, or samples that do not part into two sexes: patterns are shown, not judged."
    if scale == "log2":
        return "Dotted: half way between the two groups of samples; a call needs one sex above and the other below."
    return "Dotted: mean of the genes' upper limits; a sample is judged by the limits of every gene, not by these."


def _key(frame: pd.DataFrame, inputs: FigureInputs) -> list[Line2D]:
    from matplotlib.lines import Line2D

    palette = colours(inputs.study.levels(SEX), sexes=True)
    handles = []
    for recorded, number in frame["recorded"].value_counts().sort_index().items():
        name = plain(recorded) if recorded else "sex not recorded"
        colour = palette.get(str(recorded), PALE)
        handles.append(Line2D([], [], linestyle="none", marker="o", ms=4, color=colour, label=f"{name}: {number}"))
    ring: dict[str, Any] = {"linestyle": "none", "marker": "o", "ms": 6, "mfc": "none", "mec": "black"}
    wrong = int((frame["verdict"] == "discordant").sum())
    return [*handles, Line2D([], [], label=f"discordant: {wrong}", **ring)] if wrong else handles


def _panel(ax: Axes, frame: pd.DataFrame, levels: pd.DataFrame, sexes: list[str], inputs: FigureInputs) -> None:
    import seaborn as sns

    palette = {**dict.fromkeys(frame["recorded"], PALE), **colours(inputs.study.levels(SEX), sexes=True)}
    dots: dict[str, Any] = {"s": 16, "alpha": 0.85, "linewidth": 0, "legend": False}
    sns.scatterplot(frame, x="x", y="y", hue="recorded", palette=palette, ax=ax, **dots)
    wrong = frame[frame["verdict"] == "discordant"]
    if len(wrong):
        ax.scatter(wrong["x"], wrong["y"], s=48, facecolors="none", edgecolors="black", linewidths=0.9)
    high = levels.groupby("gene_sex", observed=True)["log2_high"].mean()
    for line, sex in ((ax.axvline, sexes[0]), (ax.axhline, sexes[1])):
        if np.isfinite(high[sex]):
            line(high[sex], color=QUIET, linewidth=0.7, linestyle=":", zorder=0)
    unit = "log2(CPM + 1)" if inputs.study.scale == "counts" else "log2"
    ax.set_xlabel(wrapped(_axis_name(levels, sexes[0], unit), 60))
    ax.set_ylabel(wrapped(_axis_name(levels, sexes[1], unit), 60))
    ax.margins(0.1)


def _axis_name(levels: pd.DataFrame, sex: str, unit: str) -> str:
    symbols = list(dict.fromkeys(levels.loc[levels["gene_sex"] == sex, "gene_symbol"]))
    text = ", ".join(symbols) if len(symbols) < 4 else f"{', '.join(symbols[:3])} and {len(symbols) - 3} more"
    return f"{'Mean of ' if len(symbols) > 1 else ''}{text}, {unit}"


FAMILY = Family(
    "sex_check",
    "sex-linked genes against the recorded sex",
    draw,
    kind="scatter plot of sex-linked genes",
    reads=("study.h5ad",),
    made="mean log2 values of the sex-linked genes of either sex, per sample",
    of_samples=True,
)
