"""Declared gene sets over all questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DIVERGING, DOUBLE, QUIET, SINGLE, SIZE_SMALL, paper
from dermshift.figures.words import caution, change, percent, plain
from dermshift.figures.wrapping import shorten
from dermshift.set_tables import MORE, MOVED, NO_TEST, side_by_side
from dermshift.set_tables import declared as declared_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import Card, FigureInputs

COLUMNS = [
    "question", "title", "kind", "set_name", "n_tested", "mean_change", "fry_p", "fry_fdr", "camera_p", "camera_fdr",
    "flips_p", "flips_floor", "verdict",
]  # fmt: skip
NOT_ACTIVITY = "That a process is more or less active: transcripts are not activity, and a flat set is no evidence."
METHODS = "Moves: fry, which allows for genes that go together. More than other genes: camera besides."
SMALLEST = 1e-4
"""p below this is drawn as large as this."""


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one dot plot, where any question has gene sets."""
    if inputs.sets:
        with paper():
            yield _dots(inputs)


def declared(inputs: FigureInputs, card: Card) -> pd.DataFrame:
    """Return what every method says of the declared sets of a question, index set name."""
    return side_by_side(declared_only(inputs.sets[card["id"]]), inputs.alpha)


def _frame(inputs: FigureInputs) -> pd.DataFrame:
    parts = [
        declared(inputs, card).reset_index().assign(question=card["id"], title=card["title"], kind=card["kind"])
        for card in sorted(inputs.cards, key=lambda card: card["kind"] == "difference")
        if card["id"] in inputs.sets
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def _area(p: float) -> float:
    """Return the area of a dot, pt^2."""
    return float(8 + 26 * -np.log10(min(max(p, SMALLEST), 1.0)))


def _dots(inputs: FigureInputs) -> Figure:
    frame = _frame(inputs)
    names, questions = list(dict.fromkeys(frame["set_name"])), list(dict.fromkeys(frame["question"]))
    page = new_page(
        SINGLE if len(questions) < 4 else DOUBLE,
        (58 if len(questions) > 1 else 24) + 6.5 * max(len(names), 2),
        title=f"Declared gene sets: {change(inputs)}",
        lines=[
            f"{METHODS} FDR {percent(inputs.alpha)} within the question.",
            "Positive = higher after. In brackets: patients with complete pairs",
        ],
        notes=[f"Transcripts of the sets' genes, not the process itself. {caution(inputs)}"],
        synthetic=inputs.study.synthetic,
        key=_key() if len(frame) else (),
        key_columns=3,
    )
    ax = page.add_subplot()
    if len(frame):
        _panel(ax, frame, names, questions, inputs)
    else:
        say(ax, "No declared gene set was tested.")
    settle(page)
    passing = frame[frame["verdict"].isin([MOVED, MORE])]
    more = int((frame["verdict"] == MORE).sum())
    moved = f"move at FDR {percent(inputs.alpha)}, {more} of them more than other genes"
    claim = {
        "question": "Do the genes of the declared sets move together?",
        "shows": f"{len(passing)} of {len(frame)} declared set and question pairs {moved}.",
        "does_not_show": NOT_ACTIVITY,
        "n": "; ".join(
            f"{card['title']}: {card['n_pairs']} patients" for card in inputs.cards if card["id"] in questions
        ),
        "caution": f"{METHODS} {caution(inputs)}",
    }
    return Figure("enrichment", page, frame, claim, tuple(questions))


def _key() -> list[Line2D]:
    from matplotlib.lines import Line2D

    base: dict[str, Any] = {"linestyle": "none", "marker": "o", "mfc": "#DDDDDD"}
    handles = [Line2D([], [], ms=_area(p) ** 0.5, mec="none", label=f"fry p {p:g}", **base) for p in (0.5, 0.05, 0.001)]
    handles.append(Line2D([], [], ms=7, mec="black", mew=1.2, label="moves", **base))
    dot: dict[str, Any] = {"linestyle": "none", "marker": "o", "color": "black"}
    handles.append(Line2D([], [], ms=2.5, label="dot inside: more than other genes", **dot))
    handles.append(Line2D([], [], ms=4, linestyle="none", marker="x", color=QUIET, label="not tested"))
    return handles


def _panel(ax: Axes, frame: pd.DataFrame, names: list[str], questions: list[str], inputs: FigureInputs) -> None:
    x = frame["question"].map({name: place for place, name in enumerate(questions)}).to_numpy(float)
    y = frame["set_name"].map({name: place for place, name in enumerate(names)}).to_numpy(float)
    value = frame["mean_change"].to_numpy(float)
    known = ((frame["verdict"] != NO_TEST) & np.isfinite(value)).to_numpy()
    limit = max(0.3, float(np.abs(value[known]).max())) if known.any() else 0.3
    moves = frame["verdict"].isin([MOVED, MORE]).to_numpy()[known]
    dots = ax.scatter(
        x[known], y[known], s=[_area(p) for p in frame["fry_p"][known]], c=value[known], cmap=DIVERGING, vmin=-limit,
        vmax=limit, edgecolors=["black" if one else "#BBBBBB" for one in moves],
        linewidths=[1.2 if one else 0.4 for one in moves], zorder=3,
    )  # fmt: skip
    more = (frame["verdict"] == MORE).to_numpy()
    ax.scatter(x[more], y[more], s=5, color="black", zorder=4)
    ax.scatter(x[~known], y[~known], s=14, marker="x", color=QUIET, linewidths=0.8)
    _names(ax, frame, names, questions, inputs)
    _part(ax, list(frame.drop_duplicates("question")["kind"]))
    bar = ax.figure.colorbar(dots, ax=ax, shrink=0.7, aspect=14, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label("Mean change of the\nset's genes (log2)")


def _names(ax: Axes, frame: pd.DataFrame, names: list[str], questions: list[str], inputs: FigureInputs) -> None:
    patients = {card["id"]: card["n_pairs"] for card in inputs.cards}
    titles = [
        f"{shorten(title, 52, SIZE_SMALL)} ({patients[question]})"
        for question, title in dict(zip(frame["question"], frame["title"], strict=True)).items()
    ]
    ax.set_xticks(range(len(questions)), titles)
    if len(questions) > 1:
        for tick in ax.get_xticklabels():
            tick.set(rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), [shorten(plain(name), 48, SIZE_SMALL) for name in names])
    ax.set(xlim=(-0.6, len(questions) - 0.4), ylim=(len(names) - 0.4, -0.6))
    ax.grid(color="#EEEEEE", linewidth=0.6)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def _part(ax: Axes, kinds: list[str]) -> None:
    """Part responses from differences, and name both."""
    last = kinds.index("difference") if "difference" in kinds else len(kinds)
    if 0 < last < len(kinds):
        ax.axvline(last - 0.5, color=QUIET, linewidth=0.8)
    for start, end, name in ((0, last, "change"), (last, len(kinds), "difference of changes")):
        if start < end:
            top = ax.get_xaxis_transform()
            ax.text((start + end - 1) / 2, 1.02, name, transform=top, ha="center", va="bottom", color=QUIET)


FAMILY = Family(
    "enrichment",
    "declared gene sets over all questions",
    draw,
    kind="dot plot of gene sets by questions",
    reads=("tables/QUESTION.sets.tsv",),
    made="declared gene sets of the questions' tables of sets",
    sets=("fry", "camera"),
)
