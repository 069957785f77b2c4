"""Declared gene sets over all questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures.base import Figure
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DIVERGING, DOUBLE, QUIET, SINGLE, SIZE_SMALL, paper
from dermshift.figures.words import EXPLORATORY, caution, change, percent, plain
from dermshift.figures.wrapping import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import FigureInputs

COLUMNS = [
    "question",
    "title",
    "kind",
    "set_name",
    "n_tested",
    "normalised_enrichment_score",
    "p_value",
    "fdr",
    "status",
]
NOT_ACTIVITY = "That a process is more or less active: transcripts are not activity, and a flat set is no evidence."
SIZES = (10, 30, 100)


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one dot plot, where any question has gene sets."""
    if inputs.sets:
        with paper():
            yield _dots(inputs)


def declared(table: pd.DataFrame) -> pd.DataFrame:
    """Return the declared sets of a table, tested by prerank."""
    return table[(table["family"] == "declared") & (table["method"] == "prerank")]


def _frame(inputs: FigureInputs) -> pd.DataFrame:
    parts = [
        declared(inputs.sets[card["id"]]).assign(question=card["id"], title=card["title"], kind=card["kind"])
        for card in sorted(inputs.cards, key=lambda card: card["kind"] == "difference")
        if card["id"] in inputs.sets
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS] if parts else pd.DataFrame(columns=COLUMNS)


def _area(n: float) -> float:
    """Return the area of a dot, pt^2."""
    return 20 + 1.2 * min(float(n), 150.0)


def _dots(inputs: FigureInputs) -> Figure:
    frame = _frame(inputs)
    names, questions = list(dict.fromkeys(frame["set_name"])), list(dict.fromkeys(frame["question"]))
    page = new_page(
        SINGLE if len(questions) < 4 else DOUBLE,
        (58 if len(questions) > 1 else 24) + 6.0 * max(len(names), 2),
        title=f"Declared gene sets: {change(inputs)}",
        lines=[
            "prerank; normalised enrichment score, positive = the set's genes rank high",
            "In brackets: patients with complete pairs",
        ],
        notes=[EXPLORATORY, f"Transcripts of the sets' genes, not the process itself. {caution(inputs)}"],
        synthetic=inputs.study.synthetic,
        key=_key(inputs) if len(frame) else (),
        key_columns=3 if len(questions) < 4 else 6,
    )
    ax = page.add_subplot()
    if len(frame):
        _panel(ax, frame, names, questions, inputs)
    else:
        say(ax, "No declared gene set was tested.")
    settle(page)
    passing = frame[frame["fdr"] < inputs.alpha]
    claim = {
        "question": "Do the genes of the declared sets move together?",
        "shows": f"{len(passing)} of {len(frame)} declared set and question pairs pass FDR {percent(inputs.alpha)}.",
        "does_not_show": NOT_ACTIVITY,
        "n": "; ".join(
            f"{card['title']}: {card['n_pairs']} patients" for card in inputs.cards if card["id"] in questions
        ),
        "caution": f"{EXPLORATORY} {caution(inputs)}",
    }
    return Figure("enrichment", page, frame, claim)


def _key(inputs: FigureInputs) -> list[Line2D]:
    from matplotlib.lines import Line2D

    base: dict[str, Any] = {"linestyle": "none", "marker": "o", "mfc": "#DDDDDD"}
    handles = [Line2D([], [], ms=_area(n) ** 0.5, mec="none", label=f"{n} genes tested", **base) for n in SIZES]
    handles.append(Line2D([], [], ms=6, mec="black", mew=1.2, label=f"FDR < {percent(inputs.alpha)}", **base))
    handles.append(Line2D([], [], ms=4, linestyle="none", marker="x", color=QUIET, label="not tested (size)"))
    return handles


def _panel(ax: Axes, frame: pd.DataFrame, names: list[str], questions: list[str], inputs: FigureInputs) -> None:
    x = frame["question"].map({name: place for place, name in enumerate(questions)}).to_numpy(float)
    y = frame["set_name"].map({name: place for place, name in enumerate(names)}).to_numpy(float)
    score = frame["normalised_enrichment_score"].to_numpy(float)
    known = np.isfinite(score)
    limit = max(2.0, float(np.abs(score[known]).max())) if known.any() else 2.0
    edge = np.where(frame["fdr"] < inputs.alpha, "black", "#BBBBBB")[known]
    dots = ax.scatter(
        x[known],
        y[known],
        s=[_area(n) for n in frame["n_tested"][known]],
        c=score[known],
        cmap=DIVERGING,
        vmin=-limit,
        vmax=limit,
        edgecolors=list(edge),
        linewidths=[1.2 if colour == "black" else 0.4 for colour in edge],
        zorder=3,
    )
    ax.scatter(x[~known], y[~known], s=14, marker="x", color=QUIET, linewidths=0.8)
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
    _part(ax, list(frame.drop_duplicates("question")["kind"]))
    bar = ax.figure.colorbar(dots, ax=ax, shrink=0.7, aspect=14, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label("Normalised\nenrichment score")


def _part(ax: Axes, kinds: list[str]) -> None:
    """Part responses from differences, and name both."""
    last = kinds.index("difference") if "difference" in kinds else len(kinds)
    if 0 < last < len(kinds):
        ax.axvline(last - 0.5, color=QUIET, linewidth=0.8)
    for start, end, name in ((0, last, "change"), (last, len(kinds), "difference of changes")):
        if start < end:
            top = ax.get_xaxis_transform()
            ax.text((start + end - 1) / 2, 1.02, name, transform=top, ha="center", va="bottom", color=QUIET)
