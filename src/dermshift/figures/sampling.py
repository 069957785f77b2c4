"""The design picture: who was sampled when and where, what is missing, and who enters which question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.checks.finding import counted
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import key_dot, words_beside
from dermshift.figures.page import new_page, settle
from dermshift.figures.samples import fills, tinted, visit_handles
from dermshift.figures.sampling_frame import COLUMNS, MISSING, NOT_USED, USED, complete, frame_of, left_out_of
from dermshift.figures.sampling_frame import visits as visits_of
from dermshift.figures.style import DOUBLE, INK, PALE, QUIET, SINGLE, SIZE_SMALL, paper
from dermshift.figures.words import caution, everyone, plain
from dermshift.figures.wrapping import shorten
from dermshift.names import COMPARTMENT, PATIENT, SEX
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

ROW = 4.0
"""Height of a patient, mm."""
NAMES, PAIRS, LEFT_OUT = 22.0, 15.0, 25.0
"""Room for the names of the patients and for the words beside the panels, mm."""
MARK: dict[str, Any] = {"linestyle": "none", "ms": 4.6, "mew": 0.9}
GONE: dict[str, Any] = {"marker": "x", "color": QUIET, "ms": 4.2, "mew": 1.0}
"""How a sample that is not there looks."""


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure of the whole study."""
    with paper():
        yield _figure(inputs)


def _figure(inputs: FigureInputs) -> Figure:
    frame = frame_of(inputs.study, inputs.cards)
    rows, headings = _lines(frame)
    places = list(dict.fromkeys(frame[COMPARTMENT]))
    gone = left_out_of(inputs.cards)
    rows = rows.assign(
        pairs=rows[PATIENT].map(complete(frame)), out=[gone.get(patient, "") for patient in rows[PATIENT]]
    )
    beside = {"pairs": ("Pairs", PAIRS)} | ({"out": ("Left out of", LEFT_OUT)} if rows["out"].any() else {})
    words = sum(width for _, width in beside.values())
    wide = DOUBLE if len(places) > 1 else SINGLE
    panel = (wide - NAMES - words) / len(places)
    upright = _too_wide(inputs, panel)
    page = new_page(
        wide,
        (24 if upright else 15) + ROW * (float(rows["line"].max()) + 1.6),
        title="Who was sampled, when and where",
        lines=[everyone(inputs), _shows(frame)],
        notes=[
            "A line joins samples that are compared within a patient. Pairs: complete pairs of the patient.",
            caution(inputs),
        ],
        synthetic=inputs.study.synthetic,
        key=_key(inputs, frame),
        key_columns=8,
    )
    axes = page.subplots(1, len(places) + 1, squeeze=False, width_ratios=[*[1.0] * len(places), words / panel])[0]
    for ax, place in zip(axes[:-1], places, strict=True):
        part = frame[frame[COMPARTMENT] == place]
        _panel(ax, part.merge(rows[[PATIENT, "line"]], on=PATIENT), inputs)
        ax.tick_params(axis="x", rotation=90 if upright else 0)
        ax.set_title(_title(part, place, panel - 3), fontsize=SIZE_SMALL, pad=3)
    _names(axes, rows, headings)
    words_beside(axes[-1], rows, beside, axes[0])
    settle(page)
    claim = {
        "question": "Who was sampled when and where, and who enters the questions?",
        "shows": _shows(frame),
        "does_not_show": "Why a sample is missing, and whether those who are left out differ from the others.",
        "n": everyone(inputs),
        "caution": caution(inputs),
    }
    return Figure("sampling", page, frame[COLUMNS], claim, tuple(card["id"] for card in inputs.cards))


def _lines(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[float, str]]:
    """Return one row per patient with its height, sex by sex, and the heights of the sexes."""
    patients = frame.drop_duplicates(PATIENT)[[PATIENT, SEX]]
    headings: dict[float, str] = {}
    line, parts = 0.0, []
    for sex, part in patients.groupby(SEX, sort=True):
        if sex:
            headings[line] = f"{plain(sex)} ({len(part)})"
        line += 1
        parts.append(part.assign(line=[line + place for place in range(len(part))]))
        line += len(part) + 0.4
    return pd.concat(parts, ignore_index=True), headings


def _names(axes: Any, rows: pd.DataFrame, headings: dict[float, str]) -> None:
    """Name the patients left of the first panel."""
    names = [shorten(str(name), 28, SIZE_SMALL) for name in rows[PATIENT]]
    for ax in axes[:-1]:
        ax.set_yticks([*headings, *rows["line"]], [])
        ax.set_ylim(float(rows["line"].max()) + 0.7, -0.8)
        ax.tick_params(axis="y", length=0)
    axes[0].set_yticks([*headings, *rows["line"]], [*headings.values(), *names], fontsize=SIZE_SMALL)
    for place, tick in enumerate(axes[0].get_yticklabels()):
        tick.set(fontweight="bold" if place < len(headings) else "normal")


def _title(part: pd.DataFrame, place: str, width: float) -> str:
    """Return the name of the compartment, and e.g. ``11 of 12 pairs`` below it."""
    pairs = f"{_whole(part)} pairs"
    return f"{shorten(plain(place), width, SIZE_SMALL)}\n{pairs}" if place else pairs


def _whole(frame: pd.DataFrame) -> str:
    """Return how many pairs of all patients are complete, e.g. ``11 of 12``."""
    counts = complete(frame).str.split(" of ", expand=True).astype(int).sum()
    return f"{counts[0]} of {counts[1]}"


def _too_wide(inputs: FigureInputs, panel: float) -> bool:
    """Tell whether the names of the visits need to stand upright in a panel of `panel` mm."""
    from dermshift.figures.paper import text_width

    names = [plain(visit) for visit in visits_of(inputs.study)]
    return max(text_width(name, SIZE_SMALL) for name in names) + 2 > (panel - 3) / len(names)


def _panel(ax: Axes, part: pd.DataFrame, inputs: FigureInputs) -> None:
    """Draw the samples of one compartment."""
    from matplotlib.colors import to_rgb

    visits, filled = visits_of(inputs.study), fills(inputs.study)
    palette = colours(inputs.study.levels(SEX), sexes=True)
    for _, own in part.groupby(PATIENT, sort=False):
        there = [
            (visits.index(row["timepoint"]), row["line"]) for row in own.to_dict("records") if row["state"] == USED
        ]
        if len(there) > 1:
            ax.plot(*zip(*there, strict=True), color=PALE, linewidth=1.0, zorder=1)
    for row in part.to_dict("records"):
        x, colour = visits.index(row["timepoint"]), palette.get(row[SEX], INK)
        if row["state"] == MISSING:
            ax.plot(x, row["line"], zorder=3, **GONE)
            continue
        own_colour = colour if row["state"] == USED else PALE
        face = tinted(np.array(to_rgb(own_colour)), filled.get(row["timepoint"], 1.0))
        ax.plot(x, row["line"], marker="o", mec=own_colour, mfc=tuple(face), zorder=3, **MARK)
    ax.set_xticks(range(len(visits)), [shorten(plain(visit), 18, SIZE_SMALL) for visit in visits])
    ax.set_xlim(-0.5, len(visits) - 0.5)
    ax.spines["left"].set_visible(False)


def _key(inputs: FigureInputs, frame: pd.DataFrame) -> list[Any]:
    palette, states = colours(inputs.study.levels(SEX), sexes=True), set(frame["state"])
    handles = [key_dot(plain(sex), colour, ms=4.6) for sex, colour in palette.items()]
    handles += visit_handles(inputs.study)
    handles += [key_dot("in no question", PALE, ms=4.6)] if NOT_USED in states else []
    gone = {"marker": GONE["marker"], "mew": GONE["mew"]}
    return handles + ([key_dot("missing", QUIET, **gone)] if MISSING in states else [])


def _shows(frame: pd.DataFrame) -> str:
    """Return how many pairs are complete, and what is missing or unused."""
    found = frame["state"].value_counts()
    missing, unused = int(found.get(MISSING, 0)), int(found.get(NOT_USED, 0))
    said = [f"{_whole(frame)} pairs are complete"]
    said += [f"{counted(missing, 'sample')} {'is' if missing == 1 else 'are'} missing"] if missing else []
    said += [f"{counted(unused, 'sample')} {'enters' if unused == 1 else 'enter'} no question"] if unused else []
    return f"{'; '.join(said)}."


FAMILY = Family(
    "sampling",
    "who was sampled when and where, and what is missing",
    draw,
    kind="chart of samples, one row per patient",
    reads=("study.h5ad", "designs.json"),
    made="samples of the sample sheet, and the pairs the models of the questions use",
    of_samples=True,
)
