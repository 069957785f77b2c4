"""Sex-linked genes against the recorded sex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.figures.base import Figure
from dermshift.figures.labels import label_points
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import PALE, QUIET, SINGLE, colours, paper
from dermshift.figures.words import everyone, plain
from dermshift.names import SEX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

UNSURE = "indeterminate"


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
        82,
        title="Sex-linked genes and recorded sex",
        lines=[everyone(inputs)],
        notes=[_limits_note(levels), "An expression pattern is not a recorded sex; labels are never changed by it."],
        synthetic=inputs.study.synthetic,
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
    frame["pattern"] = pattern(levels, sexes).reindex(frame.index)
    recorded = inputs.study.sheet[SEX].astype(str) if SEX in inputs.study.sheet else ""
    frame["recorded"] = recorded
    wrong = frame["pattern"].isin(sexes) & frame["recorded"].isin(sexes) & (frame["pattern"] != frame["recorded"])
    unsure = frame["pattern"] == UNSURE
    frame["verdict"] = np.where(wrong, "discordant", np.where(unsure, UNSURE, "concordant"))
    if SEX not in inputs.study.sheet:
        frame["verdict"] = "not recorded"
    frame["label"] = np.where(wrong, frame.index, "")
    frame["configured"] = wrong
    return frame.rename_axis("sample").reset_index()


def pattern(levels: pd.DataFrame, sexes: list[str]) -> pd.Series:
    """Return per sample the sex whose genes are all at or above their upper limit and the other's all below the lower one.

    Limits that are missing (a gene without a lower limit, a log2 study) decide nothing by themselves; without any limit every sample is
    indeterminate.
    """
    above = levels["log2_level"] >= levels["log2_high"]
    below = (levels["log2_level"] < levels["log2_low"]) | levels["log2_low"].isna()
    flags = levels[["sample", "gene_sex"]].assign(above=above, below=below)
    agreed = flags.groupby(["sample", "gene_sex"], observed=True)[["above", "below"]].all().unstack("gene_sex")
    result = pd.Series(UNSURE, index=agreed.index)
    for sex, other in (sexes, sexes[::-1]):
        result[agreed[("above", sex)] & agreed[("below", other)]] = sex
    return result


def _shows(frame: pd.DataFrame) -> str:
    if not len(frame):
        return "Nothing: the sex-linked genes of one sex are not in the matrix."
    if (frame["verdict"] == "not recorded").all():
        found = ", ".join(f"{n} {name}" for name, n in frame["pattern"].value_counts().sort_index().items())
        return f"No sex is recorded; by expression: {found}."
    number = frame["verdict"].value_counts()
    names = ", ".join(frame.loc[frame["verdict"] == "discordant", "sample"])
    text = f"{number.get('concordant', 0)} concordant, {number.get('discordant', 0)} discordant, "
    return f"{text}{number.get(UNSURE, 0)} indeterminate" + (f"; discordant: {names}." if names else ".")


def _limits_note(levels: pd.DataFrame) -> str:
    if levels["log2_high"].notna().any():
        return "Dotted: mean of the genes' upper limits; a sample is judged gene by gene."
    return "No limits apply on this scale: patterns are shown, not judged."


def _panel(ax: Axes, frame: pd.DataFrame, levels: pd.DataFrame, sexes: list[str], inputs: FigureInputs) -> None:
    palette = colours(inputs.study.levels(SEX), sexes=True)
    for recorded, part in frame.groupby("recorded"):
        name = plain(recorded) if recorded else "sex not recorded"
        colour = palette.get(str(recorded), PALE)
        ax.scatter(part["x"], part["y"], s=16, color=colour, alpha=0.85, linewidths=0, label=f"{name}: {len(part)}")
    wrong = frame[frame["verdict"] == "discordant"]
    if len(wrong):
        ax.scatter(
            wrong["x"], wrong["y"], s=48, facecolors="none", edgecolors="black", label=f"discordant: {len(wrong)}"
        )
    high = levels.groupby("gene_sex", observed=True)["log2_high"].mean()
    for line, sex in ((ax.axvline, sexes[0]), (ax.axhline, sexes[1])):
        if np.isfinite(high[sex]):
            line(high[sex], color=QUIET, linewidth=0.7, linestyle=":", zorder=0)
    unit = "log2(CPM + 1)" if inputs.study.scale == "counts" else "log2"
    ax.set_xlabel(_axis_name(levels, sexes[0], unit))
    ax.set_ylabel(_axis_name(levels, sexes[1], unit))
    ax.margins(0.1)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=3)


def _axis_name(levels: pd.DataFrame, sex: str, unit: str) -> str:
    symbols = list(dict.fromkeys(levels.loc[levels["gene_sex"] == sex, "gene_symbol"]))
    text = ", ".join(symbols) if len(symbols) < 4 else f"{', '.join(symbols[:3])} and {len(symbols) - 3} more"
    return f"{'Mean of ' if len(symbols) > 1 else ''}{text}, {unit}"
